"""The passage of a text that says most of what was asked, with the words that were asked marked.

It is cut from the text as readers know it, in Python, so that it is the same whichever database found it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from posts.search.folding import LONGEST_WORD, composed, letters, words
from posts.search.queries import Phrase, Query

LONGEST = 260  # Characters.
BEFORE = 60  # Characters before the first match, at most.
FULL = 80  # A passage of so many is as good as any; a shorter one is a heading, or the cell of a table.
MOST_WINDOWS = 100
CUT = "…"


class Match(NamedTuple):
    """Where the phrase of this number stands in a text."""

    phrase: int
    start: int
    end: int


def mark(text: str, query: Query) -> SafeString:
    """The text, escaped, with what was asked in `<mark>`."""
    text = composed(text)
    return _marked(text, 0, len(text), matches(text, query))


def extract(passages: Iterable[str], query: Query) -> SafeString:
    """The best passage, cut where it is long: the one with most of what was asked, and of such ones the first."""
    best, best_worth, best_matches = "", (0, False), list[Match]()
    for passage in map(composed, passages):
        if best_worth == (len(query.phrases), True):
            break  # None can say more.
        found = matches(passage, query)
        worth = (_densest(found)[0], bool(found) and len(passage) >= FULL)
        if worth > best_worth or not best:
            best, best_worth, best_matches = passage, worth, found
    start, end = _window(best, best_matches)
    return _marked(best, start, end, best_matches)


def matches(text: str, query: Query) -> list[Match]:
    """Where the phrases of a query stand in a `composed()` text, in order and never one in another."""
    if not query.phrases:
        return []
    if text.isascii():
        return _ascii_matches(text, query.phrases)
    return _any_matches(text, query)


def _ascii_matches(text: str, phrases: tuple[Phrase, ...]) -> list[Match]:
    """As `_any_matches()`, at a fifth of the price: most paragraphs of most sites."""
    pattern, numbers = _pattern(phrases)
    found = pattern.finditer(text.lower())
    return [Match(numbers[(match.lastindex or 1) - 1], *match.span()) for match in found]


@lru_cache(100)
def _pattern(phrases: tuple[Phrase, ...]) -> tuple[re.Pattern[str], list[int]]:
    """A pattern with a group for each phrase, and their numbers: longer ones first, and of equals the last."""
    numbers = sorted(range(len(phrases)), key=lambda number: (len(phrases[number].words), number), reverse=True)
    return re.compile(f"(?<![a-z0-9])(?:{'|'.join(_group(phrases[number]) for number in numbers)})"), numbers


def _group(phrase: Phrase) -> str:
    words = [word + ("[a-z0-9]*" if len(word) == LONGEST_WORD else "") for word in phrase.words]
    return f"({'[^a-z0-9]+'.join(words)}{'[a-z0-9]*' if phrase.is_open else '(?![a-z0-9])'})"


def _any_matches(text: str, query: Query) -> list[Match]:
    firsts = {phrase.words[0] for phrase in query.phrases}
    all_letters = letters(text)
    if not any(first in all_letters for first in firsts):
        return []  # Most paragraphs, at a tenth of the price.
    spans = list(words(text))
    folded = [word.folded for word in spans]
    numbered = list(enumerate(query.phrases))
    opening = tuple(phrase.words[0] for phrase in query.phrases if phrase.is_open and len(phrase.words) == 1)
    found: list[Match] = []
    place = 0
    while place < len(folded):
        length = 0
        if folded[place] in firsts or folded[place].startswith(opening):
            standing = [(len(phrase.words), number) for number, phrase in numbered if phrase.begins(folded, place)]
            length, number = max(standing, default=(0, 0))
            if length:
                found.append(Match(number, spans[place].start, spans[place + length - 1].end))
        place += length or 1
    return found


def _densest(found: list[Match]) -> tuple[int, int]:
    """How many phrases stand closest together, and the number of the match they begin with."""
    best = (0, 0)
    for first, match in enumerate(found[:MOST_WINDOWS]):
        near = {
            other.phrase for other in found[first : first + MOST_WINDOWS] if other.end - match.start <= LONGEST - BEFORE
        }
        best = max(best, (len(near), -first))
    return best[0], -best[1]


def _window(text: str, found: list[Match]) -> tuple[int, int]:
    """From where to where to show a text: whole words around what was asked."""
    if len(text) <= LONGEST:
        return 0, len(text)
    first = found[_densest(found)[1]].start if found else 0
    begun = first - BEFORE
    spans = list(words(text))
    start = next((word.start for word in spans if word.start >= begun), 0) if begun > 0 else 0
    end = min(len(text), start + LONGEST)
    if end < len(text):
        end = next((word.end for word in reversed(spans) if start < word.end <= end), end)
    return start, end


def _marked(text: str, start: int, end: int, found: list[Match]) -> SafeString:
    parts: list[str] = [CUT] if start else []
    place = start
    for match in found:
        if match.end <= start or match.start >= end:
            continue
        shown = slice(max(match.start, place), min(match.end, end))
        parts += [text[place : shown.start], format_html("<mark>{}</mark>", text[shown])]
        place = shown.stop
    parts += [text[place:end], CUT if end < len(text) else ""]
    return format_html_join("", "{}", ((part,) for part in parts))
