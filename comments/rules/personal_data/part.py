"""A part of a text that tells who somebody is, or how to reach them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """Where it stands in the text, and its kind, which `words.KINDS` names for people."""

    start: int
    end: int
    kind: str


def matches(pattern: re.Pattern[str], text: str, kind: str, group: int | str = 0) -> Iterator[Part]:
    for match in pattern.finditer(text):
        yield Part(match.start(group), match.end(group), kind)


def plain(text: str) -> str:
    """The words alone, so that an address is found however it is set."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `kind` is empty where nothing was found."""

    text: str
    kind: str = ""


def cut(text: str, parts: Iterable[Part]) -> list[Piece]:
    """The whole text in pieces, cut at its parts."""
    pieces, at = [], 0
    for part in parts:
        pieces += [Piece(text[at : part.start]), Piece(text[part.start : part.end], part.kind)]
        at = part.end
    pieces.append(Piece(text[at:]))
    return [piece for piece in pieces if piece.text]


def apart(parts: Iterable[Part]) -> Iterator[Part]:
    """Of parts that overlap one that covers them all, of the kind that was found first and reaches farthest."""
    covering: Part | None = None
    for part in sorted(parts, key=lambda part: (part.start, -part.end)):
        if covering is None or part.start >= covering.end:
            if covering is not None:
                yield covering
            covering = part
        elif part.end > covering.end:
            covering = Part(covering.start, part.end, covering.kind)
    if covering is not None:
        yield covering
