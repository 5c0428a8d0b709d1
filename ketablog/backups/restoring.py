"""Restoring a backup."""

import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError

from ketablog.backups import BackupFailed, ledgers, manifest, reading, tables
from ketablog.backups.engines import engine
from ketablog.backups.manifest import Manifest
from ketablog.backups.tables import Contents
from ketablog.media import files


@dataclass(frozen=True)
class Restored:
    """`erased_again` counts what readers had erased since the backup. `is_ledger_known` is false where the database
    that was replaced could not be read: what was erased since the last backup may then be there again.
    """

    manifest: Manifest
    erased_again: int
    is_ledger_known: bool


def restore(file: Path, *, replace: bool = False) -> Restored:
    """Put database and media of a backup in the place of the present ones, and erase again what was erased since.

    The present database is replaced only where that is asked for, and comes back where something fails. Of the media
    nothing is taken away: files never change under their names. Raises `BackupFailed`.
    """
    file = file.resolve()
    is_readable = tables.is_readable()
    if not replace and (not is_readable or tables.has_content()):
        raise BackupFailed(
            "There is a database with content already, and nothing was changed. To put the backup in its place, and "
            "lose what was written since, add --replace; better make a backup of it first (back_up)."
        )
    try:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.DATA_DIR) as name:
            work = Path(name)
            about = _unpack(file, work)
            present = _present_ledger() if is_readable else {}
            _bring_media(work / "media")
            with engine().replaced_by(work / engine().FILE, work):
                call_command("migrate", verbosity=0, interactive=False)
                erased = ledgers.apply_again(ledgers.read(file.parent), present)
    except (OSError, sqlite3.Error, DatabaseError) as error:
        why = getattr(error, "strerror", None) or str(error).strip()
        raise BackupFailed(f"The backup could not be restored: {why}. {engine().AFTER_FAILURE}") from error
    return Restored(about, erased, is_readable)


def _unpack(file: Path, work: Path) -> Manifest:
    about = reading.read(file, work)
    manifest.check_fits(about)
    if engine().FILE not in about.files:
        raise BackupFailed(f"{file} holds no database, so nothing was changed.")
    ledgers.read(file.parent)
    engine().check(work / engine().FILE, Contents(about.rows, about.migrations))
    return about


def _present_ledger() -> ledgers.Entries:
    """What the database that is to be replaced says was erased. Raises `BackupFailed` where it cannot say."""
    if not tables.is_prepared():
        return {}
    try:
        return ledgers.export()
    except DatabaseError as error:
        raise BackupFailed(
            "The ledger of erasures in the present database cannot be read, so nothing was changed: what readers had "
            "erased could come back. Bring the database up to date first: manage.py migrate"
        ) from error


def _bring_media(folder: Path) -> None:
    """Put the unpacked files where the present ones lie."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            files.keep(path.relative_to(folder).as_posix(), file)
        path.unlink()
