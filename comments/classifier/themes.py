"""What a word is about: lists of words in a data file, read once."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("themes.txt")
SHORTEST = 3  # Letters that a beginning of a word has at least.


@cache
def _lists() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    whole: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    theme = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if match := re.fullmatch(r"\[(\w+)\]", line):
            theme = match[1]
            continue
        for word in line.split():
            into = beginnings if word.endswith("*") else whole
            into.setdefault(word.rstrip("*").replace("_", " "), set()).add(theme)
    return _sorted(whole), _sorted(beginnings)


def _sorted(lists: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(sorted(themes)) for word, themes in lists.items()}


@cache
def _longest_beginning() -> int:
    return max(map(len, _lists()[1]))


def themes_of(word: str) -> Iterator[str]:
    """The themes of a word, or of two with a blank between, as `folding.bare` gives them."""
    whole, beginnings = _lists()
    yield from whole.get(word, ())
    if " " not in word:
        for length in range(SHORTEST, min(len(word), _longest_beginning()) + 1):
            yield from beginnings.get(word[:length], ())
