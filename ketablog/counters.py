"""Counting that is right with many processes: one row a key, added up by the database itself."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from ketablog.prepared import Given, Prepared

TURN = "turn:"


class Tally(models.Model):
    """How often something was done in a span of time. `key` never holds anything personal."""

    key = models.CharField(max_length=100, primary_key=True)
    n = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "tally"
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.key}: {self.n}"


def count(key: str, span: timedelta, *, now: datetime | None = None) -> tuple[int, timedelta]:
    """Count one more of `key`; returns how many that makes in the present span, and when it ends.

    Spans are laid end to end from the epoch, so all processes agree on them.
    """
    now = now or timezone.now()
    ((n,),) = _add_one([(key, span)], now)
    return n, _end_of(span, now) - now


def count_all(keys: Iterable[tuple[str, timedelta]], *, now: datetime | None = None) -> None:
    """Count one more of each of these keys, which are different ones."""
    # In one order, or two that count the same would wait for each other.
    _add_one(sorted(keys), now or timezone.now())


@contextmanager
def in_passing() -> Iterator[None]:
    """A transaction that does not wait for the disk: a power cut may lose its counts, and a crash of the site does not.

    Within another transaction it is a part of that one.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
    elif connection.vendor == "sqlite":
        _execute("PRAGMA synchronous=NORMAL")
        try:
            with transaction.atomic():
                yield
        finally:
            _execute("PRAGMA synchronous=FULL")  # As ketablog/settings.py has it.
    else:
        with transaction.atomic():
            _execute("SET LOCAL synchronous_commit TO off")
            yield


def numbers(keys: Iterable[tuple[str, timedelta]], *, now: datetime | None = None) -> dict[str, int]:
    """How often each key was counted in the present span."""
    now = now or timezone.now()
    stored = {f"{key}:{_number(span, now)}": key for key, span in keys}
    found = dict(_numbers([*stored]))
    return {key: found.get(name, 0) for name, key in stored.items()}


@Prepared
def _numbers(keys: list[Given]) -> models.QuerySet[Tally, tuple[str, int]]:
    return Tally.objects.filter(key__in=keys).values_list("key", "n")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def forget() -> int:
    """Delete the tallies whose span is over. Turns stay: they are few, and one transaction may hold several of them.
    Returns how many that was."""
    return Tally.objects.filter(expires_at__lt=timezone.now()).exclude(key__startswith=TURN).delete()[0]


def _add_one(keys: list[tuple[str, timedelta]], now: datetime) -> list[tuple[int]]:
    rows = ", ".join(["(%s, 1, %s)"] * len(keys))
    values: list[Any] = []
    for key, span in keys:
        end = connection.ops.adapt_datetimefield_value(_end_of(span, now))
        values += [f"{key}:{_number(span, now)}", end]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ketablog_tally (key, n, expires_at) VALUES {rows} "  # noqa: S608 (placeholders)
            "ON CONFLICT (key) DO UPDATE SET n = ketablog_tally.n + 1 RETURNING n",
            values,
        )
        return cursor.fetchall()


def _end_of(span: timedelta, now: datetime) -> datetime:
    return datetime.fromtimestamp((_number(span, now) + 1) * span.total_seconds(), tz=now.tzinfo)


def _number(span: timedelta, now: datetime) -> int:
    return int(now.timestamp() // span.total_seconds())


def use_once(key: str, until: datetime) -> bool:
    """Whether nobody used `key` before; that is remembered until then."""
    _row, is_first = Tally.objects.get_or_create(key=key, defaults={"n": 1, "expires_at": until})
    return is_first


def take_turn(key: str, pause: timedelta, *, now: datetime | None = None) -> datetime | None:
    """When something may be done that has a `pause` after each time: now, or when the pause is over. `None` where that
    later time was given to somebody already.
    """
    now = now or timezone.now()
    with transaction.atomic():
        # Whoever holds the row decides. It expires at the end of the pause after the last time that was given.
        row, is_first = Tally.objects.select_for_update().get_or_create(
            key=f"{TURN}{key}", defaults={"n": 1, "expires_at": now + pause}
        )
        if is_first:
            return now
        if row.expires_at > now + pause:
            return None
        turn = max(now, row.expires_at)
        row.expires_at = turn + pause
        row.save(update_fields=["expires_at"])
    return turn


def with_turns(keys: Iterable[str], pause: timedelta, *, now: datetime) -> list[str]:
    """Those of the keys for which `take_turn` may give one. The others are known without holding their rows: a later
    time that was given stands until it has come."""
    stored = {f"{TURN}{key}": key for key in keys}
    given = set(_expiring_after(now + pause, [*stored]))
    return [key for name, key in stored.items() if name not in given]


@Prepared
def _expiring_after(moment: Given, keys: list[Given]) -> models.QuerySet[Tally, str]:
    return Tally.objects.filter(key__in=keys, expires_at__gt=moment).values_list("key", flat=True)


def move_on(key: str, moment: datetime) -> bool:
    """Set a mark to a moment. Returns whether this call did it: not where it stands there or later already."""
    row, is_first = Tally.objects.get_or_create(key=f"{TURN}{key}", defaults={"n": 1, "expires_at": moment})
    return is_first or bool(Tally.objects.filter(pk=row.pk, expires_at__lt=moment).update(expires_at=moment))
