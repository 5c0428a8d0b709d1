"""What a reader typed into the search, as phrases to look for. Any text is a query; none is an error."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ketablog.markup import one_line
from posts.search.folding import composed, words

LONGEST = 200  # Characters.
MOST_WORDS = 30
SHORTEST_BEGINNING = 2
QUOTES = '"“”„«»'
# “Quoted words”, in the quotation marks that people type, or what stands between spaces.
PIECE = re.compile(rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]?|[^\s{QUOTES}]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words that stand side by side; where it `is_open`, the last one is the beginning of a word."""

    words: tuple[str, ...]
    is_open: bool = False

    def begins(self, folded: Sequence[str], place: int) -> bool:
        """Whether it stands in these words, beginning there."""
        last = place + len(self.words) - 1
        if last >= len(folded) or tuple(folded[place:last]) != self.words[:-1]:
            return False
        return folded[last].startswith(self.words[-1]) if self.is_open else folded[last] == self.words[-1]


@dataclass(frozen=True, slots=True)
class Query:
    """`typed` is one line of visible characters; what was typed beyond `LONGEST` was cut."""

    typed: str
    phrases: tuple[Phrase, ...]
    was_cut: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for phrase in self.phrases for word in phrase.words)


def read(text: str) -> Query:
    """The query in any text. It has no phrases where there is no letter and no digit."""
    line = composed(one_line(text[: LONGEST * 10]))
    typed = line[:LONGEST].rstrip()
    pieces = [(piece[0], tuple(word.folded for word in words(piece[0]))) for piece in PIECE.finditer(typed)]
    pieces = [(piece, found) for piece, found in pieces if found]
    phrases: list[Phrase] = []
    left = MOST_WORDS
    for number, (piece, found) in enumerate(pieces, start=1):
        may_go_on = number == len(pieces) and piece[-1] not in QUOTES and len(found[-1]) >= SHORTEST_BEGINNING
        if found[:left]:
            phrases.append(Phrase(found[:left], is_open=may_go_on))
        left = max(0, left - len(found))
    too_many = sum(len(found) for _piece, found in pieces) > MOST_WORDS
    return Query(typed, tuple(dict.fromkeys(phrases)), was_cut=too_many or len(typed) < len(line))
