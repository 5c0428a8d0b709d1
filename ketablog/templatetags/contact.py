"""The clinic's address, with phone numbers and mail addresses to press."""

import re

from django import template

from ketablog.links import Link

register = template.Library()

MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
# As people write one: from the country, or with its area in brackets, or in groups. Other digits may be anything.
PHONE = r"\+\d[\d ().-]{6,18}\d|\(\d{2,5}\)[ -]?\d[\d .-]{4,12}\d|\d{3,5}[ .-]\d{3,4}[ .-]\d{3,4}"
TO_PRESS = re.compile(rf"(?<![\w+@.-])(?:(?P<mail>{MAIL})|(?P<phone>{PHONE}))(?![\w@])")


@register.filter
def pressable(text: str) -> list[list[Link]]:
    """The lines of a text, each as its parts; what cannot be pressed has no address."""
    return [_parts(line.strip()) for line in text.splitlines() if line.strip()]


def _parts(line: str) -> list[Link]:
    parts, end = [], 0
    for match in TO_PRESS.finditer(line):
        parts += [Link(line[end : match.start()], ""), Link(match[0], _address(match))]
        end = match.end()
    return [part for part in [*parts, Link(line[end:], "")] if part.label]


def _address(match: re.Match[str]) -> str:
    if match["mail"]:
        return f"mailto:{match['mail']}"
    # The (0) in +49 (0)30 … is for those who call from within the country.
    digits = re.sub(r"\(0\)|\D", "", match["phone"])
    return f"tel:+{digits}" if match["phone"].startswith("+") else f"tel:{digits}"
