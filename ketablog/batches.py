"""Going through a large table without one long transaction."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

SIZE = 200  # Rows in a list.
Row = TypeVar("Row", bound=Model)


def in_batches(rows: QuerySet[Row]) -> Iterator[list[Row]]:
    """All rows by id, in lists: each batch is read when the one before is done with, so it may be written to."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:SIZE]):
        yield batch
        last = batch[-1].pk
