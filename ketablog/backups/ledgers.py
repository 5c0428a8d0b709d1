"""What readers had erased stays erased, also where an older backup brings it back.

Each of `settings.LEDGERS` names a module that keeps a ledger, with two functions: `export()` gives its entries, which
JSON can hold and which name nobody; `apply_again(entries)` erases once more what they tell of, gives the number of each
kind, and raises `ValueError` for what is no entry.
"""

import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from ketablog.backups import BackupFailed

FILE = "erasures.jsonl"
Entries = dict[str, list[Any]]


def export() -> Entries:
    """The entries that the present database holds, by the module that keeps them."""
    return {path: list(import_module(path).export()) for path in settings.LEDGERS}


def write_down(entries: Entries, folder: Path) -> None:
    """Add to the file beside the backups what it does not hold yet. Nothing is ever taken out of it."""
    path = folder / FILE
    known = set(_lines(path))
    new = [line for line in map(_line, _flat(entries)) if line not in known]
    if not new:
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in new)
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Entries:
    """The entries of the file beside a backup; none where there is no file. Raises `BackupFailed` for an odd line."""
    entries: Entries = {}
    for number, line in enumerate(_lines(folder / FILE), 1):
        try:
            pair = json.loads(line)
            entries.setdefault(pair["ledger"], []).append(pair["entry"])
        except (ValueError, TypeError, KeyError) as error:
            raise BackupFailed(
                f"Line {number} of {folder / FILE} cannot be read, so nothing was changed: "
                "what readers had erased could come back. Mend or remove the line, then restore again."
            ) from error
    return entries


def apply_again(*several: Entries) -> int:
    """Erase again what any of these tell of. Returns how many that were. Raises `BackupFailed` for a wrong entry."""
    lines = dict.fromkeys(_line(pair) for entries in several for pair in _flat(entries))
    pairs = [json.loads(line) for line in lines]
    erased = 0
    for path in settings.LEDGERS:
        entries = [pair["entry"] for pair in pairs if pair["ledger"] == path]
        try:
            erased += sum(import_module(path).apply_again(entries).values())
        except ValueError as error:
            raise BackupFailed(f"What was erased cannot be erased again: {error} Look into {FILE}.") from error
    return erased


def _flat(entries: Entries) -> list[dict[str, Any]]:
    return [{"ledger": path, "entry": entry} for path, each in entries.items() for entry in each]


def _line(pair: dict[str, Any]) -> str:
    return json.dumps(pair, sort_keys=True, ensure_ascii=False)


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    # Lines end with "\n" alone: JSON leaves the other ends that splitlines() knows as they are.
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]
