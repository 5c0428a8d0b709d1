"""The version of all that is public, readable without the database: a link in a folder, or a key in Redis.

While something is being changed there is no version, and pages are stored and answered under none.
"""

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.cache import caches
from django.db import connection

FORGOTTEN_AFTER = 3  # Seconds after which a change that never came to its end no longer counts.
DONE_FOR = 60  # Seconds for which it is remembered which changes were made whole: a keeper asks for them each second.


class Mirror(Protocol):
    def version(self) -> str | None:
        """The present version; `None` while it is not known."""

    def begin(self, change: str) -> None:
        """From now on, and until this change is done, there is no version."""

    def done(self, change: str) -> None:
        """The change holds: the version is a new one, unless others are still being made."""

    def renew(self) -> None:
        """The version is a new one, unless something is being changed."""

    def reconcile(self, stored: set[str]) -> set[str]:
        """Forget changes that never came to an end. The version is a new one where that was so, where there was none,
        or where the end of one of the `stored` changes was never heard of. Returns those that are over.
        """


def new_version() -> str:
    return secrets.token_hex(8)


class FolderMirror:
    """A link named `current` to the folder of the version: one machine, and nginx can follow it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current = str(folder / "current")
        self.pending, self.finished = folder / "pending", folder / "done"

    def version(self) -> str | None:
        try:
            return os.readlink(self.current)
        except OSError:
            return None

    def begin(self, change: str) -> None:
        with self._alone():
            # First of all, so that on a full disk there is no version rather than an old one.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.current)
            (self.pending / change).touch()

    def done(self, change: str) -> None:
        with self._alone():
            (self.pending / change).unlink(missing_ok=True)
            (self.finished / change).touch()
            self._move()

    def renew(self) -> None:
        with self._alone():
            self._move()

    def reconcile(self, stored: set[str]) -> set[str]:
        with self._alone():
            forgotten = _remove_older(self.pending, FORGOTTEN_AFTER)
            _remove_older(self.finished, DONE_FOR)
            over = stored - set(os.listdir(self.pending))
            if forgotten or over - set(os.listdir(self.finished)) or self.version() is None:
                self._move()
        return over

    def _move(self) -> None:
        if any(self.pending.iterdir()):
            return
        version = new_version()
        link = self.folder / f"{version}.link"
        link.symlink_to(version)
        link.replace(self.current)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time: whoever sets the version must know that nobody takes it away at that moment."""
        self.pending.mkdir(parents=True, exist_ok=True)
        self.finished.mkdir(exist_ok=True)
        # The folder itself: a file could belong to another user, such as root, who ran a command once.
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _remove_older(folder: Path, seconds: float) -> bool:
    """Whether there were any; those of a clock that was set back are."""
    old = [path for path in folder.iterdir() if abs(time.time() - path.stat().st_mtime) > seconds]
    for path in old:
        path.unlink()
    return bool(old)


class RedisMirror:
    """A key in Redis, for several machines. Each step is one script, which Redis runs alone.

    Where Redis is away there is no version; nothing else fails.
    """

    # Changes are kept with the time at which they began, by the clock of Redis.
    BEGIN = """
        redis.call('ZADD', KEYS[2], redis.call('TIME')[1], ARGV[1])
        redis.call('DEL', KEYS[1])
    """
    DONE = """
        redis.call('ZREM', KEYS[2], ARGV[1])
        redis.call('ZADD', KEYS[3], redis.call('TIME')[1], ARGV[1])
        if redis.call('ZCARD', KEYS[2]) == 0 then redis.call('SET', KEYS[1], ARGV[2]) end
    """
    RENEW = """
        if redis.call('ZCARD', KEYS[2]) == 0 then redis.call('SET', KEYS[1], ARGV[1]) end
    """
    RECONCILE = """
        local now, over = redis.call('TIME')[1], {}
        local is_new = redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, now - ARGV[2]) > 0
        redis.call('ZREMRANGEBYSCORE', KEYS[3], 0, now - ARGV[3])
        for i = 4, #ARGV do
            if not redis.call('ZSCORE', KEYS[2], ARGV[i]) then
                table.insert(over, ARGV[i])
                is_new = is_new or not redis.call('ZSCORE', KEYS[3], ARGV[i])
            end
        end
        is_new = is_new or redis.call('EXISTS', KEYS[1]) == 0
        if is_new and redis.call('ZCARD', KEYS[2]) == 0 then redis.call('SET', KEYS[1], ARGV[1]) end
        return over
    """

    def __init__(self) -> None:
        from redis import Redis

        self.client = caches["default"]._cache.get_client(None, write=True)  # type: ignore[attr-defined]
        # Sites may share a Redis, never a database. With braces, all three keys lie on one node of a cluster.
        site = sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:16]
        self.keys = [f"{{ketablog.pages.{site}}}:{name}" for name in ("version", "pending", "done")]
        # Reading gives up for a second where Redis was away a moment ago (`redis_cache.OneTry`). A change is told all
        # the same: another machine may have found Redis again already.
        insistent = Redis(connection_pool=self.client.connection_pool)
        names = ("BEGIN", "DONE", "RENEW", "RECONCILE")
        self._scripts = {name: insistent.register_script(getattr(self, name)) for name in names}

    def version(self) -> str | None:
        try:
            found = self.client.get(self.keys[0])
        except self._errors:
            return None
        return found.decode() if found else None

    def begin(self, change: str) -> None:
        self._run("BEGIN", change)

    def done(self, change: str) -> None:
        self._run("DONE", change, new_version())

    def renew(self) -> None:
        self._run("RENEW", new_version())

    def reconcile(self, stored: set[str]) -> set[str]:
        over = self._run("RECONCILE", new_version(), FORGOTTEN_AFTER, DONE_FOR, *stored)
        return {change.decode() for change in over or []}

    def _run(self, name: str, *arguments: str | int) -> Any:
        with contextlib.suppress(*self._errors):
            return self._scripts[name](keys=self.keys, args=arguments)

    @property
    def _errors(self) -> tuple[type[Exception], ...]:
        import redis

        return (redis.RedisError, OSError)


@cache
def mirror() -> Mirror:
    """The one that all processes of this site share."""
    if settings.CACHES["default"]["BACKEND"].endswith("RedisCache"):
        return RedisMirror()
    return FolderMirror(settings.PAGES_DIR)
