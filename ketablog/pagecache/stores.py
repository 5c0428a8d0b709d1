"""Where pages are stored: in the memory of a process, and in a folder that the processes of a machine share.

Both hold the pages of one version alone; those of another one are dropped, as what was taken back may stand in them.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from ketablog.pagecache.pages import Page

MOST_BYTES = 16 * 1024 * 1024
MOST_FILES_BYTES = 256 * 1024 * 1024
PART = re.compile(r"[\w.~-]{1,80}", re.ASCII)
SUFFIXES = {"": "", "gzip": ".gz", "br": ".br"}
VERSION = re.compile(r"[0-9a-f]{16}")
GRACE = 10  # Seconds.
TURNS = 64
LONGEST_TURN = 5  # Seconds that one process waits for another to make the same page.
# What nginx adds to a page by itself. A page with other headers is not for nginx.
OF_EVERY_PAGE = {
    "content-type",
    "content-language",
    "cache-control",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
}


class Memory:
    """The pages of the version that was asked for last, up to `MOST_BYTES`: the oldest go first."""

    def __init__(self) -> None:
        self.version = ""
        self.pages: dict[object, Page] = {}
        self.size = 0

    def get(self, key: object, version: str) -> Page | None:
        page = self.pages.get(key)
        return page if page is not None and page.version == version else None

    def see(self, version: str) -> bool:
        """From now on this is the version; pages of another one are dropped. Whether it is a new one."""
        if version == self.version:
            return False
        self.version, self.pages, self.size = version, {}, 0
        return True

    def put(self, key: object, page: Page) -> None:
        self.see(page.version)
        former = self.pages.get(key)
        self.pages[key] = page
        self.size += page.size - (former.size if former else 0)
        while self.size > MOST_BYTES and len(self.pages) > 1:
            with contextlib.suppress(StopIteration, KeyError, RuntimeError):  # Another thread does the same.
                self.size -= self.pages.pop(next(iter(self.pages))).size


class Files:
    """A folder for each version. In it, the pages of the site's own address lie under their paths, where nginx finds
    them: `page.html`, `page.html.gz`, `page.html.br`. What is not for nginx is called `page.data`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version, self.written = "", 0

    def get(self, version: str, path: str, query: str) -> Page | None:
        place = self._place(version, path, query)
        if place is None:
            return None
        try:
            head = json.loads((place.parent / f"{place.name}.head").read_text())
            body = (place.parent / head["file"]).read_bytes()
        except (OSError, ValueError, KeyError):
            return None
        page = Page(version, head["status"], [(name, value) for name, value in head["headers"]], body, head["route"])
        for form in ("gzip", "br"):
            with contextlib.suppress(OSError):
                page.add(form, (place.parent / f"{head['file']}{SUFFIXES[form]}").read_bytes())
        return page

    def put(self, page: Page, path: str, query: str) -> None:
        """Store what is not stored yet of this page. A folder that is full or read-only stores nothing."""
        place = self._place(page.version, path, query)
        if place is None:
            return
        if page.version != self.version:
            self.version, self.written = page.version, 0
        if self.written > MOST_FILES_BYTES:
            return
        is_for_nginx = not query and page.kind == "text/html; charset=utf-8" and _has_no_headers_of_its_own(page)
        name = f"{place.name}.{'html' if is_for_nginx else 'data'}"
        head = {"status": page.status, "headers": page.headers, "route": page.route, "file": name}
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            for form, (_headers, body) in page.answers.items():
                self._write(place.parent / f"{name}{SUFFIXES[form]}", body, page.stamp)
            self._write(place.parent / f"{place.name}.head", json.dumps(head).encode(), page.stamp)

    @contextlib.contextmanager
    def turn(self, version: str, path: str, query: str) -> Iterator[None]:
        """One process of this machine at a time makes a page, for as long as that may take."""
        number = int(sha256(f"{path}?{query}".encode(errors="replace")).hexdigest(), 16) % TURNS
        try:
            (self.folder / "turns").mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "turns" / str(number)).open("w")
        except OSError:
            yield
            return
        with lock:
            until = time.monotonic() + LONGEST_TURN
            while not _locked(lock) and time.monotonic() < until:
                time.sleep(0.002)
            yield

    def drop_others(self, version: str | None) -> None:
        """Remove the folders of other versions, once nobody is in the middle of reading or writing them."""
        with contextlib.suppress(OSError):
            for folder in self.folder.iterdir():
                is_old = VERSION.fullmatch(folder.name) and folder.name != version
                # Of a clock that was set back, too.
                if is_old and abs(time.time() - folder.stat().st_mtime) > GRACE:
                    shutil.rmtree(folder, ignore_errors=True)

    def _place(self, version: str, path: str, query: str) -> Path | None:
        parts = [part for part in path.split("/") if part]
        if not all(PART.fullmatch(part) and not part.startswith(".") for part in parts) or "//" in path:
            return None
        name = "page" if not query else f"page-{sha256(query.encode()).hexdigest()[:32]}"
        # What ends without a slash is another address than what ends with one.
        return self.folder.joinpath(version, *parts, name if path.endswith("/") else f"{name}-without-slash")

    def _write(self, path: Path, body: bytes, stamp: int) -> None:
        if path.exists():
            return
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        os.chmod(name, 0o644)
        os.utime(name, (stamp, stamp))
        os.replace(name, path)
        self.written += len(body)


def _locked(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _has_no_headers_of_its_own(page: Page) -> bool:
    return {name.lower() for name, _value in page.headers} <= OF_EVERY_PAGE
