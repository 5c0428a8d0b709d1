from django.conf import settings
from django_tasks_db.management.commands import db_worker

from ketablog import daily, interrupted
from ketablog.pagecache.keeper import Keeper


class Command(db_worker.Command):
    help = (
        "Run the task worker, which makes sure at its start that the daily task is queued, and what was cut off, and "
        "looks each second whether pages that are stored are still true."
    )

    def handle(self, *args, batch: bool, **options) -> None:
        if not batch:
            daily.make_sure()
            interrupted.make_sure()
            if settings.PAGE_CACHE:
                Keeper().start()
        super().handle(*args, batch=batch, **options)
