"""A reply of the greatest length, made to keep a rule busy, is read as fast as any other."""

import itertools
import random
import time
from collections.abc import Callable

import pytest

from comments.classifier.features import Written, features
from comments.known import Known
from comments.redaction.parts import Parts
from comments.rules import advice, help, staff_guard

LENGTH = 10_000
# Far more than the slowest takes, and far less than what grows with the square of the length.
MOST_SECONDS = 2.0
SIGNS = ("a", "1", ".", "-", "@", "/", "(", " ", "!", "\u3316", "\ufdfa")
RUNS = ["".join(run) for run in itertools.product(SIGNS, repeat=2)] + [
    "a.-",
    "1.-",
    "A\u3316\u3316",
    ".1,",
    "$1,",
    "\n>",
]


def unknown_letters() -> str:
    draw = random.Random(1)  # noqa: S311 (no secret)
    words = ("".join(draw.choices("abcdefghilmnoprstuw", k=3)) for _each in range(LENGTH))
    return " ".join(f"{word[:2]}*{word[2]}" for word in words)[:LENGTH]


READERS: dict[str, Callable[[str], object]] = {
    "classifier": lambda text: features(Written(text, "Ann")),
    "help": lambda text: help.examine(text, "An article."),
    "personal data": lambda text: Parts.of("Ann", text, Known()).redacted(),
    "advice": advice.seek,
    "staff guard": staff_guard.find,
}


@pytest.mark.parametrize("reader", READERS)
def test_no_run_of_signs_keeps_a_rule_busy(reader):
    READERS[reader]("Once, as the first call reads its data.")

    for text in [*((run * LENGTH)[:LENGTH] for run in RUNS), unknown_letters()]:
        begun = time.process_time()
        READERS[reader](text)
        assert time.process_time() - begun < MOST_SECONDS, text[:20]
