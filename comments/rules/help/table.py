"""What an automaton knows, in rows of numbers: a fiftieth of what dicts and tuples of them take.

Every process of the site holds one, so its size counts. It is found in by halving, and can be stored as it is.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

BREAK = "."
START = 0
MOST_WAYS = 50_000
MOST_WORDS = 8192
T = TypeVar("T")
Ways = tuple[int, ...]  # States, each once and in their order.


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase that was found: from its first word to before `end`."""

    phrase: T
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rows:
    """States by their number: `first[state]` to before `first[state + 1]` are its words, in their order, and where they
    lead: to the state of this number, or from the number of states on, to several. Few states let any word pass."""

    vocabulary: dict[str, int]
    first: array[int]
    words: array[int]
    leads_to: array[int]
    several: list[Ways]
    anything: dict[int, Ways]

    @classmethod
    def of(cls, words: Sequence[Mapping[str, Ways]], anything: Sequence[Ways]) -> Rows:
        vocabulary = {word: number for number, word in enumerate(sorted({word for known in words for word in known}))}
        passing = {state: ways for state, ways in enumerate(anything) if ways}
        rows = cls(vocabulary, array("I", [0]), array("I"), array("I"), [], passing)
        numbers: dict[Ways, int] = {}
        for known in words:
            for word, ways in sorted((vocabulary[word], ways) for word, ways in known.items()):
                if len(ways) != 1 and ways not in numbers:
                    numbers[ways] = len(words) + len(rows.several)
                    rows.several.append(ways)
                rows.words.append(word)
                rows.leads_to.append(ways[0] if len(ways) == 1 else numbers[ways])
            rows.first.append(len(rows.words))
        return rows

    def numbers(self, keys: Iterable[str]) -> list[int]:
        """The words among these that anything leads on from."""
        return [self.vocabulary[key] for key in keys if key in self.vocabulary]

    def after(self, state: int, words: Iterable[int]) -> Sequence[int]:
        """The states that these words lead to from this one."""
        low, high = self.first[state], self.first[state + 1]
        found: Sequence[int] = ()
        for word in words if low < high else ():
            place = bisect_left(self.words, word, low, high)
            if place < high and self.words[place] == word:
                way = self.leads_to[place]
                several = way - len(self.first) + 1
                found = (*found, *((way,) if several < 0 else self.several[several]))
        return found

    def stored(self) -> tuple[Any, ...]:
        """The rows as plain values, for `restored`."""
        rows = self.first, self.words, self.leads_to
        return list(self.vocabulary), [row.tobytes() for row in rows], self.several, self.anything

    @classmethod
    def restored(cls, stored: tuple[Any, ...]) -> Rows:
        vocabulary, rows, several, anything = stored
        first, words, leads_to = (array("I", row) for row in rows)
        return cls({word: place for place, word in enumerate(vocabulary)}, first, words, leads_to, several, anything)


class Table(Generic[T]):
    """Finds phrases in a text, going through it once. `phrases` says which end in a state, `signs` where one is a sign:
    a text without any is not looked at closely."""

    def __init__(self, rows: Rows, phrases: Mapping[int, Sequence[T]], signs: Collection[int]) -> None:
        self.rows, self.phrases, self.signs = rows, phrases, frozenset(signs)
        self._ways: dict[tuple[frozenset[int], tuple[str, ...]], tuple[frozenset[int], bool]] = {}
        self._known: dict[frozenset[int], frozenset[int]] = {}
        self._begin = lru_cache(MOST_WORDS)(self._find_beginnings)

    def find(self, words: Iterable[tuple[str, ...]]) -> list[Hit[T]]:
        """All phrases in a text with a sign. Each of its words is given as all that it may be taken for."""
        words = list(words)
        if not self._has_sign(words):
            return []
        hits: list[Hit[T]] = []
        active: dict[int, int] = {}
        rows, phrases, anything = self.rows, self.phrases, self.rows.anything
        for place, keys in enumerate(words):
            following: dict[int, int] = {}
            (numbers, begun), is_word = self._begin(keys), keys[0] != BREAK
            # Those that began first come first, so the longest of several ways to the same state is kept.
            for state, start in active.items():
                if numbers:
                    for after in rows.after(state, numbers):
                        following.setdefault(after, start)
                if is_word and state in anything:
                    for after in anything[state]:
                        following.setdefault(after, start)
            for after in begun:
                following.setdefault(after, place)
            for state, start in following.items():
                if state in phrases:
                    hits.extend(Hit(phrase, start, place + 1) for phrase in phrases[state])
            active = following
        return hits

    def _has_sign(self, words: Iterable[tuple[str, ...]]) -> bool:
        """Remembers where words led to, since most texts consist of the same ones."""
        states: frozenset[int] = frozenset()
        for keys in words:
            way = self._ways.get((states, keys))
            if way is None:
                way = self._learn(states, keys)
            states, has_sign = way
            if has_sign:
                return True
        return False

    def _find_beginnings(self, keys: tuple[str, ...]) -> tuple[list[int], Sequence[int]]:
        """The numbers of a word, and the states of phrases that begin with it."""
        numbers = self.rows.numbers(keys)
        return numbers, self.rows.after(START, numbers)

    def _learn(self, states: frozenset[int], keys: tuple[str, ...]) -> tuple[frozenset[int], bool]:
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
            self._known.clear()
        numbers, begun = self._begin(keys)
        following = {after for state in states for after in self.rows.after(state, numbers)} if numbers else set()
        following.update(begun)
        if keys[0] != BREAK:
            following.update(after for state in states for after in self.rows.anything.get(state, ()))
        reached = frozenset(following)
        reached = self._known.setdefault(reached, reached)
        self._ways[states, keys] = reached, not self.signs.isdisjoint(reached)
        return self._ways[states, keys]
