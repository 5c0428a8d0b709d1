"""Copying and replacing a database that is a file of SQLite."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections

from ketablog.backups import BackupFailed
from ketablog.backups.tables import Contents, kept_tables, left_out_tables

FILE = "database.sqlite3"
AFTER_FAILURE = "The database is as it was before."
PATIENCE = 20  # Seconds.


def copy(target: Path) -> Contents:
    """A copy of the running database, checked, without what is left out of backups."""
    source_file = Path(connection.settings_dict["NAME"])
    source = sqlite3.connect(f"{source_file.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
    with closing(source), closing(sqlite3.connect(target, isolation_level=None)) as copied:
        # In one go: a copy in steps begins anew with each reply that comes in meanwhile.
        source.backup(copied)
        copied.execute("PRAGMA journal_mode=DELETE")
        for table in left_out_tables():
            copied.execute(f'DELETE FROM "{table}"')  # noqa: S608 (the names of our own tables)
        # Deleted rows stay in the file until it is written anew.
        copied.execute("VACUUM")
        return _read(copied)


def check(file: Path, expected: Contents) -> None:
    """Raises `BackupFailed` for a file that is no whole database with these contents."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = _read(database, expected.rows)
    except sqlite3.DatabaseError as error:
        raise BackupFailed("The database in this backup is damaged, so nothing was changed.") from error
    if found != expected:
        raise BackupFailed("The database in this backup is not the one its manifest tells of, so nothing was changed.")


@contextmanager
def replaced_by(file: Path, work: Path) -> Iterator[None]:
    """Within the block the database is this file; the one before comes back where the block fails, and goes where not.

    Raises `BackupFailed` where a server or a worker still uses the database.
    """
    place = Path(connection.settings_dict["NAME"])
    new, aside = (place.with_name(f"{place.name}.{word}") for word in ("restoring", "before-restore"))
    connections.close_all()
    _require_unused(place)
    try:
        _move(file, new)
        _rename(place, aside)
        new.rename(place)
        yield
    except BaseException:
        connections.close_all()
        new.unlink(missing_ok=True)
        if aside.exists():
            _rename(aside, place)
        raise
    for path in _with_companions(aside):
        path.unlink(missing_ok=True)


def _read(database: sqlite3.Connection, tables: dict[str, int] | None = None) -> Contents:
    verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok" or database.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupFailed(f"The copy of the database is damaged: {verdict}. Nothing was kept.")
    rows = {
        table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (our own tables)
        for table in (kept_tables() if tables is None else tables)
    }
    migrations = database.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return Contents(rows, [name for (name,) in migrations])


def _require_unused(place: Path) -> None:
    if not place.exists():
        return
    # Leaving WAL takes all that is in it into the file, and is refused as long as anybody else has that open.
    try:
        with closing(sqlite3.connect(place, timeout=1)) as database:
            is_alone = database.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
    except sqlite3.OperationalError:
        is_alone = False
    except sqlite3.DatabaseError:
        return  # What is no database any more is used by nobody.
    if not is_alone:
        raise BackupFailed(
            "The database is in use. Stop web server and worker first (systemctl stop ketablog-web.socket "
            "ketablog-web ketablog-worker, or Ctrl-C where make run runs). Nothing was changed."
        )


def _move(file: Path, target: Path) -> None:
    """The folder of the database may be on another disk than the one where the backup was unpacked."""
    shutil.move(file, target)
    target.chmod(0o600)


def _rename(place: Path, target: Path) -> None:
    for path, new in zip(_with_companions(place), _with_companions(target), strict=True):
        new.unlink(missing_ok=True)
        if path.exists():
            path.rename(new)


def _with_companions(place: Path) -> list[Path]:
    return [place.with_name(place.name + ending) for ending in ("", "-wal", "-shm")]
