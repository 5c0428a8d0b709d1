"""One process of the web server: the HTTP of granian, and Django.

`python -m ketablog.webserver` listens on HOST and PORT. With a number, such as 3, it listens on the socket that has it:
systemd opened that one and keeps it open, so that requests wait there while a process is replaced; several may share
it. The processes that granian itself would start each open one, and lose what waits in it when they end.
"""

import gc
import io
import logging
import os
import signal
import socket
import sys
import threading
import time
from asyncio import new_event_loop
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian import _granian
from granian._futures import _new_cbscheduler
from granian.http import HTTP1Settings

from ketablog.serving import BACKLOG, listen

STOP = {signal.SIGTERM, signal.SIGINT}
THREADS = 4
MOST_CONNECTIONS = 1024
LARGEST_HEAD = 16 * 1024
SLOWEST_HEAD = 15  # Seconds; also how long a connection may idle between two requests.
LAST_READ = 0.3  # Seconds until all that was accepted has been read, when the process is told to end.
GRACE = 20  # Seconds for what is then at work.

logger = logging.getLogger("ketablog.webserver")
native: Any = _granian  # Its stub tells of other arguments than it takes.


class Answer(Protocol):
    """What granian sends."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Iterator[bytes]) -> None: ...


class Body(io.RawIOBase):
    """The body of a request. Where less comes than was announced, the client is gone: granian would call that its end,
    and half a reply would be taken for a whole one."""

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.left = stream, length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises `OSError` where the body ends too early."""
        wanted = min(len(buffer), self.left)
        found: bytes = self.stream.read(wanted) if wanted else b""
        if wanted and not found:
            raise OSError("the body of the request ended too early")
        buffer[: len(found)] = found
        self.left -= len(found)
        return len(found)


class Chunks:
    """A long answer, as granian asks for it."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self.body = body
        self.__next__ = iter(body).__next__

    def close(self) -> None:
        self.body.close()  # type: ignore[attr-defined]


def called(application: WSGIApplication) -> Callable[[Answer, dict[str, Any]], None]:
    """The application, as granian calls it."""
    always = {
        "SCRIPT_NAME": "",
        "SERVER_SOFTWARE": "granian",
        "wsgi.errors": sys.stderr,
        "wsgi.multiprocess": True,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }

    def call(answer: Answer, given: dict[str, Any]) -> None:
        environ = always | given
        if "CONTENT_LENGTH" in given:
            environ["wsgi.input"] = Body(given["wsgi.input"], int(given["CONTENT_LENGTH"]))
        status, head = 500, []

        def start_response(line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status, head
            status, head = int(line[:3]), headers

        try:
            body = application(environ, start_response)
        except Exception:
            logger.exception("a request failed")
            answer.response_bytes(500, [("Content-Type", "text/plain")], b"Something went wrong here.\n")
            return
        if isinstance(body, list):
            answer.response_bytes(status, head, body[0] if len(body) == 1 else b"".join(body))
        else:
            answer.response_iter(status, head, Chunks(body))  # type: ignore[arg-type]

    return call


def serve(application: WSGIApplication, listening: socket.socket, when_ready: Callable[[], None]) -> None:
    """Answer until SIGTERM or SIGINT, and then what is at work, for `GRACE` seconds at most."""
    # Waited for in this thread and blocked in those that follow: a handler of Python may run late, or not at all, where
    # another thread was chosen to take the signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    ended = threading.Event()
    ending = native.WorkerSignal()
    ending.add_cb(ended.set)
    is_path = listening.family == socket.AF_UNIX
    backlog = (BACKLOG,) if sys.platform.startswith(("linux", "freebsd")) else ()
    worker = native.WSGIWorker(
        1,
        (None, native.SocketHolder(listening.fileno(), is_path, *backlog)),
        None,
        py_threads=THREADS,
        backpressure=MOST_CONNECTIONS,
        http_mode="1",
        http1_opts=HTTP1Settings(header_read_timeout=SLOWEST_HEAD * 1000, max_buffer_size=LARGEST_HEAD),
    )
    loop = new_event_loop()  # Granian asks for one, and does not use it here.
    run = worker.serve_mtr_uds if is_path else worker.serve_mtr
    run(_new_cbscheduler(loop, called(application), impl_asyncio=True), loop, ending)
    when_ready()
    signal.sigwait(STOP)
    signal.alarm(GRACE)  # Ends the process.
    _stop_accepting(listening)
    time.sleep(LAST_READ)
    ending.set()
    ended.wait()
    loop.close()


def _stop_accepting(listening: socket.socket) -> None:
    """From now on others get what comes there. A connection that was accepted and not yet read would be closed by
    granian as an idle one, so it accepts from another socket for a moment, and is told to end after that."""
    if sys.platform != "linux":
        return
    with socket.socket(socket.AF_UNIX) as nameless:
        nameless.bind("")  # Linux finds a name that nobody knows.
        nameless.listen()
        nameless.setblocking(False)
        os.dup2(nameless.fileno(), listening.fileno(), inheritable=False)


def listening_socket(number: str = "") -> socket.socket:
    """The socket of this number, or one of our own on HOST and PORT."""
    if number:
        found = socket.socket(fileno=int(number))
        found.setblocking(False)
        return found
    return listen(settings.HOST, settings.PORT)


def loaded() -> WSGIApplication:
    """The application, with all that would otherwise be loaded while the first readers wait."""
    from ketablog.wsgi import application

    _ = get_resolver().url_patterns
    for path in settings.READ_AT_START:
        import_string(path)()
    gc.collect()
    gc.freeze()  # The collector need not look at it again; where processes share it, it would copy it.
    return application


def say_ready() -> None:
    """To whoever started it: systemd is told as it asks to be, people in words."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.sendto(b"READY=1", address.replace("@", "\0", 1))
    print(f"{settings.SITE_URL}/ is up.", flush=True)  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketablog.settings")
    try:
        serve(loaded(), listening_socket(*sys.argv[1:2]), say_ready)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
