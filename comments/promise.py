"""By when staff mean to have decided a reply: so many hours of those that they are there."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from comments.models import Comment
from ketablog.site import SiteSettings

NEVER = datetime.max.replace(tzinfo=UTC)
# A mail warns while so much of the time is left.
LEFT = 0.25


def due(since: datetime, site: SiteSettings) -> datetime | None:
    """By when what waits since then is to be decided; `None` without a promise, or where staff are away for a year."""
    return site.hours.after(since, _promised(site)) if site.answer_within_hours else None


def look_by(comment: Comment, site: SiteSettings) -> datetime | None:
    """By when its writer may expect that somebody has looked; `None` where nothing is promised, or that is over."""
    # The same for spam, which tells its writer nothing.
    moment = due(max(comment.created_at, comment.edited_at or comment.created_at), site)
    return moment if moment and moment > timezone.now() else None


def newest_to_warn_of(sinces: list[datetime], site: SiteSettings) -> datetime | None:
    """Of those that wait since these moments, the longest first: the last one whose time is running out, or is over."""
    hours, before_warning = site.hours, _promised(site) * (1 - LEFT)
    # Who came later is due later, or at the same time.
    number = bisect_right(sinces, timezone.now(), key=lambda since: hours.after(since, before_warning) or NEVER)
    return sinces[number - 1] if number else None


def _promised(site: SiteSettings) -> timedelta:
    return timedelta(hours=site.answer_within_hours)
