"""Telling a cache between the site and its readers that it must forget what it holds."""

import logging
import threading
import time
import urllib.request

from django.conf import settings

logger = logging.getLogger("ketablog.pagecache")
AGAIN_AFTER = 5  # Seconds.
PATIENCE = 10


class Purger:
    """Asks for it beside whatever else goes on, and again until the CDN says yes."""

    def __init__(self) -> None:
        self._is_due = threading.Event()
        threading.Thread(target=self._run, name="purge", daemon=True).start()

    def purge(self) -> None:
        """Let the CDN forget everything, now and once more a little later: an answer that was on its way while the
        first request was made may have been kept after it.
        """
        self._is_due.set()

    def _run(self) -> None:
        while self._is_due.wait():
            self._is_due.clear()
            self._insist()
            time.sleep(AGAIN_AFTER)
            self._insist()

    def _insist(self) -> None:
        while not _ask():
            time.sleep(AGAIN_AFTER)


def _ask() -> bool:
    name, _colon, value = settings.CDN_PURGE_HEADER.partition(":")
    headers = {"Content-Type": "application/json", **({name.strip(): value.strip()} if name.strip() else {})}
    request = urllib.request.Request(  # noqa: S310 (the scheme is looked at in settings.py)
        settings.CDN_PURGE_URL, settings.CDN_PURGE_BODY.encode(), headers, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310
            return True
    except (OSError, ValueError) as error:
        # Never what it says: an address of the CDN may hold a key.
        logger.error("the CDN was not told of a change: %s", type(error).__name__)
        return False
