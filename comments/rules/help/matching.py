"""Which signs stand in a text, once those are lowered that stand in a harmless neighborhood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from comments.models import Comment
from comments.rules.help.phrases import Phrase, engine
from comments.rules.help.reading import Read
from comments.rules.help.table import Hit

# Where another clause begins: a comma, or who is spoken of next.
CLAUSE = re.compile(r"[,;:()–—]|\b(?:i|i['’]?m|i['’]?ve|but|because|cause|cuz|so|yo|pero|porque|sino)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signal:
    """What in a text may be a cry for help: from `start` to before `end`, found by a phrase of this family."""

    family: str
    rank: Comment.HelpRank
    fragment: str
    start: int
    end: int
    version: int


def find(text: str) -> list[Signal]:
    """The signs in a text, the most urgent and then the first of them first; one for each family and place."""
    used = engine()
    words = used.reader.read(text)
    hits = used.table.find([word.keys for word in words])
    around = _Neighborhood([hit for hit in hits if _is_whole(hit, words, text)], len(words))
    found: dict[tuple[str, int], Signal] = {}
    for hit in hits:
        rank = Comment.HelpRank.NONE if hit.phrase.is_neighbor else around.rank(hit)
        if rank == Comment.HelpRank.NONE:
            continue
        start, end = words[hit.start].start, words[hit.end - 1].end
        signal = Signal(hit.phrase.family, rank, text[start:end], start, end, hit.phrase.version)
        known = found.get((signal.family, start))
        if known is None or (rank, end) > (known.rank, known.end):
            found[signal.family, start] = signal
    return sorted(found.values(), key=lambda signal: (-signal.rank, signal.start))


def _is_whole(hit: Hit[Phrase], words: Sequence[Read], text: str) -> bool:
    """Whether a neighbor that holds in its clause alone stays within one."""
    if not hit.phrase.in_clause:
        return True
    first, last = words[hit.start], words[hit.end - 1]
    return not CLAUSE.search(text, first.end, last.start)


class _Neighborhood:
    """How far each harmless neighborhood reaches from each word on, by the rank that it lowers to."""

    def __init__(self, hits: Iterable[Hit[Phrase]], words: int) -> None:
        self.reach: dict[Comment.HelpRank, list[int]] = {}
        for hit in hits:
            if hit.phrase.is_neighbor:
                ends = self.reach.setdefault(hit.phrase.rank, [0] * words)
                ends[hit.start] = max(ends[hit.start], hit.end)
        self.reach = {rank: list(accumulate(ends, max)) for rank, ends in self.reach.items()}

    def rank(self, hit: Hit[Phrase]) -> Comment.HelpRank:
        """That of the phrase, or the lowest of the neighborhoods that its last word stands in."""
        return min([hit.phrase.rank, *(rank for rank, ends in self.reach.items() if ends[hit.end - 1] >= hit.end)])
