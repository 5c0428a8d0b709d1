"""Queries whose SQL is made once and asked with other values each time.

Django takes ten milliseconds to write the SQL of an article's page, and the database one to answer it.
"""

import copy
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

MOST_SHAPES = 64

Rows = TypeVar("Rows", bound=QuerySet)


class Given(Expression):
    """The place of a value in a query that is being prepared; `item` where it is one of a list."""

    def __init__(self, place: int, item: int | None = None) -> None:
        super().__init__()
        self.place, self.item = place, item

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def value_of(self, given: tuple[Any, ...]) -> Any:
        value = given[self.place]
        return value if self.item is None else value[self.item]


class Prepared(Generic[Rows]):
    """Called with values, gives the queryset that `build` makes of them; by name go those that change its SQL.

    A value is a number, a text, a moment, `None`, or a list of these; `build` gets something in its place that a
    lookup takes, and no query can be made of the result: it is there to be iterated.
    """

    def __init__(self, build: Callable[..., Rows]) -> None:
        self._build = build
        self._made = lru_cache(MOST_SHAPES)(self._make)

    def __call__(self, *given: Any, **options: Any) -> Rows:
        shapes = tuple(len(value) if isinstance(value, list) else value is None for value in given)
        rows, compiler, sql, places = self._made(shapes, tuple(options.items()))
        if compiler is None:
            return rows
        connection = connections[rows.db]
        params = tuple(
            _as_stored(place.value_of(given), connection) if isinstance(place, Given) else place for place in places
        )
        # A compiler belongs to its connection, and that to its thread.
        asking = copy.copy(compiler)
        asking.connection = connection
        asking.as_sql = lambda *args, **kwargs: (sql, params)
        query = copy.copy(rows.query)
        query.get_compiler = lambda *args, **kwargs: asking
        asked = type(rows)(rows.model, query, rows._db)
        asked._iterable_class, asked._fields = rows._iterable_class, rows._fields
        return asked

    def answer(self, *given: Any, **options: Any) -> tuple[tuple[Any, ...], Rows]:
        """What the database says, for comparing it with what it said before, and the rows that are made of just that
        once they are iterated.
        """
        rows = self(*given, **options)
        compiler = rows.query.get_compiler(rows.db)
        said = tuple(chain.from_iterable(compiler.execute_sql()))
        compiler.execute_sql = lambda *args, **kwargs: [said]
        return said, rows

    def _make(self, shapes: tuple[int | bool, ...], options: tuple[tuple[str, Any], ...]) -> tuple[Any, ...]:
        rows = self._build(*map(_place, range(len(shapes)), shapes), **dict(options))
        compiler = rows.query.get_compiler(rows.db)
        try:
            return rows, compiler, *compiler.as_sql()
        except EmptyResultSet:
            return rows.none(), None, "", ()


def _place(number: int, shape: int | bool) -> Given | list[Given] | None:
    if isinstance(shape, bool):
        return None if shape else Given(number)
    return [Given(number, item) for item in range(shape)]


def _as_stored(value: Any, connection: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
