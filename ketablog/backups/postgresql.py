"""Copying and replacing a database on PostgreSQL, with the programs that come with it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections
from django.db.backends.postgresql.client import DatabaseClient
from django.db.backends.utils import CursorWrapper

from ketablog.backups import BackupFailed
from ketablog.backups.tables import Contents, kept_tables, left_out_tables

FILE = "database.pgdump"
AFTER_FAILURE = "The database may be that of the backup already: run the same command again, with --replace."
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

TRIGGER_FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prorettype = 'trigger'::regtype
"""


def copy(target: Path) -> Contents:
    """A dump of the running database, without what is left out of backups."""
    tables = kept_tables()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        # What is counted and what is dumped is one and the same state.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        contents = _read(cursor, tables)
        left_out = [f"--exclude-table-data={table}" for table in left_out_tables()]
        form = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        _run("pg_dump", *form, *left_out, _database())
    return contents


def check(file: Path, expected: Contents) -> None:
    """Raises `BackupFailed` for a file that is no dump."""
    _run("pg_restore", "--list", str(file))


@contextmanager
def replaced_by(file: Path, work: Path) -> Iterator[None]:
    """Within the block the database is that of this dump, put there in one transaction; it stays if the block fails.

    Raises `BackupFailed` where a server or a worker still uses the database.
    """
    _leave()  # What the pool holds beside would look like somebody else's.
    with connection.cursor() as cursor:
        _require_unused(cursor)
        tables = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        cursor.execute(TRIGGER_FUNCTIONS)
        functions = [name for (name,) in cursor.fetchall()]
    _leave()
    clearing, loading = work / "clear.sql", work / "load.sql"
    # All tables, also those that came after the backup: migrations will make them again.
    # And what a trigger calls: it outlives the trigger's table, and the dump brings its own.
    gone = [("TABLE", tables), ("FUNCTION", functions)]
    statements = [f"DROP {kind} {', '.join(names)} CASCADE;\n" for kind, names in gone if names]
    clearing.write_text("".join(statements), encoding="utf-8")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={loading}", str(file))
    files = [f"--file={clearing}", f"--file={loading}"]
    strictly = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    _run("psql", *strictly, *files, _database())
    yield


def _leave() -> None:
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]  # (not every engine has one)


def _require_unused(cursor: CursorWrapper) -> None:
    # Who has just left takes a moment to be gone.
    for _moment in range(30):
        cursor.execute(OTHERS)
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT pg_sleep(0.1)")
    raise BackupFailed(
        "The database is in use. Stop all web servers and workers first (systemctl stop ketablog-web.socket "
        "ketablog-web ketablog-worker on each machine). Nothing was changed."
    )


def _read(cursor: CursorWrapper, tables: list[str]) -> Contents:
    rows = {}
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (our own tables)
        rows[table] = cursor.fetchone()[0]
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return Contents(rows, [name for (name,) in cursor.fetchall()])


def _database() -> str:
    return f"--dbname={connection.settings_dict['NAME']}"


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs. The password goes in the environment: everybody may read a command line."""
    settings = connection.settings_dict
    _arguments, secret = DatabaseClient.settings_to_cmd_args_env(settings, [])
    where = {"PGHOST": settings["HOST"], "PGPORT": str(settings["PORT"]), "PGUSER": settings["USER"]}
    env = {**os.environ, **{name: value for name, value in where.items() if value}, **(secret or {})}
    try:
        subprocess.run([program, *arguments], env=env, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as error:
        raise BackupFailed(
            f"{program} is not here. Install PostgreSQL's client (apt-get install postgresql-client). Nothing was done."
        ) from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["no reason given"])[0]
        raise BackupFailed(f"{said}. Nothing was changed.") from error
