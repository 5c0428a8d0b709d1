"""The notation that phrases are written in, read into steps.

want to (die|end it)    words; one of several; what one of them says may be several words
(really|just)? so?      may be missing
<myself>                one of a list of the same file
suicid*                 any word that begins so
~3                      up to three words of any kind, in the same sentence
#                       a number
.                       where a sentence begins or ends
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

PART = re.compile(r"\s*(?:(?P<gap>~[1-8])|<(?P<list>\w+)>|(?P<sign>[()|?])|(?P<word>[^\s()|?<>~]+))")


class NotReadable(ValueError):
    """A phrase is not written in the notation."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; an empty one among them means that it may be missing."""

    sequences: tuple["Sequence", ...]


Step = Word | Gap | Choice
Sequence = tuple[Step, ...]


class Lists:
    """The named lists of a file; each is read once. Words are kept as `spell` gives them."""

    def __init__(self, written: Mapping[str, list[str]], spell: Callable[[str], str]) -> None:
        self.written, self.spell = written, spell
        self._read: dict[str, Choice | None] = {}

    def named(self, name: str) -> Choice:
        """Raises `NotReadable` where there is none of this name, or where it holds itself."""
        if name not in self._read:
            self._read[name] = None
            self._read[name] = Choice(tuple(read(entry, self) for entry in self.written.get(name, ())))
        choice = self._read[name]
        if choice is None or not choice.sequences:
            raise NotReadable(f"there is no list “{name}”, or it holds itself")
        return choice


def read(phrase: str, lists: Lists) -> Sequence:
    """The steps of a phrase. Raises `NotReadable`."""
    return _Reader(phrase, lists).whole()


class _Reader:
    def __init__(self, phrase: str, lists: Lists) -> None:
        self.phrase, self.lists = phrase, lists
        self.parts = list(self._parts())

    def whole(self) -> Sequence:
        sequence = self._sequence()
        if self.parts or not sequence:
            raise NotReadable(f"“{self.phrase}”: there is a ) or | too many, or nothing at all")
        return sequence

    def _parts(self) -> Iterator[tuple[str, str]]:
        position = 0
        while self.phrase[position:].strip():
            part = PART.match(self.phrase, position)
            if part is None:
                raise NotReadable(f"“{self.phrase}” cannot be read from “{self.phrase[position:]}” on")
            yield str(part.lastgroup), part[str(part.lastgroup)]
            position = part.end()

    def _sequence(self) -> Sequence:
        steps: list[Step] = []
        while self.parts and self.parts[0] not in (("sign", ")"), ("sign", "|")):
            step = self._step()
            if self.parts and self.parts[0] == ("sign", "?"):
                self.parts.pop(0)
                step = Choice(((step,), ()))
            steps.append(step)
        return tuple(steps)

    def _step(self) -> Step:
        kind, value = self.parts.pop(0)
        if kind == "word":
            return Word(self.lists.spell(value))
        if kind == "gap":
            return Gap(int(value[1:]))
        if kind == "list":
            return self.lists.named(value)
        if value == "(":
            return self._choice()
        raise NotReadable(f"“{self.phrase}”: a {value} has nothing before it")

    def _choice(self) -> Choice:
        sequences = [self._sequence()]
        while self.parts and self.parts[0] == ("sign", "|"):
            self.parts.pop(0)
            sequences.append(self._sequence())
        if not self.parts or not all(sequences):
            raise NotReadable(f"“{self.phrase}”: a ( is not closed, or one of its choices is empty")
        self.parts.pop(0)
        return Choice(tuple(sequences))
