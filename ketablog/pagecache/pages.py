"""One stored page: the bytes of its answer, plain and compressed, and the headers that go with each."""

import hashlib
import re
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import brotli

StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]
FORMS = ("br", "gzip", "")  # As Accept-Encoding names them, the best first.
OF_ONE_FORM = {"content-length", "content-encoding", "etag", "vary", "connection"}
COMPRESSED = re.compile(r"(?:text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/manifest)")
LEAST = 500  # Bytes below which compressing gains nothing.
OF_A_BODY = {"content-length", "content-encoding", "content-type"}
REFUSED = re.compile(r"\s*;\s*q=0(?:\.0{0,3})?\s*$", re.IGNORECASE)
STAMP_BITS = 31  # A number that every file system takes for a time; see `Page.stamp`.


class Page:
    """An answer to everybody. It never changes but for getting smaller forms (`add`)."""

    __slots__ = ("answers", "headers", "is_queued", "route", "size", "stamp", "status", "version")

    def __init__(self, version: str, status: str, headers: Headers, body: bytes, route: str) -> None:
        self.version, self.status, self.route = version, status, route
        self.headers = [(name, value) for name, value in headers if name.lower() not in OF_ONE_FORM]
        self.is_queued = False
        # Made of the content, and the time of its file: so nginx, whose ETag is a file's time and size, gives the same
        # ETag as we do, and another one whenever the content is another one.
        digest = hashlib.blake2b(body, digest_size=8).digest()
        self.stamp = int.from_bytes(digest, "big") >> (64 - STAMP_BITS)
        self.answers: dict[str, tuple[Headers, bytes]] = {}
        # For all forms together, so that a page weighs the same from the day it is stored.
        self.size = 2 * len(body)
        self.add("", body)

    @property
    def body(self) -> bytes:
        return self.answers[""][1]

    @property
    def kind(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")

    @property
    def can_be_compressed(self) -> bool:
        return len(self.body) >= LEAST and bool(COMPRESSED.match(self.kind))

    def add(self, form: str, body: bytes) -> None:
        """Keep another form of the content, unless it is no smaller."""
        if form and len(body) >= len(self.body):
            return
        own = [("Content-Length", str(len(body))), ("Vary", "Accept-Encoding")]
        if self.status.startswith("200"):
            own.append(("ETag", f'"{self.stamp:x}-{len(body):x}"'))
        if form:
            own.append(("Content-Encoding", form))
        # Another dictionary, so that whoever answers at this moment sees the one or the other.
        self.answers = {**self.answers, form: ([*self.headers, *own], body)}

    @property
    def is_for_everybody(self) -> bool:
        """Whether the answer may be given to somebody else too."""
        given = {name.lower(): value for name, value in self.headers}
        keep = given.get("cache-control", "")
        is_private = "private" in keep or "no-store" in keep or "set-cookie" in given
        return self.status.startswith("200") and not is_private

    def stale(self) -> "Page":
        """The same page, saying that it may be an old one, as the database is away."""
        headers = [(name, value) for name, value in self.headers if name.lower() != "cache-control"]
        headers += [("Cache-Control", "no-cache"), ("Ketablog-Stale", "database")]
        return Page("", self.status, headers, self.body, self.route)

    def replace_header(self, name: str, old: str, new: str) -> None:
        self.headers = [(given, new if (given, value) == (name, old) else value) for given, value in self.headers]
        self.add("", self.body)

    def answer(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        """The form that the browser takes; 304 where it has this content already, in whatever form."""
        answers = self.answers
        for form in accepted(environ.get("HTTP_ACCEPT_ENCODING", "")):
            if form in answers:
                break
        headers, body = answers[form]
        if ("HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ) and self._is_known(environ):
            start_response("304 Not Modified", headers_of_304(headers))
            return []
        start_response(self.status, list(headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _is_known(self, environ: dict[str, Any]) -> bool:
        """Whether the browser has this content: by its ETag or, of what has a date and sends no ETag, by the date."""
        if not self.status.startswith("200"):
            return False
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None:
            return known.strip() == "*" or f'"{self.stamp:x}-' in known
        return ("Last-Modified", environ["HTTP_IF_MODIFIED_SINCE"]) in self.headers


@lru_cache(maxsize=200)
def accepted(header: str) -> tuple[str, ...]:
    """The forms that an Accept-Encoding takes, the best first. What is not compressed is always taken."""
    refused: set[str] = set()
    taken: set[str] = set()
    for part in header.lower().split(","):
        name = part.partition(";")[0].strip()
        (refused if REFUSED.search(part) else taken).add(name)
    is_taken = {form: form in taken or ("*" in taken and form not in refused) for form in FORMS}
    return tuple(form for form in FORMS if not form or is_taken[form])


def headers_of_304(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in OF_A_BODY]


def gzipped(body: bytes) -> bytes:
    # wbits 31 writes a header without a time: the same content gives the same bytes.
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def brotlied(body: bytes) -> bytes:
    """A fifth smaller, and forty times as much work: for pages that are asked for again, and never in a request."""
    return brotli.compress(body, mode=brotli.MODE_TEXT, quality=11)
