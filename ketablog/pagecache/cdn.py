"""Telling a cache between the site and its readers that it must forget what it holds."""

import logging
import threading
import time
import urllib.request
from http.client import HTTPException

from django.conf import settings

logger = logging.getLogger("ketablog.pagecache")
AGAIN_AFTER = 5  # Seconds.
PATIENCE = 10


class Purger:
    """Asks for it beside whatever else goes on, and again until the CDN says yes."""

    def __init__(self) -> None:
        self.request = purge_request()
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
        while not is_heard(self.request):
            time.sleep(AGAIN_AFTER)


def purge_request() -> urllib.request.Request:
    """What `settings.CDN_PURGE_…` say is to be asked."""
    name, _colon, value = settings.CDN_PURGE_HEADER.partition(":")
    headers = {"Content-Type": "application/json", **({name.strip(): value.strip()} if name.strip() else {})}
    body = settings.CDN_PURGE_BODY.encode()
    return urllib.request.Request(settings.CDN_PURGE_URL, body, headers, method="POST")  # noqa: S310 (env.web_address)


def is_heard(request: urllib.request.Request) -> bool:
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310
            return True
    except (OSError, HTTPException) as error:
        # Never what it says: an address of the CDN may hold a key.
        logger.error("the CDN was not told of a change: %s", type(error).__name__)
        return False
