"""Links as staff write them in the Site settings: one “Label | address” a line."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WEB_ADDRESS = re.compile(r"/(?!/)\S*|https://\S+")
PHONE_ADDRESS = re.compile(r"(?:tel|sms):\+?[\d#*-]+")


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


def read_lines(text: str) -> list[str]:
    """The lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_links(text: str, address: re.Pattern[str] = WEB_ADDRESS) -> list[Link]:
    """The links of a text with one "Label | address" a line. Raises `ValidationError` for any other line."""
    links = []
    for line in read_lines(text):
        label, _bar, url = (part.strip() for part in line.partition("|"))
        if not label or not address.fullmatch(url):
            raise ValidationError(_("“%(line)s” is not written as: Label | address"), params={"line": line})
        links.append(Link(label, url))
    return links


def check_links(text: str) -> None:
    read_links(text)


def check_help_lines(text: str) -> None:
    read_links(text, PHONE_ADDRESS)
