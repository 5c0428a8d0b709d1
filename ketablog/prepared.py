"""Queries whose SQL is made once and asked with other values each time.

Django takes ten milliseconds to write the SQL of an article's page, and the database one to answer it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, chain, repeat
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

MOST_SHAPES = 64
ONE = -1  # The shape of a value that is no list; that of a list is its length.

Rows = TypeVar("Rows", bound=QuerySet)


class Given(Expression):
    """The place of a value in a query that is being prepared; `item` where it is one of a list."""

    def __init__(self, place: int, item: int | None = None) -> None:
        super().__init__()
        self.place, self.item = place, item

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class Prepared(Generic[Rows]):
    """Called with values, gives the queryset that `build` makes of them; by name go those that change its SQL.

    A value is a number, a text, a moment, `None`, or a list of numbers or texts to look among; `build` gets something
    in its place that a lookup takes, for a list often a longer one, in which the last item comes again. No query can be
    made of the result: it is there to be iterated.
    """

    def __init__(self, build: Callable[..., Rows]) -> None:
        self._build = build
        self._made = lru_cache(MOST_SHAPES)(self._make)

    def __call__(self, *given: Any, **options: Any) -> Rows:
        shapes = tuple(map(_shape, given))
        rows, compiler, converters, sql, constants, places = self._made(shapes, tuple(options.items()))
        if compiler is None:
            return rows
        connection = connections[rows.db]
        values = [*chain.from_iterable(map(_values, given, shapes, repeat(connection))), *constants]
        params = tuple(map(values.__getitem__, places))
        # A compiler belongs to its connection, and that to its thread. How columns are read is the same for all.
        asking = _with(
            compiler,
            connection=connection,
            as_sql=lambda *args, **kwargs: (sql, params),
            get_converters=lambda columns: converters,
        )
        query = _with(rows.query, get_compiler=lambda *args, **kwargs: asking)
        return _with(rows, _query=query)

    def answer(self, *given: Any, **options: Any) -> tuple[tuple[Any, ...], Rows]:
        """What the database says, for comparing it with what it said before, and the rows that are made of just that
        once they are iterated.
        """
        rows = self(*given, **options)
        compiler = rows.query.get_compiler(rows.db)
        said = tuple(chain.from_iterable(compiler.execute_sql()))
        compiler.execute_sql = lambda *args, **kwargs: [said]
        return said, rows

    def _make(self, shapes: tuple[int | None, ...], options: tuple[tuple[str, Any], ...]) -> tuple[Any, ...]:
        rows = self._build(*map(_place, range(len(shapes)), shapes), **dict(options))
        compiler = rows.query.get_compiler(rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return rows.none(), None, {}, "", (), ()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return rows, compiler, converters, sql, *_laid_out(params, shapes)


def _shape(value: Any) -> int | None:
    return _length(len(value)) if isinstance(value, list) else None if value is None else ONE


def _length(items: int) -> int:
    """The next length for which there is SQL: four of them from each power of two to the next."""
    step = 1 << max(0, items.bit_length() - 3)
    return -(-items // step) * step


def _place(number: int, shape: int | None) -> Given | list[Given] | None:
    if shape is None:
        return None
    return Given(number) if shape == ONE else [Given(number, item) for item in range(shape)]


def _with(original: Any, **changed: Any) -> Any:
    """A copy. A queryset would be asked before `copy.copy` copies it, and the others take that four times as long."""
    made = object.__new__(type(original))
    vars(made).update(vars(original), **changed)
    return made


def _laid_out(params: Sequence[Any], shapes: Sequence[int | None]) -> tuple[list[Any], list[int]]:
    """The parameters that never change, and where each parameter stands among all values with these behind them."""
    starts = list(accumulate((1 if shape in (ONE, None) else shape for shape in shapes), initial=0))
    constants: list[Any] = []
    places: list[int] = []
    for param in params:
        if isinstance(param, Given):
            places.append(starts[param.place] + (param.item or 0))
        else:
            places.append(starts[-1] + len(constants))
            constants.append(param)
    return constants, places


def _values(value: Any, shape: int | None, connection: Any) -> list[Any]:
    """The values in it as they are stored, as many as the shape has."""
    if isinstance(value, datetime):
        return [connection.ops.adapt_datetimefield_value(value)]
    return value + value[-1:] * (shape - len(value)) if isinstance(value, list) else [value]  # type: ignore[operator]
