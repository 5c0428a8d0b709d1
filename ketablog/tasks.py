"""What the task worker does later: a function with this decorator, and `.enqueue(…)`."""

import contextlib
import ctypes
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

try:
    from django.tasks import task as _task
except ImportError:  # Django before 6.0
    from django_tasks import task as _task  # type: ignore[no-redef]

from ketablog.outages import again_after_outages

__all__ = ["AFTER_MAIL", "TaskFailed", "task"]

AFTER_MAIL = -10  # A priority.
TRIES = 3
logger = logging.getLogger("ketablog.tasks")


class TaskFailed(Exception):
    """A task failed. It says of what kind the error was; the log says where."""


def task(**options: Any) -> Callable[[Callable[..., None]], Any]:
    """The decorator. Of an error the queue keeps the kind alone.

    The row of a failed task stays for good, and what an exception says can hold an address or a whole reply.
    A database that goes away meanwhile is no failure: the task waits for it and begins anew.
    """

    def decorate(function: Callable[..., None]) -> Any:
        patient = again_after_outages(function, TRIES)

        @wraps(function)
        def privately(*args: Any, **kwargs: Any) -> None:
            try:
                patient(*args, **kwargs)
            except TaskFailed:
                raise
            except Exception as error:
                logger.exception("task %s.%s failed", function.__module__, function.__name__)
                raise TaskFailed(f"{type(error).__module__}.{type(error).__name__}") from None
            finally:
                _give_back_memory()

        return _task(**options)(privately)

    return decorate


def _give_back_memory() -> None:
    """A worker idles most of the time, and glibc would keep what the pictures of one task took: 30 MB and more."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # Other C libraries have no such call.
        ctypes.CDLL(None).malloc_trim(0)
