"""One line for each request that Django answered: the route it was matched with, never its address.

An address can hold a token or what somebody searched for. Nothing else of a reader is written either.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger("ketablog.requests")


def logged(application: WSGIApplication) -> WSGIApplication:
    """The application, and a line once an answer of it was made, or for a long one was sent."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        status = "500"

        def start(given: str, *rest: Any) -> Callable[[bytes], object]:
            nonlocal status
            status = given
            return start_response(given, *rest)

        def write(size: int) -> None:
            logger.info(
                "%s %s %s %s %d %.0fms",
                time.strftime("[%d/%b/%Y:%H:%M:%S %z]"),
                environ["REQUEST_METHOD"],
                environ.get("ketablog.route", "(no route)"),
                status[:3],
                size,
                (time.perf_counter() - started) * 1000,
            )

        response = application(environ, start)
        if getattr(response, "streaming", False):
            return _Counted(response, write)
        # Whole, it goes to the server in one piece, which sends it without asking Python again.
        content = b"".join(response)
        if hasattr(response, "close"):
            response.close()
        write(len(content))
        return [content]

    return answer


class _Counted:
    """A long answer, that tells its size at the end."""

    def __init__(self, response: Any, write: Callable[[int], None]) -> None:
        self.response, self.write = response, write
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.response:
            self.size += len(chunk)
            yield chunk

    def close(self) -> None:
        self.response.close()
        self.write(self.size)
