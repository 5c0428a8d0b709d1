"""Which rows are demo content: it can be loaded again without doubling, and removed without touching anything else."""

from collections.abc import Callable
from typing import TypeVar

from django.apps import apps
from django.db import models
from django.db.models import ProtectedError

Row = TypeVar("Row", bound=models.Model)


class DemoRow(models.Model):
    """A row that `load_demo` made, under the key it has in the demo's files."""

    key = models.CharField(max_length=250, primary_key=True)
    model = models.CharField(max_length=60)
    row_id = models.BigIntegerField()

    class Meta:
        verbose_name = "demo row"
        verbose_name_plural = "demo rows"

    def __str__(self) -> str:
        return self.key

    def row(self) -> models.Model | None:
        """The row itself, or `None` where somebody deleted it."""
        return apps.get_model(self.model)._default_manager.filter(pk=self.row_id).first()


class Loader:
    """Makes what is not there yet; `made` counts it."""

    def __init__(self) -> None:
        self.made = 0
        self.known = DemoRow.objects.in_bulk()

    def find(self, key: str) -> models.Model | None:
        """The row that an earlier run made, if it is still there."""
        known = self.known.get(key)
        return known.row() if known else None

    def row(self, key: str, make: Callable[[], Row]) -> Row:
        """The demo's row of this key, made now or by an earlier run."""
        row = self.find(key)
        if row is None:
            row = make()
            DemoRow.objects.update_or_create(key=key, defaults={"model": row._meta.label_lower, "row_id": row.pk})
            self.made += 1
        return row  # type: ignore[return-value]


def remove(order: list[str], is_in_use: Callable[[models.Model], bool]) -> tuple[list[models.Model], int]:
    """Delete the demo's rows, model after model; returns what went, and how many stay because they are in use."""
    removed: list[models.Model] = []
    kept = 0
    for model in order:
        for demo_row in DemoRow.objects.filter(model=model).order_by("-row_id"):
            row = demo_row.row()
            if row is not None and not _delete(row, is_in_use):
                kept += 1
                continue
            if row is not None:
                removed.append(row)
            demo_row.delete()
    return removed, kept


def _delete(row: models.Model, is_in_use: Callable[[models.Model], bool]) -> bool:
    if is_in_use(row):
        return False
    try:
        row.delete()
    except ProtectedError:
        return False
    return True


def ids_of(model: type[models.Model]) -> models.QuerySet:
    """The ids of the demo's rows of a model."""
    return DemoRow.objects.filter(model=model._meta.label_lower).values("row_id")
