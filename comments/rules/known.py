from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """What is public anyway: the clinic's own phones (digits alone), addresses and streets, and its people's names."""

    phones: Collection[str] = ()
    emails: Collection[str] = ()
    contact: str = ""
    people: Collection[str] = ()
