"""Help lines that were looked up, and when: what the defaults of the Site settings and the demo are taken from.

Numbers change. `checks.help_lines_were_checked` warns once the date is half a year old: call or look up each of them at
its own site then, correct what changed, here and in the Site settings, and set the date.
"""

from dataclasses import dataclass
from datetime import date, timedelta

CHECKED = date(2026, 11, 24)
FRESH_FOR = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class HelpLine:
    """`address` is as the Site settings write it."""

    country: str
    name: str
    address: str


HELP_LINES = (
    HelpLine("US", "988 Suicide & Crisis Lifeline, call", "tel:988"),
    HelpLine("US", "988 Suicide & Crisis Lifeline, text", "sms:988"),
    HelpLine("CA", "9-8-8 Suicide Crisis Helpline, call", "tel:988"),
    HelpLine("CA", "9-8-8 Suicide Crisis Helpline, text", "sms:988"),
    HelpLine("US", "Emergency services", "tel:911"),
    HelpLine("CA", "Emergency services", "tel:911"),
    HelpLine("EU", "Emergency services", "tel:112"),
)

# Digits by which readers name help lines to each other, wherever the clinic is: neither spam nor anybody's own number.
# They are not offered to anybody, so some may be out of use.
WIDELY_KNOWN = frozenset("988 911 112 999 116123 741741 131114 18002738255 08457909090 717003717 024".split())


def are_fresh(today: date) -> bool:
    """Whether the numbers were looked up within the last half year."""
    return today <= CHECKED + FRESH_FOR
