"""What is the clinic's own, and what help lines have: never a sign of spam."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from comments.classifier.features import LINK, PHONE, Known
from ketablog import site
from ketablog.site import SiteSettings

# Help lines that readers name to each other, wherever the clinic is.
HELP_LINES = (
    "988",
    "911",
    "112",
    "999",
    "116123",
    "741741",
    "131114",
    "18002738255",
    "08457909090",
    "717003717",
    "024",
)


def own_things(row: SiteSettings | None = None) -> Known:
    """Phones and hosts out of the Site settings."""
    row = row or site.current()
    links = [*row.navigation_links, *row.footer_link_list, *row.form_link_list, *row.help_line_list]
    addresses = [link.url for link in links]
    said = " ".join([row.contact, *addresses])
    hosts = {urlsplit(address).hostname for address in [settings.SITE_URL, *LINK.findall(said)]}
    phones = [*PHONE.findall(row.contact), *(url for url in addresses if url.startswith(("tel:", "sms:")))]
    digits = {re.sub(r"\D", "", phone) for phone in phones}
    return Known(frozenset({*digits, *HELP_LINES} - {""}), frozenset(host for host in hosts if host))
