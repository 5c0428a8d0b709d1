"""Labelled texts: read from files, put into groups of near-duplicates, and dealt into folds."""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).parent / "data" / "replies.jsonl"
OWN_WEIGHT = 3  # Clinic replies are few, and what the filter is for.
ALIKE = 0.5  # Of the word triples that two texts have between them: shared by more, they are near-duplicates.


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    is_spam: bool
    source: str

    @property
    def family(self) -> str:
        """The source without its parts, as figures are given for it."""
        return self.source.partition(":")[0]

    @property
    def is_own(self) -> bool:
        return self.source.startswith("own")


def read(*paths: Path) -> list[Text]:
    """The texts of files with a line of JSON each."""
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [Text(row["text"], row["label"] == "spam", row["source"]) for row in rows]


def folds(texts: Sequence[Text], number: int, seed: int) -> list[list[int]]:
    """The numbers of the texts in so many lists, near-duplicates always in the same one."""
    groups = sorted(_groups([_triples(text.text) for text in texts]))
    random.Random(seed).shuffle(groups)  # noqa: S311 (no secret)
    return [[index for group in groups[start::number] for index in group] for start in range(number)]


def _triples(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[start : start + 3]) for start in range(max(1, len(words) - 2))}


def _groups(triples: list[set[str]]) -> list[list[int]]:
    leader = list(range(len(triples)))

    def find(index: int) -> int:
        while leader[index] != index:
            index = leader[index]
        return index

    having: dict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(triples):
        for other, shared in Counter(other for triple in own for other in having[triple]).items():
            if shared / (len(own) + len(triples[other]) - shared) >= ALIKE:
                leader[find(index)] = find(other)
        for triple in own:
            having[triple].append(index)
    groups: dict[int, list[int]] = defaultdict(list)
    for index in range(len(triples)):
        groups[find(index)].append(index)
    return list(groups.values())
