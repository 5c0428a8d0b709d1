"""Moments as pages give them. Writing one out takes as long as all else about a reply, so each is kept."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language


class Written(NamedTuple):
    """For machines, and for people."""

    exactly: str
    shown: str


def written(moment: datetime, form: str) -> Written:
    """A moment in the time zone and the language in force; `form` is how people read it, such as `DATE_FORMAT`."""
    here = localtime(moment)
    minute = here.replace(second=0, microsecond=0, tzinfo=None)
    return Written(f"{here:%Y-%m-%dT%H:%M:%S%z}", _shown(minute, form, get_language()))


@lru_cache(10_000)
def _shown(minute: datetime, form: str, language: str | None) -> str:
    return date_format(minute, form)
