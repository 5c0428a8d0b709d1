"""All phrases as one automaton over words. It goes through a text once, word by word, and never back.

So the time it takes grows with the length of the text alone: there is nothing in the phrases that could make it try
the same words again, as a backtracking regular expression does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from comments.rules.help.notation import Choice, Gap, Sequence, Word

BREAK = "."
ANY, JOIN = "~", "|"
START = 0
MOST_WAYS = 50_000
T = TypeVar("T")
Ways = tuple[int, ...]  # States, each once and in their order: far smaller than sets.


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A phrase that was found: from its first word to before `end`."""

    phrase: T
    start: int
    end: int


class Automaton(Generic[T]):
    """States, and what leads from one to others: a word, the beginning of one, or any word.

    Phrases that begin alike share states. Where several ways come together they join in one state, so that what
    follows is kept once.
    """

    def __init__(self) -> None:
        self.words: list[dict[str, Ways]] = [{}]
        self.anything: list[Ways] = [()]
        self.phrases: list[list[T]] = [[]]
        self._joins: defaultdict[int, list[int]] = defaultdict(list)
        self._made: dict[tuple[Ways, str], int] = {}
        self._signs: set[int] = set()
        self._ways: dict[tuple[frozenset[int], tuple[str, ...]], tuple[frozenset[int], bool]] = {}
        self._known: dict[frozenset[int], frozenset[int]] = {}

    def add(self, sequence: Sequence, phrase: T) -> None:
        """Raises `ValueError` for a phrase that could be found in any text."""
        ends = self._after((START,), sequence)
        if START in ends:
            raise ValueError("a phrase needs a word")
        for state in ends:
            self.phrases[state].append(phrase)

    def finish(self, is_sign: Callable[[T], bool] = lambda phrase: True) -> None:
        """To be called once, after all phrases. A text without any that is a sign is not looked at closely."""
        # Each way leads to a state and to all that this one joins. Of these stay those from which it goes on, or where
        # a phrase ends; many ways then lead to the same states, and are kept once.
        goes_on = [bool(self.words[state] or self.anything[state] or found) for state, found in enumerate(self.phrases)]
        kept: dict[Ways, Ways] = {}

        def joined(ways: Ways) -> Ways:
            reached = list(ways)
            for state in reached:
                reached.extend(join for join in self._joins.get(state, ()) if join not in reached)
            found = tuple(state for state in reached if goes_on[state])
            return kept.setdefault(found, found)

        # Most states have one way out and no phrase: what is empty is kept once.
        no_words: dict[str, Ways] = {}
        no_phrases: list[T] = []
        for state, by_word in enumerate(self.words):
            self.words[state] = {word: joined(ways) for word, ways in by_word.items()} or no_words
            self.anything[state] = joined(self.anything[state])
            self.phrases[state] = self.phrases[state] or no_phrases
        self._signs = {state for state, phrases in enumerate(self.phrases) if any(map(is_sign, phrases))}
        self._joins.clear()
        self._made.clear()

    def find(self, words: Iterable[tuple[str, ...]]) -> list[Hit[T]]:
        """All phrases in a text with a sign. Each of its words is given as all that it may be taken for."""
        words = list(words)
        if not self._has_sign(words):
            return []
        hits: list[Hit[T]] = []
        active: dict[int, int] = {}
        known, anything, phrases, first = self.words, self.anything, self.phrases, self.words[START]
        for place, keys in enumerate(words):
            following: dict[int, int] = {}
            is_word = keys[0] != BREAK
            # Those that began first come first, so the longest of several ways to the same state is kept.
            for state, start in active.items():
                if there := known[state]:
                    for key in keys:
                        for after in there.get(key, ()):
                            following.setdefault(after, start)
                if is_word:
                    for after in anything[state]:
                        following.setdefault(after, start)
            for key in keys:
                for after in first.get(key, ()):
                    following.setdefault(after, place)
            for state, start in following.items():
                if phrases[state]:
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

    def _learn(self, states: frozenset[int], keys: tuple[str, ...]) -> tuple[frozenset[int], bool]:
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
            self._known.clear()
        following = {after for state in (*states, START) for key in keys for after in self.words[state].get(key, ())}
        if keys[0] != BREAK:
            following.update(after for state in states for after in self.anything[state])
        reached = frozenset(following)
        reached = self._known.setdefault(reached, reached)
        self._ways[states, keys] = reached, not self._signs.isdisjoint(reached)
        return self._ways[states, keys]

    def _after(self, states: Ways, sequence: Sequence) -> Ways:
        for step in sequence:
            if isinstance(step, Word):
                states = (self._word(states, step.text),)
            elif isinstance(step, Choice):
                ends = (end for choice in step.sequences for end in self._after(states, choice))
                states = self._joined(tuple(sorted(set(ends))))
            elif isinstance(step, Gap):
                states = self._gap(states, step.most)
        return states

    def _word(self, states: Ways, word: str) -> int:
        target = self._made.get((states, word))
        if target is None:
            target = self._made[states, word] = self._new()
            for state in states:
                self.words[state][word] = (*self.words[state].get(word, ()), target)
        return target

    def _gap(self, states: Ways, most: int) -> Ways:
        reached = states
        for _number in range(most):
            target = self._made.get((states, ANY))
            if target is None:
                target = self._made[states, ANY] = self._new()
                for state in states:
                    self.anything[state] = (*self.anything[state], target)
            states = (target,)
            reached = tuple(sorted({*reached, target}))
        return self._joined(reached)

    def _joined(self, states: Ways) -> Ways:
        if len(states) == 1 or START in states:
            return states
        target = self._made.get((states, JOIN))
        if target is None:
            target = self._made[states, JOIN] = self._new()
            for state in states:
                self._joins[state].append(target)
        return (target,)

    def _new(self) -> int:
        self.words.append({})
        self.anything.append(())
        self.phrases.append([])
        return len(self.words) - 1
