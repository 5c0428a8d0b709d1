"""What the worker does once a day: one task that queues itself again for the next day (UTC).

A worker makes sure at its start that the task is queued, and the task queues the next one before it does anything:
whatever fails or is killed on the way, tomorrow comes.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from ketablog.counters import count
from ketablog.tasks import AFTER_MAIL, task

DAY = timedelta(days=1)


@task(priority=AFTER_MAIL)
def run() -> None:
    """Call each of `settings.DAILY`; nothing but queueing the next one where that was begun today already."""
    with transaction.atomic():
        times, rest_of_day = count("daily", DAY)
        _queue_once(rest_of_day)
    if times == 1:
        for path in settings.DAILY:
            import_string(path)()


def make_sure() -> None:
    """Queue the task where it is not."""
    _queue_once(timedelta(0))


def _queue_once(wait: timedelta) -> None:
    with transaction.atomic():
        # Whoever counts holds the row until the end: of several workers, one at a time looks and queues.
        count("daily-queueing", DAY)
        if not DBTaskResult.objects.filter(status="READY", task_path=run.module_path).exists():
            run.using(run_after=timezone.now() + wait).enqueue()
