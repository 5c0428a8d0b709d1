"""The score of a reply: from what is shipped, and what was learned here since."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from comments.classifier.themes import is_medical

FILE = Path(__file__).with_name("model.tsv")
PRIOR = 50  # How many texts of each kind what is shipped counts for, against what was learned here.
LEAST = 0.3  # A word that is new to us counts as found so often, so that one reply alone decides little.
MOST = 3.0  # How far what was learned may move one feature.
WORDS = 6
FEW = 12  # Features of a very short text: fewer than these say less, whatever they are.


class Entry(NamedTuple):
    """What is known of a feature: its weight, and in how many texts of each kind it was found."""

    weight: float
    spam: int
    ham: int


class Counts(NamedTuple):
    """In how many texts of each kind, learned here, a feature was found, or how many there are."""

    spam: int = 0
    ham: int = 0


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned here of the features of one reply."""

    total: Counts = field(default_factory=Counts)
    features: Mapping[str, Counts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """How much a reply reads like spam, and the features that say so, the strongest first."""

    value: float
    strongest: list[str]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and counts of features. From `hold` on a person looks at a reply; from `spam` on it is spam."""

    entries: Mapping[str, Entry]
    bias: float
    spam_texts: int
    ham_texts: int
    hold: float = 0.0
    spam: float = 0.0

    def score(self, features: Mapping[str, bool], learned: Learned = Learned()) -> Score:
        """The score of these features. Each adds its part; so that a long text is not judged by its length, the sum
        is divided by the root of their number."""
        parts: dict[str, float] = {}
        for feature in features:
            entry = self.entries.get(feature)
            counts = learned.features.get(feature)
            if entry or counts:
                shipped = entry.weight if entry else 0.0
                part = shipped + (self._moved(entry, counts, learned.total) if counts else 0.0)
                parts[feature] = min(part, 0.0) if part > 0 and is_medical(feature) else part
        value = self.bias + sum(parts.values()) * scale(len(parts))
        return Score(value, sorted((name for name in parts if parts[name] > 0), key=lambda name: -parts[name]))

    def _moved(self, entry: Entry | None, counts: Counts, total: Counts) -> float:
        spam = _growth(counts.spam, total.spam, entry.spam if entry else 0, self.spam_texts)
        ham = _growth(counts.ham, total.ham, entry.ham if entry else 0, self.ham_texts)
        return max(-MOST, min(MOST, spam - ham))


def scale(number: int) -> float:
    """What the sum over so many features is multiplied by."""
    return 1 / math.sqrt(max(number, FEW))


def _growth(found: int, of: int, shipped: int, of_shipped: int) -> float:
    expected = max(PRIOR * shipped / of_shipped, LEAST)
    return math.log((found + expected) / expected) - math.log((of + PRIOR) / PRIOR)


def in_words(features: Iterable[str]) -> str:
    """The strongest words of a reply, for staff: words and hosts as they are, else what the reply is about."""
    said: list[str] = []
    about: list[str] = []
    for feature in features:
        kind, colon, rest = feature.partition(":")
        if colon and kind not in ("link", "website"):
            about.append(rest)
        elif not any((rest or feature) in other or other in (rest or feature) for other in said):
            said.append(rest or feature)
            if len(said) == WORDS:
                break
    return ", ".join((said or about)[:WORDS])


def write(model: Model, path: Path = FILE) -> None:
    """Store a model as lines of text: the first for the whole, then one a feature."""
    head = ("#", model.bias, model.spam_texts, model.ham_texts, model.hold, model.spam)
    lines = ["\t".join(f"{value:.4f}" if isinstance(value, float) else str(value) for value in head)]
    lines += [
        f"{feature}\t{entry.weight:g}\t{entry.spam}\t{entry.ham}" for feature, entry in sorted(model.entries.items())
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@cache
def shipped() -> Model:
    """The model in the package, read once a process."""
    with FILE.open(encoding="utf-8") as lines:
        _sign, bias, spam_texts, ham_texts, hold, spam = next(lines).rstrip("\n").split("\t")
        entries = {}
        for line in lines:
            feature, weight, in_spam, in_ham = line.rstrip("\n").split("\t")
            entries[feature] = Entry(float(weight), int(in_spam), int(in_ham))
    return Model(entries, float(bias), int(spam_texts), int(ham_texts), float(hold), float(spam))
