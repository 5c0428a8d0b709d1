"""Counting that is right with many processes: one row a key, added up by the database itself."""

from datetime import datetime, timedelta

from django.db import connection, models
from django.utils import timezone


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
    number = int(now.timestamp() // span.total_seconds())
    expires_at = datetime.fromtimestamp((number + 1) * span.total_seconds(), tz=now.tzinfo)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ketablog_tally (key, n, expires_at) VALUES (%s, 1, %s) "
            "ON CONFLICT (key) DO UPDATE SET n = ketablog_tally.n + 1 RETURNING n",
            [f"{key}:{number}", connection.ops.adapt_datetimefield_value(expires_at)],
        )
        n: int = cursor.fetchone()[0]
    if n == 1:
        Tally.objects.filter(expires_at__lt=now).delete()
    return n, expires_at - now
