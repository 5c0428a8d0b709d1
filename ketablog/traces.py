"""What the site writes down of its own work and of sign-ins, and how it is forgotten after thirty days."""

from dataclasses import dataclass
from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Traces:
    """How many: tasks that are done or failed for good, and notes of a sign-in or of a try."""

    tasks: int = 0
    sign_ins: int = 0


def forget() -> Traces:
    """Delete what is old. Returns how much that was."""
    return Traces(_old_tasks().delete()[0], sum(rows.delete()[0] for rows in _old_sign_ins()))


def count() -> Traces:
    """What `forget` would do now."""
    return Traces(_old_tasks().count(), sum(rows.count() for rows in _old_sign_ins()))


def _old_tasks() -> QuerySet:
    return DBTaskResult.objects.finished().filter(finished_at__lte=timezone.now() - KEPT)


def _old_sign_ins() -> list[QuerySet]:
    models = (AccessAttempt, AccessFailureLog, AccessLog)
    return [model.objects.filter(attempt_time__lte=timezone.now() - KEPT) for model in models]
