from django_tasks_db.management.commands import db_worker

from ketablog import daily, interrupted


class Command(db_worker.Command):
    help = "Run the task worker, which makes sure at its start that the daily task is queued, and what was cut off."

    def handle(self, *args, batch: bool, **options) -> None:
        if not batch:
            daily.make_sure()
            interrupted.make_sure()
        super().handle(*args, batch=batch, **options)
