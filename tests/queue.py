"""The task queue, run to its end within a test."""

from unittest.mock import patch

from django.core.management import call_command
from django_tasks_db.management.commands import db_worker


def run_tasks() -> None:
    """Do what waits and is due."""
    # The worker would close the connection that holds the test's own transaction.
    with patch.object(db_worker, "close_old_connections"):
        call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
