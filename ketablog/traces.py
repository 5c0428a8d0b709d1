"""What the site writes down of its own work and of sign-ins, and how it is forgotten after thirty days."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

KEPT = timedelta(days=30)


def forget() -> dict[str, int]:
    """Delete what is old. Returns how much of what that was."""
    return {
        "finished tasks": _old_tasks().delete()[0],
        "notes of sign-ins": sum(rows.delete()[0] for rows in _old_sign_ins()),
    }


def count() -> dict[str, int]:
    """What `forget` would do now."""
    return {
        "finished tasks": _old_tasks().count(),
        "notes of sign-ins": sum(rows.count() for rows in _old_sign_ins()),
    }


def _old_tasks() -> QuerySet:
    return DBTaskResult.objects.finished().filter(finished_at__lte=timezone.now() - KEPT)


def _old_sign_ins() -> list[QuerySet]:
    models = (AccessAttempt, AccessFailureLog, AccessLog)
    return [model.objects.filter(attempt_time__lte=timezone.now() - KEPT) for model in models]
