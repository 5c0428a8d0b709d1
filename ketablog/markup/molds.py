"""HTML that a template made once, with places for values: for what stands on one page a hundred times.

Such a template shows each value as it is given, in text or in a quoted attribute: it is escaped when it is put in.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import TypeVar

from django.conf import settings
from django.utils.safestring import SafeString

# Drawn anew by each process, so that nothing a template shows besides, such as the clinic's own words, can look like a
# place. Values are never looked through.
OPEN, CLOSE = f"\ue000{secrets.token_hex(8)}.", "\ue001"
# Numbers that no row has, for what a template makes an address of.
_DRAWN = 8 * 10**15 + 2 * secrets.randbelow(10**14)
NUMBERS = {"number": _DRAWN, "other_number": _DRAWN + 1}

_NUMBER = "|".join(f"(?P<{name}>{number})" for name, number in NUMBERS.items())
PLACE = re.compile(rf"{re.escape(OPEN)}(\w+){CLOSE}|{_NUMBER}")
GAP = re.compile(r"\s*\n\s*")
MOST_KINDS = 200

Kind = TypeVar("Kind", bound=Hashable)


def place(name: str) -> str:
    """What a template gets in place of a value."""
    return f"{OPEN}{name}{CLOSE}"


class Mold:
    """The output of a template that was given places."""

    def __init__(self, html: SafeString) -> None:
        text, start = GAP.sub("\n", html), 0
        self._parts: list[str] = []
        self._names: list[str] = []
        for found in PLACE.finditer(text):
            self._parts.append(text[start : found.start()])
            self._names.append(found[1] or str(found.lastgroup))
            start = found.end()
        self._rest = text[start:]
        self._wanted = set(self._names)

    def fill(self, values: Mapping[str, object]) -> SafeString:
        """The HTML with these values. Raises `KeyError` where one is missing."""
        escaped = {name: _escaped(values[name]) for name in self._wanted}
        filled = "".join([part + escaped[name] for part, name in zip(self._parts, self._names, strict=True)])
        return SafeString(filled + self._rest)  # A template's, and values that were escaped.


def kept(make: Callable[[Kind], Mold]) -> Callable[[Kind], Mold]:
    """Makes the mold of each kind once; with DEBUG each time, so that an edit of its template shows."""
    once = lru_cache(MOST_KINDS)(make)
    return lambda kind: make(kind) if settings.DEBUG else once(kind)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Safe HTML one after the other."""
    return SafeString("".join(parts))


def _escaped(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, SafeString) else escape(str(value))
