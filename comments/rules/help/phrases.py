"""The phrase files, read and checked: one for each language. What was read is kept for the next process."""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from comments.models import Comment
from comments.rules.help.automaton import Automaton
from comments.rules.help.letters import plain
from comments.rules.help.notation import Lists, NotReadable, read
from comments.rules.help.reading import MANY, NUMBER, Reader
from comments.rules.help.table import BREAK, Rows, Table

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
    table: Table[Phrase]
    reader: Reader


@cache
def engine() -> Engine:
    """What the phrase files say, ready to be used. Raises `NotReadable` for a mistake in one of them.

    To read them takes most of a second and 50 MB for that moment, so the first process leaves the result in DATA_DIR.
    """
    path = settings.DATA_DIR / "phrases" / f"{_digest()}.bin"
    stored = None
    with contextlib.suppress(OSError, EOFError, ValueError, TypeError):
        stored = marshal.loads(path.read_bytes())  # noqa: S302 (our own file, beside the database)
    if stored is None:
        stored = compiled()
        with contextlib.suppress(OSError):  # What cannot be kept is read again next time.
            _keep(marshal.dumps(stored), path)
    return restored(stored)


def compiled() -> tuple[Any, ...]:
    """What the phrase files say, as plain values. Raises `NotReadable` for a mistake in one of them."""
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
    table = automaton.finish(is_sign=lambda phrase: not phrase.is_neighbor)
    phrases = {state: [_values(phrase) for phrase in found] for state, found in table.phrases.items()}
    return table.rows.stored(), phrases, sorted(table.signs), sorted(words), spelling, misspelt


def _values(phrase: Phrase) -> tuple[Any, ...]:
    return phrase.family, int(phrase.rank), phrase.is_neighbor, phrase.version, phrase.in_clause


def restored(stored: tuple[Any, ...]) -> Engine:
    """The engine of what `compiled` gave."""
    rows, phrases, signs, words, spelling, misspelt = stored
    known: dict[tuple[Any, ...], Phrase] = {}
    for values in (values for found in phrases.values() for values in found):
        family, rank, *rest = values
        known.setdefault(values, Phrase(family, Comment.HelpRank(rank), *rest))
    by_state = {state: [known[values] for values in found] for state, found in phrases.items()}
    return Engine(Table(Rows.restored(rows), by_state, signs), Reader(words, spelling, misspelt))


def _phrases(data: Mapping) -> Iterator[tuple[Phrase, str]]:
    for kind in ("signals", "neighbors"):
        for family in data[kind]:
            rank, in_clause = RANKS[family["rank"]], family.get("in_clause", False)
            phrase = Phrase(family["family"], rank, kind == "neighbors", data["version"], in_clause)
            yield from ((phrase, written) for written in family["phrases"])


def _digest() -> str:
    """Another one whenever the phrases, or how they are read, may have changed."""
    digest = hashlib.sha256(f"{sys.implementation.cache_tag} {sys.byteorder}".encode())
    for path in sorted([*FOLDER.glob("*.toml"), *Path(__file__).parent.glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _keep(content: bytes, path: Path) -> None:
    """Whole or not at all: other processes may read it at any moment. Those of other versions go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for other in path.parent.glob("*.bin"):
        other.unlink(missing_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
