"""What to do while a server that we need is away: ask it seldom, and go on when it is back."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections

P = ParamSpec("P")
R = TypeVar("R")

AWAY = (OperationalError, InterfaceError)  # What Django raises where the database does not answer.
PAUSE = 1.0  # Seconds.
logger = logging.getLogger("ketablog.outages")


class Outage:
    """Remembers for a moment that a server did not answer: one asks again, and the others do not wait for that."""

    def __init__(self, pause: float = PAUSE) -> None:
        self.pause = pause
        self._until = 0.0
        self._lock = Lock()

    def is_on(self) -> bool:
        """Whether not to ask. When the pause is over, the first to come is told to ask, once a pause."""
        if not self._until:
            return False
        with self._lock:
            now = time.monotonic()
            if not self._until or now < self._until:
                return bool(self._until)
            self._until = now + self.pause
            return False

    def begins(self) -> None:
        self._until = time.monotonic() + self.pause

    def ends(self) -> None:
        self._until = 0.0


def wait_for_database() -> None:
    """Come back when the database answers, however long that takes; a second at least."""
    is_told = False
    while True:
        time.sleep(PAUSE)
        try:
            connections.close_all()
            connection.ensure_connection()
            break
        except DatabaseError as error:
            if not is_told:
                logger.warning("the database does not answer (%s); asking it every second", type(error).__name__)
            is_told = True
    if is_told:
        logger.warning("the database answers again")


def again_after_outages(function: Callable[P, R], tries: int | None = None) -> Callable[P, R]:
    """The function, called again once the database is back where it went away meanwhile: so often at most.

    Only for what may be done twice. Within a transaction nothing is tried again: what came before it is lost as well.
    """

    @wraps(function)
    def patiently(*args: P.args, **kwargs: P.kwargs) -> R:
        left = tries
        while True:
            try:
                return function(*args, **kwargs)
            except AWAY:
                left = None if left is None else left - 1
                if left == 0 or connection.in_atomic_block:
                    raise
            wait_for_database()

    return patiently
