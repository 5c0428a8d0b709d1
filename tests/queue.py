"""The task queue, run to its end within a test."""

from django.core.management import call_command


def run_tasks() -> None:
    """Do what waits and is due."""
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
