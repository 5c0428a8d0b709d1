"""Weekly hours and days off as staff write them, and time that is counted only while they are open.

Pure: given the text and a time zone. Without any hours it is always open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# Further ahead nobody looks: whoever is closed for longer than this makes no promise.
FURTHEST = 400
# How a day begins in the languages that the site speaks.
NAMES = {
    **{name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{name: number for number, name in enumerate(("lun", "mar", "mié", "jue", "vie", "sáb", "dom"))},
    "mie": 2,
    "sab": 5,
}
DASH = r"\s*[-–—]\s*"
WORD = r"([^\W\d_]{3,10})\.?"
CLOCK = r"(\d{1,2})[:.](\d{2})"
LINE = re.compile(rf"{WORD}(?:{DASH}{WORD})?[\s:]+(.+)")
SPAN = re.compile(rf"{CLOCK}{DASH}{CLOCK}")
DATE = r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})"
DAY_OFF = re.compile(rf"{DATE}(?:\s+[-–—]\s+{DATE})?(?:\s+(?:[-–—]\s+)?[^\W\d_].*)?")

Minutes = tuple[int, int]
Dates = tuple[tuple[int | None, int, int], tuple[int | None, int, int]]


class Unreadable(ValueError):
    """A line says no hours, or no day off."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(line)
        self.number, self.line = number, line


def read_week(text: str) -> tuple[tuple[Minutes, ...], ...]:
    """When each day from Monday on is open, in minutes since its midnight. Raises `Unreadable`."""
    week: list[list[Minutes]] = [[] for _day in range(7)]
    for number, line in _lines(text):
        match = LINE.fullmatch(line)
        days = _days(match[1], match[2]) if match else []
        spans = [_span(part.strip()) for part in match[3].split(",")] if match else []
        for day in days:
            week[day].extend(span for span in spans if span)
        if not days or None in spans or any(_overlap(week[day]) for day in days):
            raise Unreadable(number, line)
    return tuple(tuple(sorted(spans)) for spans in week)


def read_days_off(text: str) -> tuple[Dates, ...]:
    """The first and the last day of each; those without a year are off every year. Raises `Unreadable`."""
    found = []
    for number, line in _lines(text):
        match = DAY_OFF.fullmatch(line)
        if match is None:
            raise Unreadable(number, line)
        first = _date(*match.groups()[:3])
        last = _date(*match.groups()[3:]) if match[5] else first
        if first is None or last is None or (first[0] is None) != (last[0] is None):
            raise Unreadable(number, line)
        if first[0] is not None and first > last:
            raise Unreadable(number, line)
        found.append((first, last))
    return tuple(found)


@dataclass(frozen=True)
class Hours:
    """Weekly hours in one time zone, but for the days off."""

    week: tuple[tuple[Minutes, ...], ...]
    days_off: tuple[Dates, ...]
    zone: str

    @property
    def are_set(self) -> bool:
        return any(self.week)

    def is_off(self, day: date) -> bool:
        return any(_is_within(day, first, last) for first, last in self.days_off)

    def next_open(self, moment: datetime) -> datetime | None:
        """The moment itself while open, else when it opens next; `None` where it does not within a year."""
        return next((max(start, moment) for start, _end in self._from(moment)), None)

    def after(self, moment: datetime, open_time: timedelta) -> datetime | None:
        """When so much open time will have gone by since a moment; `None` where that takes more than a year."""
        for start, end in self._from(moment):
            begins = max(start, moment)
            if end - begins >= open_time:
                return begins + open_time
            open_time -= end - begins
        return None

    def between(self, moment: datetime, later: datetime) -> timedelta:
        """How much open time there is between two moments; none where the second is not later."""
        if later <= moment:
            return timedelta(0)
        if not self.are_set:
            return later - moment
        total, day, last = timedelta(0), self._local_day(moment), self._local_day(later)
        while day <= last:
            for start, end in _spans_on(self, day):
                total += max(min(end, later) - max(start, moment), timedelta(0))
            day += DAY
        return total

    def _from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans that are open after a moment, the one that holds it first."""
        if not self.are_set:
            yield moment, moment + FURTHEST * DAY
            return
        today = self._local_day(moment)
        for ahead in range(FURTHEST):
            yield from (span for span in _spans_on(self, today + ahead * DAY) if span[1] > moment)

    def _local_day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()


@lru_cache(maxsize=4096)
def _spans_on(hours: Hours, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """What is open on a day, in UTC, so that an hour which a change of the clock takes or gives is counted right."""
    if hours.is_off(day):
        return ()
    zone = ZoneInfo(hours.zone)
    spans = ((_moment(day, start, zone), _moment(day, end, zone)) for start, end in hours.week[day.weekday()])
    return tuple((start, end) for start, end in spans if start < end)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day + minutes // 1440 * DAY, time.min)
    return (midnight + timedelta(minutes=minutes % 1440)).replace(tzinfo=zone).astimezone(UTC)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _days(first: str, last: str | None) -> list[int]:
    numbers = [NAMES.get(word[:3].casefold()) for word in (first, last or first)]
    begins, ends = numbers
    if begins is None or ends is None:
        return []
    # Saturday to Monday goes over the end of the week.
    return [(begins + step) % 7 for step in range((ends - begins) % 7 + 1)]


def _span(text: str) -> Minutes | None:
    match = SPAN.fullmatch(text)
    if match is None:
        return None
    hours = [(int(match[place]), int(match[place + 1])) for place in (1, 3)]
    start, end = (hour * 60 + minute for hour, minute in hours)
    return (start, end) if all(minute < 60 for _hour, minute in hours) and start < end <= 1440 else None


def _overlap(spans: list[Minutes]) -> bool:
    in_order = sorted(spans)
    return any(later[0] < earlier[1] for earlier, later in pairwise(in_order))


def _date(year: str | None, month: str, day: str) -> tuple[int | None, int, int] | None:
    try:
        # 2024 was a leap year: the 29th of February is off whenever there is one.
        date(int(year or 2024), int(month), int(day))
    except ValueError:
        return None
    return (int(year) if year else None, int(month), int(day))


def _is_within(day: date, first: tuple[int | None, int, int], last: tuple[int | None, int, int]) -> bool:
    if first[0] is not None and last[0] is not None:
        return date(first[0], *first[1:]) <= day <= date(last[0], *last[1:])
    begins, ends, here = first[1:], last[1:], (day.month, day.day)
    # A yearly one may go over New Year.
    return begins <= here <= ends if begins <= ends else here >= begins or here <= ends
