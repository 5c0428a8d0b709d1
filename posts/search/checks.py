"""What must be there for the search, told before readers miss it."""

import sqlite3
from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connections

from posts.models import SearchEntry
from posts.search.engine import engine_of


def register_all() -> None:
    register(sqlite_can_search)
    register(index_is_whole, Tags.database)


def sqlite_can_search(**kwargs: object) -> list[CheckMessage]:
    """Nearly every SQLite has FTS5; one that was built without it cannot keep the index."""
    if all(connection.vendor != "sqlite" for connection in connections.all()) or _has_fts5():
        return []
    return [
        Error(
            "The SQLite of this Python was built without FTS5, which the search needs.",
            hint="Use the Python of your system or of python.org, or PostgreSQL: set DATABASE_URL.",
            id="posts.E001",
        )
    ]


def index_is_whole(databases: Sequence[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Triggers go with a table that somebody rebuilt by hand; the search would then find old texts."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        try:
            is_new = SearchEntry._meta.db_table not in connection.introspection.table_names()
            if is_new or engine_of(connection).is_whole(connection):
                continue
        except DatabaseError:
            continue  # Whether the database answers is told elsewhere.
        messages.append(
            Warning(
                "The search does not hear of changes: a part of its index is missing.",
                hint="Run manage.py rebuild_search.",
                id="posts.W001",
            )
        )
    return messages


def _has_fts5() -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True
