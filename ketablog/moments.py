"""Moments as pages give them. Writing one out takes as long as all else about a reply, so each is kept."""

from datetime import datetime
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language


def in_words(moment: datetime, form: str) -> str:
    """For people, in the language and the time zone in force; `form` is a format such as `DATE_FORMAT`."""
    return _in_words(localtime(moment).replace(second=0, microsecond=0, tzinfo=None), form, get_language())


def exactly(moment: datetime) -> str:
    """For machines, as in the `datetime` of a `time` element."""
    return f"{localtime(moment):%Y-%m-%dT%H:%M:%S%z}"


@lru_cache(10_000)
def _in_words(minute: datetime, form: str, language: str | None) -> str:
    return date_format(minute, form)
