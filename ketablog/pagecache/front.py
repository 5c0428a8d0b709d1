"""What stands before Django: a stored page where there is one, and Django's answer, stored, where there is none."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from ketablog.pagecache.declared import DATABASE_AWAY, parameters_of
from ketablog.pagecache.mirrors import mirror
from ketablog.pagecache.pages import Page, StartResponse, brotlied, gzipped
from ketablog.pagecache.stores import LONGEST_TURN, TURNS, Files, Memory

Environ = dict[str, Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
# What a browser says of itself, and no page for everybody depends on.
OF_THE_READER = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_COOKIE")
# A cache between us and the readers may keep a page for as long, where it is told of each change (`keeper.py`).
FOR_CDN = "max-age=0, must-revalidate, s-maxage=3600"
# Pages to be made smaller are held in memory meanwhile; those that come when so many wait are asked for again.
LEAST_URGENT = 19  # As `nice` counts.
MOST_WAITING = 100


class Key(NamedTuple):
    path: str
    query: str
    host: str
    is_secure: bool


class Front:
    """A WSGI application around another one.

    Pages for everybody (`declared.for_everybody`) are answered from what is stored under the present version. All else
    passes by: other methods, who is signed in, a person's own pages, and everything while no version is known.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.mirror = mirror()
        self.memory, self.files = Memory(), Files(settings.PAGES_DIR)
        self.turns = [threading.Lock() for _ in range(TURNS)]
        self.waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.session = f"{settings.SESSION_COOKIE_NAME}="
        self.proxy_says, self.secure = settings.SECURE_PROXY_SSL_HEADER or ("wsgi.url_scheme", "https")
        self.host = urlsplit(settings.SITE_URL).netloc
        self.has_thread = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or self.session in environ.get("HTTP_COOKIE", ""):
            return self.application(environ, start_response)
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if query:
            parameters = parameters_of(path)
            query = parameters.canonical(query) if parameters else None
            if query is None:
                return self.application(environ, start_response)
        # As Django reads it: of several proxies the first.
        scheme = environ.get(self.proxy_says, "").partition(",")[0].strip()
        key = Key(path, query, environ.get("HTTP_HOST", ""), scheme == self.secure)
        version = self.mirror.version()
        page = self.memory.get(key, version) if version else None
        if page is None:
            return self._miss(key, version, environ, start_response)
        if not page.is_queued and self.waiting.qsize() < MOST_WAITING:
            page.is_queued = True
            self._make_smaller_later(key, page)
        environ["ketablog.route"] = page.route
        return page.answer(environ, start_response)

    def _miss(self, key: Key, version: str | None, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if parameters_of(key.path) is None:
            return self.application(environ, start_response)
        if version is None:
            page, is_database_away = self._ask(key, "", environ)
            if is_database_away and (last := self._last(key)):
                page = last.stale()
        else:
            is_new = self.memory.see(version)
            with self._turn(key, version):
                page = self._find(key, version) or self._store(key, version, environ)
            if is_new:
                self._later(self._drop_others)
        environ["ketablog.route"] = page.route
        return page.answer(environ, start_response)

    def _find(self, key: Key, version: str) -> Page | None:
        page = self.memory.get(key, version)
        if page is None and self._is_our_own(key):
            page = self.files.get(version, key.path, key.query)
            if page is not None:
                self.memory.put(key, page)
        return page

    def _store(self, key: Key, version: str, environ: Environ) -> Page:
        page, is_database_away = self._ask(key, version, environ)
        if page.is_for_everybody and not is_database_away:
            self.memory.put(key, page)
            if self._is_our_own(key):
                self.files.put(page, key.path, key.query)
        return page

    def _last(self, key: Key) -> Page | None:
        """The page as it was before the version was lost. While the database is away nothing can change it."""
        return self._find(key, self.memory.version) if self.memory.version else None

    def _ask(self, key: Key, version: str, environ: Environ) -> tuple[Page, bool]:
        """Django's answer, the same for all who ask; and whether that is what it is because the database is away."""
        asked = {name: value for name, value in environ.items() if name not in OF_THE_READER}
        asked.update(REQUEST_METHOD="GET", QUERY_STRING=key.query)
        said: list[Any] = []
        answer = self.application(asked, lambda status, headers, exc_info=None: said.extend((status, headers)))
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        status, headers = said[-2:]
        page = Page(version, status, headers, body, asked.get("ketablog.route", "(no route)"))
        if version and settings.CDN_PURGE_URL:
            page.replace_header("Cache-Control", "no-cache", FOR_CDN)
        if page.can_be_compressed:
            page.add("gzip", gzipped(body))
        return page, DATABASE_AWAY in asked

    @contextmanager
    def _turn(self, key: Key, version: str) -> Iterator[None]:
        """Many who ask for the same page at once wait for the first, who makes it."""
        turn = self.turns[hash(key) % TURNS]
        is_taken = turn.acquire(timeout=LONGEST_TURN)
        try:
            if self._is_our_own(key):
                with self.files.turn(version, key.path, key.query):
                    yield
            else:
                yield
        finally:
            if is_taken:
                turn.release()

    def _is_our_own(self, key: Key) -> bool:
        """Whether the address is the one that the site goes by; under other names of the machine, memory is enough."""
        return key.host == self.host and key.is_secure == settings.IS_HTTPS

    def _later(self, act: Callable[[], None]) -> None:
        """Do it beside the requests."""
        self.waiting.put(act)
        # Not before: this was made in the process that the web server's processes were forked from.
        if not self.has_thread:
            self.has_thread = True
            threading.Thread(target=self._work, name="smaller pages", daemon=True).start()

    def _work(self) -> None:
        with suppress(AttributeError, OSError):  # Linux alone can do so for a thread. Nobody waits for this one.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST_URGENT)
        while True:
            self.waiting.get()()

    def _make_smaller_later(self, key: Key, page: Page) -> None:
        self._later(partial(self._make_smaller, key, page))

    def _make_smaller(self, key: Key, page: Page) -> None:
        """Compress what was asked for a second time."""
        if not page.can_be_compressed or "br" in page.answers or page.version != self.memory.version:
            return
        page.add("br", brotlied(page.body))
        if self._is_our_own(key):
            self.files.put(page, key.path, key.query)

    def _drop_others(self) -> None:
        """The keeper does so too, where there is one on this machine."""
        if version := self.mirror.version():
            self.files.drop_others(version)
