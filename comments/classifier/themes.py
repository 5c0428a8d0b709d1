"""What a word is about: lists of words in a data file, read once."""

import re
from functools import cache, lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("themes.txt")
MEDICAL = {"drugs", "illness", "care"}
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


@lru_cache(maxsize=50_000)
def themes_of(word: str) -> tuple[str, ...]:
    """The themes of a word, or of two with a blank between, as `folding.bare` gives them."""
    whole, beginnings = _lists()
    if " " in word:
        return whole.get(word, ())
    lengths = range(SHORTEST, min(len(word), _longest_beginning()) + 1)
    begun = (theme for length in lengths for theme in beginnings.get(word[:length], ()))
    return (*whole.get(word, ()), *begun)


@lru_cache(maxsize=50_000)
def is_medical(feature: str) -> bool:
    """Whether a feature is a medical word or such a theme, which is no sign of spam by itself, as readers are
    patients. A pair of words is none."""
    kind, colon, theme = feature.partition(":")
    if colon:
        return kind == "theme" and theme.split(" ")[0] in MEDICAL
    return " " not in feature and not MEDICAL.isdisjoint(themes_of(feature))
