"""Dates of birth: a whole date of which the words before it, or right behind it, say that somebody was born then."""

import re
from collections.abc import Iterator

from comments.rules.personal_data.part import Part, matches

MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]{0,7}\.?"
    r"|febrero|enero|mayo|junio|julio|septiembre|setiembre|octubre|noviembre|diciembre|marzo"
)
DATE = rf"""(?: \d{{1,2}} \s? [./-] \s? \d{{1,2}} \s? [./-] \s? (?:19|20)?\d\d \b
    | (?:19|20)\d\d [./-] \d{{1,2}} [./-] \d{{1,2}} \b
    | (?:{MONTH}) \s \d{{1,2}} (?:st|nd|rd|th)? ,? \s (?:19|20)\d\d \b
    | \d{{1,2}} (?:st|nd|rd|th)? \s (?:of\s|de\s)? (?:{MONTH}) (?:\sde(?:l)?|,)? \s (?:19|20)\d\d \b )"""
BORN = re.compile(
    rf"""(?: \b(?: d\.?\s?o\.?\s?b | date\s+of\s+birth | birth\s?date | birth\s?day | born | fecha\s+de\s+nac\w{{0,9}}
      | f\.\s?nac | nac[ií](?:d[oa])? | cumplea[ñn]os ) \b ) [^\d\n]{{0,24}}? (?P<date>{DATE})""",
    re.IGNORECASE | re.VERBOSE,
)
BEHIND = re.compile(rf"(?P<date>{DATE}) \s? \(? (?:is\s+my\s+birthday|\(?d\.?o\.?b\b)", re.IGNORECASE | re.VERBOSE)


def find(text: str) -> Iterator[Part]:
    yield from matches(BORN, text, "birth", "date")
    yield from matches(BEHIND, text, "birth", "date")
