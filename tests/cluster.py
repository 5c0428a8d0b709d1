"""What a site on many machines consists of, each part a process of its own that a test may kill."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from audit.demo_site import free_port
from tests.nginx import NAME, program
from tests.running import PATIENCE, Program, running


class Node:
    """A web server and a task worker, as on a machine of their own."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.port = int(env["PORT"])
        self._stack = contextlib.ExitStack()
        self._program: Program | None = None

    def start(self) -> None:
        self._program = self._stack.enter_context(running("manage.py", "serve", "--no-demo", env=self.env))
        self._program.read_until("is up.")
        # Nobody reads on, and a full pipe would hold the server up.
        reading = threading.Thread(target=_drain, args=[self._program.process.stdout.fileno()])
        reading.start()
        self._stack.callback(reading.join)
        self._stack.callback(self._program.kill)

    def kill(self) -> None:
        """All of its processes at once."""
        self._program.kill()
        self._stack.close()

    def ask(self, path: str, method: str = "GET", form: dict | None = None, **headers: str) -> tuple[int, str, dict]:
        """Status, page and headers, asked as nginx asks. Raises `OSError` or `HTTPException` where no answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return _ask(connection, path, method, form, {"X-Forwarded-Proto": "https", **headers})


def ask_nginx(
    port: int, path: str, method: str = "GET", form: dict | None = None, address: str = "127.0.0.1", **headers: str
) -> tuple[int, str, dict]:
    """As `Node.ask`, through nginx; `address` is the sender's own, of this machine."""
    import ssl

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(
        "127.0.0.1", port, timeout=PATIENCE, context=context, source_address=(address, 0)
    )
    return _ask(connection, path, method, form, headers)


def _ask(
    connection: http.client.HTTPConnection, path: str, method: str, form: dict | None, headers: dict
) -> tuple[int, str, dict]:
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
    body = urlencode(form) if form is not None else None
    with contextlib.closing(connection):
        connection.request(method, path, body, {"Host": NAME, "Referer": f"https://{NAME}/", **kind, **headers})
        response = connection.getresponse()
        return response.status, response.read().decode(), response.headers


def _drain(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(descriptor, 65536):
            pass


class Moderator:
    """Signed in once, through nginx; any node knows her session."""

    def __init__(self, port: int, username: str, password: str) -> None:
        _status, page, headers = ask_nginx(port, "/admin/login/")
        self.cookies = dict(re.findall(r"^(\w+)=([^;]+)", "\n".join(headers.get_all("Set-Cookie")), re.MULTILINE))
        form = {"username": username, "password": password, "csrfmiddlewaretoken": _token_in(page), "next": "/admin/"}
        status, page, headers = ask_nginx(port, "/admin/login/", "POST", form, Cookie=self._cookie)
        assert status == 302, page
        self.cookies |= re.findall(r"^(\w+)=([^;]+)", "\n".join(headers.get_all("Set-Cookie")), re.MULTILINE)
        _status, page, _headers = ask_nginx(port, "/admin/comments/comment/", Cookie=self._cookie)
        self.token = _token_in(page)

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def approve(self, node: Node, number: int) -> int:
        form = {"decide": f"approve:{number}:1", "csrfmiddlewaretoken": self.token}
        return node.ask("/admin/comments/comment/", "POST", form, Cookie=self._cookie)[0]


def _token_in(page: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


class Gate:
    """Stands before a server; while it is shut, connections are refused and the open ones are cut."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = free_port()
        self._sockets: set[socket.socket] = set()
        self._server: socket.socket | None = None
        self.open()

    def open(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self.port), backlog=64)
        threading.Thread(target=self._accept, args=[self._server], daemon=True).start()

    def shut(self) -> None:
        # A thread that waits in accept() keeps the port open past close().
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for each in list(self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = server.accept()[0]
                try:
                    target = socket.create_connection(self.target)
                except OSError:
                    client.close()
                    continue
                self._sockets |= {client, target}
                for pair in ((client, target), (target, client)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._sockets.discard(source)
        source.close()


class Redis:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.start()

    def start(self) -> None:
        quiet = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        listening = ["--port", str(self.port), "--bind", "127.0.0.1"]
        command = [program("redis-server"), *listening, *quiet]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextlib.contextmanager
def redis_of_its_own(folder: Path) -> Iterator[Redis]:
    redis = Redis(folder)
    try:
        yield redis
    finally:
        redis.kill()
