"""Log lines that keep what readers typed to themselves."""

import logging
import traceback
from types import TracebackType

from django.http import HttpRequest


class PrivateFormatter(logging.Formatter):
    """Tells where an exception was raised and of what kind, never what it says.

    The message of a database error can hold a whole row, and the address of a request a token.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            record = logging.makeLogRecord(record.__dict__)
            status = getattr(record, "status_code", "")
            record.msg, record.args = "%s %s %s", (status, request.method, route_of(request))
        return super().format(record)

    def formatException(  # noqa: N802 (the name logging calls)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _error, trace = ei
        return "".join(traceback.format_tb(trace)) + (f"{kind.__module__}.{kind.__name__}" if kind else "")


def route_of(request) -> str:
    """The pattern a request was matched with, such as "/posts/<slug>/", never its address."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "(no route)"
