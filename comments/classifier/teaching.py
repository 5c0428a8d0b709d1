"""Learning from labelled lines of a file: all of them or none, and each line once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from comments import clinic
from comments.classifier import counts
from comments.classifier.features import features
from comments.classifier.learning import codes_to_learn
from comments.classifier.model import Counts
from comments.classifier.models import LearnedLine
from comments.labelled import Labelled
from ketablog import site

SIZE = 500


@dataclass(frozen=True, slots=True)
class Taught:
    """How many lines: learned as spam and as ham, of these with another label than before, and known already."""

    spam: int
    ham: int
    corrected: int
    known: int


def teach(lines: Iterable[Labelled]) -> Taught:
    """Learn what is new of these lines. Of a text with two labels the last one holds."""
    wanted = {_code_of(line): line for line in lines}
    own = clinic.known(site.current())
    spam: Counter[int] = Counter()
    ham: Counter[int] = Counter()
    learned = Counter[bool]()
    corrected = 0
    with transaction.atomic():
        # The row of the replies first, as all who learn do.
        counts.add({}, Counts())
        before = _labels(list(wanted))
        for code, line in wanted.items():
            if before.get(code) == line.is_spam:
                continue
            codes = codes_to_learn(features(line.written, own))
            if code in before:
                corrected += 1
                counts.take_away(codes, is_spam=not line.is_spam)
            (spam if line.is_spam else ham).update(codes)
            learned[line.is_spam] += 1
        counts.add({code: Counts(spam[code], ham[code]) for code in spam | ham}, Counts(learned[True], learned[False]))
        LearnedLine.objects.bulk_create(
            [LearnedLine(code=code, is_spam=line.is_spam) for code, line in wanted.items()],
            batch_size=SIZE,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["is_spam"],
        )
    return Taught(learned[True], learned[False], corrected, len(wanted) - learned.total())


def _code_of(line: Labelled) -> int:
    """The same for the same text, name and website, whatever the label."""
    return counts.code_of("\0".join((line.text, line.name, line.website)), purpose="learned-line")


def _labels(codes: list[int]) -> dict[int, bool]:
    found: dict[int, bool] = {}
    for start in range(0, len(codes), SIZE):
        rows = LearnedLine.objects.filter(code__in=codes[start : start + SIZE])
        found.update(rows.values_list("code", "is_spam"))
    return found
