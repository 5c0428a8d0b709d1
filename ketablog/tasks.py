"""What the task worker does later: a function with this decorator, and `.enqueue(…)`."""

try:
    from django.tasks import task
except ImportError:  # Django before 6.0
    from django_tasks import task  # type: ignore[no-redef]

__all__ = ["AFTER_MAIL", "task"]

AFTER_MAIL = -10  # A priority.
