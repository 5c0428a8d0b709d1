"""Plain SQL, for counting and ranking many articles by their indexes: what a queryset cannot say, or only in a way that
reads the articles. It is SQL that SQLite and PostgreSQL both understand.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def ask(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def count_each(asked: Mapping[str, QuerySet]) -> dict[str, int]:
    """How many rows each of these has, in one query."""
    parts = [sql_of(rows if rows.query.values_select else rows.values("pk")) for rows in asked.values()]
    counted = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS rows_{n})" for n, (sql, _) in enumerate(parts))  # noqa: S608 (Django's)
    (numbers,) = ask(f"SELECT {counted}", [value for _sql, values in parts for value in values])
    return dict(zip(asked, numbers, strict=True))


def places(values: Collection[object]) -> str:
    """As many placeholders, in parentheses, for `IN`; for no values one that is like nothing."""
    return f"({', '.join(['%s'] * len(values)) or 'NULL'})"


def moment(value: datetime) -> object:
    """A moment as the database compares it with those that are stored."""
    return connection.ops.adapt_datetimefield_value(value)


def sql_of(rows: QuerySet) -> tuple[str, Sequence[Any]]:
    """The SQL of a queryset, prepared or not, to stand in another, and its values."""
    return rows.query.get_compiler(rows.db).as_sql()
