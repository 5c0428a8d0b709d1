"""The page cache in a test: the application as a web server calls it, and what it answered."""

import io
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from ketablog.pagecache.front import Front
from ketablog.wsgi import without_page_cache


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class CountingSite:
    """Django, which counts what it is asked for."""

    asked: list[str] = field(default_factory=list)

    def __call__(self, environ, start_response):
        self.asked.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}".rstrip("?"))
        return without_page_cache(environ, start_response)


class Reader:
    """Somebody who asks, through the page cache of one process."""

    def __init__(self) -> None:
        self.site = CountingSite()
        self.front = Front(self.site)

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        said: list[Any] = []
        answer = self.front(
            environ_of(address, method, **headers), lambda status, given, exc_info=None: said.extend((status, given))
        )
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        return Answer(int(said[-2].split()[0]), dict(said[-1]), body)

    @property
    def asked(self) -> list[str]:
        """What Django was asked for since this was last read."""
        asked, self.site.asked = self.site.asked, []
        return asked


def environ_of(address: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """What a web server makes of a request for this address."""
    parts = urlsplit(address)
    path = unquote(quote(parts.path, safe="/%"), encoding="latin-1")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **headers,
    }
