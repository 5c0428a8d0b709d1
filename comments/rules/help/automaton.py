"""All phrases as one automaton over words. It goes through a text once, word by word, and never back.

So the time it takes grows with the length of the text alone: there is nothing in the phrases that could make it try
the same words again, as a backtracking regular expression does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Generic, TypeVar

from comments.rules.help.notation import Choice, Gap, Sequence, Word
from comments.rules.help.table import START, Rows, Table, Ways

ANY, JOIN = "~", "|"
T = TypeVar("T")


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

    def add(self, sequence: Sequence, phrase: T) -> None:
        """Raises `ValueError` for a phrase that could be found in any text."""
        ends = self._after((START,), sequence)
        if START in ends:
            raise ValueError("a phrase needs a word")
        for state in ends:
            self.phrases[state].append(phrase)

    def finish(self, is_sign: Callable[[T], bool] = lambda phrase: True) -> Table[T]:
        """To be called once, after all phrases: what finds them."""
        # Each way leads to a state and to all that this one joins. Of these stay those from which it goes on, or where
        # a phrase ends; they are numbered anew, since most states only joined others.
        goes_on = [
            state == START or bool(self.words[state] or self.anything[state] or found)
            for state, found in enumerate(self.phrases)
        ]
        kept = [state for state, goes in enumerate(goes_on) if goes]
        number = {state: place for place, state in enumerate(kept)}

        def joined(ways: Ways) -> Ways:
            reached = list(ways)
            for state in reached:
                reached.extend(join for join in self._joins.get(state, ()) if join not in reached)
            return tuple(number[state] for state in reached if goes_on[state])

        words = [{word: joined(ways) for word, ways in self.words[state].items()} for state in kept]
        rows = Rows.of(words, [joined(self.anything[state]) for state in kept])
        phrases = {number[state]: self.phrases[state] for state in kept if self.phrases[state]}
        return Table(rows, phrases, [state for state, found in phrases.items() if any(map(is_sign, found))])

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
