"""Tasks whose worker was killed while it worked on them: nobody else takes them up by itself.

A mail that was handed over in that very moment goes out twice rather than never.
"""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ketablog.tasks import AFTER_MAIL, TaskFailed, task

LONGEST = timedelta(hours=1)  # Whatever was begun before is at work no more.
MOST_TRIES = 3


def make_sure() -> None:
    """Queue a look at what is being worked on now, for when it must have ended. A worker does it at its start."""
    if DBTaskResult.objects.running().exists():
        queue_again.using(run_after=timezone.now() + LONGEST).enqueue()


def put_back(worker_id: str) -> None:
    """Queue again at once what this worker took up and, as it knows, does not work on."""
    for row in DBTaskResult.objects.running():
        if row.worker_ids[-1:] == [worker_id]:
            DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at).update(status="READY")


@task(priority=AFTER_MAIL)
def queue_again() -> None:
    """Queue again what was begun long ago and did not end; give up what a worker did not survive three times."""
    now = timezone.now()
    for interrupted in DBTaskResult.objects.running().filter(started_at__lte=now - LONGEST):
        if len(interrupted.worker_ids) >= MOST_TRIES:
            interrupted.set_failed(TaskFailed("Its worker was killed each time."))
        else:
            same = DBTaskResult.objects.running().filter(pk=interrupted.pk, started_at=interrupted.started_at)
            same.update(status="READY", run_after=now)
