"""What the worker does again and again: tasks that queue themselves for the next time.

One runs once a day (UTC), one four times an hour. A worker makes sure at its start that both are queued, and each
queues its next one before it does anything: whatever fails or is killed on the way, tomorrow comes.
"""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from ketablog.counters import count
from ketablog.tasks import AFTER_MAIL, TaskFailed, task

logger = logging.getLogger("ketablog.tasks")
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


@task(priority=AFTER_MAIL)
def run() -> None:
    """Call each of `settings.DAILY`; nothing but queueing the next one where that was begun today already."""
    _again(run, "daily", DAY, settings.DAILY)


@task(priority=AFTER_MAIL)
def run_often() -> None:
    """As `run`, for each of `settings.OFTEN` and once in fifteen minutes."""
    _again(run_often, "often", QUARTER, settings.OFTEN)


def make_sure() -> None:
    """Queue the tasks where they are not."""
    for again in (run, run_often):
        _queue_once(again, timedelta(0))


def _again(itself: Any, key: str, span: timedelta, paths: list[str]) -> None:
    with transaction.atomic():
        times, rest = count(key, span)
        _queue_once(itself, rest)
    if times == 1:
        _call_each(paths)


def _call_each(paths: list[str]) -> None:
    """What fails keeps nothing behind it from being done. Raises `TaskFailed` where anything did."""
    failed = []
    for path in paths:
        try:
            import_string(path)()
        except Exception:
            logger.exception("%s failed", path)
            failed.append(path)
    if failed:
        raise TaskFailed(", ".join(failed))


def _queue_once(again: Any, wait: timedelta) -> None:
    with transaction.atomic():
        # Whoever counts holds the row until the end: of several workers, one at a time looks and queues.
        count("daily-queueing", DAY)
        if not DBTaskResult.objects.filter(status="READY", task_path=again.module_path).exists():
            again.using(run_after=timezone.now() + wait).enqueue()
