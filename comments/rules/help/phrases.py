"""The phrase files, read and checked: one for each language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from comments.models import Comment
from comments.rules.help.automaton import BREAK, Automaton
from comments.rules.help.letters import plain
from comments.rules.help.notation import Lists, NotReadable, read
from comments.rules.help.reading import MANY, NUMBER, Reader

FOLDER = Path(__file__).parent / "phrases"
RANKS = {"none": Comment.HelpRank.NONE, "watch": Comment.HelpRank.WATCH, "urgent": Comment.HelpRank.URGENT}


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase is a sign of. A neighbor is none: it lowers the signs that end within it to its rank.

    One that holds `in_clause` does so only up to the next comma, or to who is spoken of next: “I am not well, I want to
    die” denies nothing.
    """

    family: str
    rank: Comment.HelpRank
    is_neighbor: bool
    version: int
    in_clause: bool = False


@dataclass(frozen=True, slots=True)
class Engine:
    automaton: Automaton[Phrase]
    reader: Reader


@cache
def engine() -> Engine:
    """What the phrase files say, ready to be used. Raises `NotReadable` for a mistake in one of them."""
    automaton: Automaton[Phrase] = Automaton()
    words: set[str] = set()

    def spell(word: str) -> str:
        if word in (BREAK, NUMBER, MANY):
            return word
        words.add(plain(word))
        return plain(word)

    spelling: dict[str, list[str]] = {}
    misspelt: list[str] = []
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        lists = Lists(data["lists"], spell)
        for phrase, written in _phrases(data):
            try:
                automaton.add(read(written, lists), phrase)
            except ValueError as error:
                raise NotReadable(f"{path.name}, {phrase.family}: {error}") from error
        spelling |= data["spelling"]
        misspelt += data["often_misspelt"]
    automaton.finish(is_sign=lambda phrase: not phrase.is_neighbor)
    return Engine(automaton, Reader(words, spelling, misspelt))


def _phrases(data: Mapping) -> Iterator[tuple[Phrase, str]]:
    for kind in ("signals", "neighbors"):
        for family in data[kind]:
            rank, in_clause = RANKS[family["rank"]], family.get("in_clause", False)
            phrase = Phrase(family["family"], rank, kind == "neighbors", data["version"], in_clause)
            yield from ((phrase, written) for written in family["phrases"])
