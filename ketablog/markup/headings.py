"""Headings that can be linked to, and the list of them."""

import unicodedata
from collections.abc import Iterable, Iterator

from ketablog.markup.marks import without_marks
from ketablog.markup.tokens import Token, inside, opens, put, with_ancestors, words_of
from ketablog.markup.words import one_line

PREFIX = "s"  # No other id of a page begins with "s-".
LONGEST = 60


class Anchors:
    """Ids made from titles, each given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def new(self, title: str) -> str:
        """An id with the letters and digits of the title, in any script."""
        letters = "".join(
            character if unicodedata.category(character)[0] in "LMN" else " "
            for character in unicodedata.normalize("NFKC", title).lower()
        )
        wanted = "-".join([PREFIX, *letters[:LONGEST].split()])
        number = self._last.get(wanted, 0) + 1
        while (anchor := wanted if number == 1 else f"{wanted}-{number}") in self._taken:
            number += 1
        self._last[wanted] = number
        self._taken.add(anchor)
        return anchor


def with_anchors(source: Iterable[Token], contents: list[dict[str, object]]) -> Iterator[Token]:
    """Each `h2` and `h3` with an id. Those that stand in nothing else are sections: `contents` gets their rows."""
    tokens = list(source)
    anchors = Anchors()
    for place, (token, ancestors) in enumerate(with_ancestors(tokens)):
        if opens(token, "h2", "h3"):
            title = one_line(without_marks(words_of(inside(tokens, place))))
            if title:
                anchor = anchors.new(title)
                put(token, "id", anchor)
                if not ancestors:
                    contents.append({"id": anchor, "title": title, "level": int(token["name"][1])})
        yield token
