"""Asking a server as a client does, over one connection that stays open."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie

from bench.speed.sites import HOST, Failed

PATIENCE = 60  # Seconds.


@dataclass(frozen=True, slots=True)
class Answer:
    """`wait` is the seconds until the first byte, `size` all bytes of head and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    wait: float
    size: int

    @property
    def text(self) -> str:
        return self.body.decode()


class Client:
    """Somebody at the other end of a connection."""

    def __init__(self, port: int, **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.headers = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to a GET. Raises `Failed` where it is not 200."""
        answer = self.ask("GET", path, b"", headers)
        if answer.status != 200:
            raise Failed(f"{path} answers {answer.status}.")
        return answer

    def post(self, path: str, form: bytes, **headers: str) -> Answer:
        """The answer to a posted form, whatever it is."""
        return self.ask("POST", path, form, {"Content_Type": "application/x-www-form-urlencoded", **headers})

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items())
        start = time.perf_counter()
        try:
            self.connection.request(method, path, body or None, sent)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server may close a connection that was kept open; a browser asks again, too.
            self.connection.close()
            start = time.perf_counter()
            self.connection.request(method, path, body or None, sent)
            response = self.connection.getresponse()
        wait = time.perf_counter() - start
        content = response.read()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        head = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        size = len("HTTP/1.1 200 OK\r\n\r\n") + head + len(content)
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, content, wait, size)

    def close(self) -> None:
        self.connection.close()
