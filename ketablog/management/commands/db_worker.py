import os

from django.conf import settings
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV, run_with_reloader
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from ketablog import daily, interrupted, outages
from ketablog.pagecache.keeper import Keeper


class Worker(db_worker.Worker):
    """One that outlives the database: while that is away it waits, and then goes on where it was."""

    def run(self) -> None:
        if self.batch:
            super().run()
        else:
            outages.again_after_outages(self._run_and_make_sure)()

    def _run_and_make_sure(self) -> None:
        daily.make_sure()
        interrupted.make_sure()
        interrupted.put_back(self.worker_id)
        super().run()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        # What was done is written down as done, or it would be done twice.
        for name in ("set_successful", "set_failed"):
            setattr(db_task_result, name, outages.again_after_outages(getattr(db_task_result, name)))
        super().run_task(db_task_result)


class Command(db_worker.Command):
    help = (
        "Run the task worker, which makes sure at its start that the daily task is queued, and what was cut off, and "
        "looks each second whether pages that are stored are still true."
    )

    def handle(self, *, verbosity: int, reload: bool, queue_name: str, exclude_queues: str, **options) -> None:
        self.configure_logging(verbosity)
        if settings.PAGE_CACHE and not options["batch"]:
            Keeper().start()
        names = ("interval", "batch", "backend_name", "startup_delay", "max_tasks", "worker_id")
        worker = Worker(
            queue_names=queue_name.split(","),
            excluded_queue_names=exclude_queues.split(",") if exclude_queues else [],
            **{name: options[name] for name in names},
        )
        if reload and not options["batch"]:
            if os.environ.get(DJANGO_AUTORELOAD_ENV) == "true":
                worker.configure_signals()
            run_with_reloader(worker.run)
        else:
            worker.configure_signals()
            worker.run()
