"""Tables stand in a box of their own, which scrolls where they are wider than the text, also by key."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from ketablog.markup.tokens import Token, closes, end, inside, opens, put, start, words_of


def with_boxes(source: Iterable[Token]) -> Iterator[Token]:
    """Each table in its box, except tables in tables; the box is named by the caption, or by its number."""
    tokens = list(source)
    number = depth = 0
    for place, token in enumerate(tokens):
        if opens(token, "table"):
            depth += 1
            if depth == 1:
                number += 1
                yield _box(number, _caption(inside(tokens, place)))
        yield token
        if closes(token, "table"):
            depth -= 1
            if depth == 0:
                yield end("div")


def _box(number: int, caption: Token | None) -> Token:
    if caption is None:
        label = {"aria_label": _("Table %(number)s") % {"number": number}}
    else:
        put(caption, "id", f"table-{number}")
        label = {"aria_labelledby": f"table-{number}"}
    return start("div", class_="table-box", tabindex="0", role="region", **label)


def _caption(content: list[Token]) -> Token | None:
    """The start of the table's own caption, if it has words."""
    depth = 0
    for place, token in enumerate(content):
        if depth == 0 and opens(token, "caption") and words_of(inside(content, place)).strip():
            return token
        depth += (token["type"] == "StartTag") - (token["type"] == "EndTag")
    return None
