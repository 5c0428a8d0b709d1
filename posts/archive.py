"""Articles by the year and the month in which they came out, in the time zone of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Generic, TypeVar

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from posts.querysets import PostQuerySet


@dataclass(frozen=True, slots=True)
class Month:
    """A month with at least one article."""

    first: date
    count: int

    def __str__(self) -> str:
        return date_format(self.first, "YEAR_MONTH_FORMAT")

    def get_absolute_url(self) -> str:
        return reverse("archive_month", args=[self.first.year, self.first.month])

    def pick(self, posts: PostQuerySet) -> PostQuerySet:
        """Those of the articles that came out in it."""
        year, month = divmod(self.first.year * 12 + self.first.month, 12)
        return posts.published_between(_midnight(self.first), _midnight(date(year, month + 1, 1)))


@dataclass(frozen=True, slots=True)
class Year:
    """A year with at least one article; its months stand newest first."""

    number: int
    months: list[Month]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def count(self) -> int:
        return sum(month.count for month in self.months)

    def get_absolute_url(self) -> str:
        return reverse("archive_year", args=[self.number])

    def pick(self, posts: PostQuerySet) -> PostQuerySet:
        """Those of the articles that came out in it."""
        return posts.published_between(_midnight(date(self.number, 1, 1)), _midnight(date(self.number + 1, 1, 1)))


Period = TypeVar("Period", Year, Month)


@dataclass(frozen=True, slots=True)
class Found(Generic[Period]):
    """A period, and the nearest ones after and before it that have articles."""

    period: Period
    newer: Period | None
    older: Period | None


def years_of(posts: PostQuerySet) -> list[Year]:
    """The years of these articles, newest first. One query."""
    months = [Month(first, count) for first, count in posts.count_by_month()]
    return [Year(number, list(rows)) for number, rows in groupby(months, key=lambda month: month.first.year)]


def find_year(years: list[Year], number: int) -> Found[Year] | None:
    """This year with its neighbors; `None` if it has no article."""
    return _find(years, [year.number for year in years], number)


def find_month(years: list[Year], year: int, month: int) -> Found[Month] | None:
    """This month with its neighbors; `None` if it has no article."""
    months = [month for year in years for month in year.months]
    return _find(months, [month.first for month in months], date(year, month, 1))


def _find(periods: Sequence[Period], keys: list, wanted: object) -> Found[Period] | None:
    if wanted not in keys:
        return None
    place = keys.index(wanted)
    older = periods[place + 1] if place + 1 < len(periods) else None
    return Found(periods[place], periods[place - 1] if place else None, older)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
