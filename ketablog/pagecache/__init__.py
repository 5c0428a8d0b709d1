"""Public pages, answered from stored bytes before Django is asked, and fresh all the same.

`front.py` stands before Django and answers; `pages.py` is one stored page, `memory.py` and `files.py` are where it is
stored: for this process, and for all processes of the machine and the nginx before them.

Freshness is one version for all that is public (`freshness.py`). Whatever writes to a table that readers see moves it:
a row says so in the same transaction, and the version, which is readable without the database (`mirrors.py`), is taken
away before the commit and is another one before the answer. `keeper.py`, in the task worker, mends what a crash left
behind, and moves the version where time alone changes a page. Reasons: docs/decisions/0021-page-cache.md.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings


def put_before(application: Callable[..., Any]) -> Callable[..., Any]:
    """The application with the page cache before it. The code may be another one than that which made the pages that
    are stored, so all of them are made anew; where that cannot be said, none are stored.
    """
    if not settings.PAGE_CACHE:
        return application
    from ketablog.pagecache import freshness
    from ketablog.pagecache.front import Front

    return Front(application) if freshness.renew() else application
