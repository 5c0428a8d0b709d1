"""What keeps the version true in the long run: a thread of the task worker that looks each second.

It mends what a crash between commit and answer left behind, moves the version when an article comes out by itself and
when the date turns, drops the pages of old versions, and tells a CDN. Several workers may do so at once.
"""

import logging
import threading
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import Error, close_old_connections, connections
from django.utils import timezone
from django.utils.module_loading import import_string

from ketablog import site
from ketablog.pagecache import freshness
from ketablog.pagecache.cdn import Purger
from ketablog.pagecache.mirrors import mirror
from ketablog.pagecache.stores import Files

logger = logging.getLogger("ketablog.pagecache")
PAUSE = 1  # Second.
DAY = timedelta(days=1)
LATE = timedelta(seconds=5)  # By how much the clock of another machine may be behind.


class Keeper:
    def __init__(self) -> None:
        self.files = Files(settings.PAGES_DIR)
        self.purger = Purger() if settings.CDN_PURGE_URL else None
        self.version: str | None = None
        self.turn: datetime | None = None
        self.looked: datetime | None = None

    def start(self) -> None:
        """Look each second, in a thread that ends with the process."""
        threading.Thread(target=self._run, name="pages", daemon=True).start()

    def look(self) -> None:
        """Once. Raises what the database raises."""
        now = timezone.now()
        freshness.reconcile()
        # What came out while no worker ran is not known, so the first look begins with a new version.
        if self.turn is None or now >= self.turn:
            mirror().renew()
        version = mirror().version()
        if version and version != self.version:
            # What comes out between two looks may have been stored between them as well.
            since = self.looked or now
            self.version, self.turn = version, min(next_turn(since), next_turn(since - LATE) + LATE)
            if self.purger:
                self.purger.purge()
        self.looked = now
        self.files.drop_others(version)

    def _run(self) -> None:
        pause, is_well = threading.Event(), True
        while not pause.wait(PAUSE):
            try:
                self.look()
                is_well = True
            except (Error, OSError) as error:
                connections.close_all()
                if is_well:  # It is said once, not each second.
                    logger.error("the version of pages is not looked after: %s", type(error).__name__)
                is_well = False
            close_old_connections()  # Those of a pool go back to it.


def next_turn(now: datetime) -> datetime:
    """When time alone next changes a page: at midnight, in UTC and here, or as `settings.CHANGED_BY_TIME` say."""
    moments = [import_string(path)(now) for path in settings.CHANGED_BY_TIME]
    with site.in_force(site.current()):
        zones = (UTC, timezone.get_current_timezone())
    moments += [_midnight_after(now.astimezone(zone)) for zone in zones]
    return min(moment for moment in moments if moment)


def _midnight_after(now: datetime) -> datetime:
    return (now + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
