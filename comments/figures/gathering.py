"""The figures of the desk: what waits, how long decisions took, which rules hit, who decided, how much comes.

A constant number of queries. Times are computed here, of the newest decisions alone, as SQLite knows no percentiles
and no database the clinic's hours.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import promise, reasons
from comments.figures import charts
from comments.figures.durations import in_words
from comments.models import Comment, Decision, RuleHit
from ketablog.models import User
from ketablog.site import SiteSettings

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RANGES = (30, 90, 365)
SAMPLE = 2000
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_DAYS = 90  # Beyond them a column is a week.
STEPS: list[tuple[timedelta, StrOrPromise]] = [
    (HOUR, _("less than 1 hour")),
    (4 * HOUR, _("1 to 4 hours")),
    (8 * HOUR, _("4 to 8 hours")),
    (24 * HOUR, _("8 to 24 hours")),
    (timedelta.max, _("24 hours and more")),
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits now."""

    n: int
    urgent: int
    reported: int
    oldest: datetime | None
    late: int


@dataclass(frozen=True, slots=True)
class Times:
    """How long decisions took: by the clock, and in the hours that staff are there."""

    n: int
    median: str
    slow: str
    median_open: str
    slow_open: str
    kept: int
    steps: list[tuple[StrOrPromise, int, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    label: StrOrPromise
    hits: int
    decided: int
    wrong: int
    bar: str
    wrong_bar: str


@dataclass(frozen=True, slots=True)
class Moderator:
    name: str
    decisions: int
    median: str
    bar: str


@dataclass(frozen=True, slots=True)
class Took:
    """One decision of the sample."""

    by: int
    time: timedelta
    open_time: timedelta


def waiting(site: SiteSettings) -> Waiting:
    """What waits now, and how much of it for longer than promised."""
    awaiting = Comment.objects.awaiting()
    sinces = awaiting.waiting_since()
    late = bisect_right(sinces, timezone.now(), key=lambda since: promise.due(since, site) or promise.NEVER)
    return Waiting(
        n=len(sinces),
        urgent=awaiting.urgent(True).count(),
        reported=Comment.objects.decided().reported().count(),
        oldest=sinces[0] if sinces else None,
        late=late,
    )


def sample(since: datetime, site: SiteSettings) -> list[Took]:
    """How long each of the newest decisions took that ended a reply's waiting, up to 2,000 of them."""
    hours = site.hours
    rows = Decision.objects.that_ended_waiting(since).with_waited_since().values_list("by", "waited_since", "at")  # type: ignore[misc]
    return [Took(by, at - waited, hours.between(waited, at)) for by, waited, at in rows[:SAMPLE]]


def times(decisions: list[Took], site: SiteSettings) -> Times | None:
    """The figures of a sample; `None` where nothing was decided."""
    if not decisions:
        return None
    by_clock, in_hours = sorted(took.time for took in decisions), sorted(took.open_time for took in decisions)
    promised = timedelta(hours=site.answer_within_hours)
    ends = [bisect_right(in_hours, step - timedelta.resolution) for step, _label in STEPS]
    counts = [end - before for before, end in zip([0, *ends], ends, strict=False)]
    return Times(
        n=len(decisions),
        median=in_words(within(by_clock, 0.5)),
        slow=in_words(within(by_clock, 0.9)),
        median_open=in_words(within(in_hours, 0.5)),
        slow_open=in_words(within(in_hours, 0.9)),
        kept=round(100 * bisect_right(in_hours, promised) / len(in_hours)),
        steps=[(label, n, charts.share(n, max(counts))) for (_end, label), n in zip(STEPS, counts, strict=True)],
    )


def within(in_order: list[timedelta], part: float) -> timedelta:
    """What this part of them did not take longer than."""
    return in_order[math.ceil(part * len(in_order)) - 1]


def rules(since: datetime) -> list[Rule]:
    """Each rule that hit, the most frequent one first."""
    rows = RuleHit.objects.by_rule(since)
    most = rows[0][1] if rows else 0
    return [
        Rule(
            reasons.describe([{"rule": name}])[0],
            hits,
            decided,
            wrong,
            charts.share(hits, most),
            charts.share(wrong, most),
        )
        for name, hits, decided, wrong in rows
    ]


def moderators(since: datetime, decisions: list[Took]) -> list[Moderator]:
    """Who decided how much, who decided most first; how long it took is told of the sample."""
    took: dict[int, list[timedelta]] = defaultdict(list)
    for decision in decisions:
        took[decision.by].append(decision.open_time)
    ended = Decision.objects.that_ended_waiting(since).order_by()
    counts = dict(ended.values_list("by").annotate(n=Count("pk")).order_by("-n", "by"))
    people = User.objects.in_bulk(list(counts))
    most = max(counts.values(), default=0)
    return [
        Moderator(
            people[by].shown_name, n, in_words(within(sorted(took[by]), 0.5)) if took[by] else "", charts.share(n, most)
        )
        for by, n in counts.items()
        if by in people
    ]


def a_day(days: int) -> charts.Columns:
    """How many replies came each day up to today, and how much of that is spam; a column a week for a whole year."""
    today = timezone.localdate()
    first = today - (days - 1) * DAY
    midnight = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    counts = {day: (n, spam) for day, n, spam in Comment.objects.written_since(midnight).a_day()}
    width = 1 if days <= MOST_DAYS else 7
    starts = [first + number * width * DAY for number in range(math.ceil(days / width))]
    return charts.stack([(start, *_sum(counts, start, width)) for start in starts])


def _sum(counts: dict[date, tuple[int, int]], start: date, width: int) -> tuple[int, int]:
    rows = [counts.get(start + number * DAY, (0, 0)) for number in range(width)]
    return sum(n for n, _spam in rows), sum(spam for _n, spam in rows)
