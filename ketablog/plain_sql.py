"""Plain SQL, for what each reply asks on its way in, and for counting and ranking many articles by their indexes.

Django takes ten times as long to write such a statement as the database to answer it: written out, the statements of
a reply cost half of what they did. They say what SQLite and PostgreSQL both understand.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def ask(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def places(values: Collection[object]) -> str:
    """As many placeholders, in parentheses, for `IN`; for no values one that is like nothing."""
    return f"({', '.join(['%s'] * len(values)) or 'NULL'})"


def moment(value: datetime) -> object:
    """A moment as the database compares it with those that are stored."""
    return connection.ops.adapt_datetimefield_value(value)


def sql_of(rows: QuerySet) -> tuple[str, Sequence[Any]]:
    """The SQL of a queryset, prepared or not, to stand in another, and its values."""
    return rows.query.get_compiler(rows.db).as_sql()
