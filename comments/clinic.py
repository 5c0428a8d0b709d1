"""What the clinic itself has made public: no reader gives it away, and it is no sign of spam."""

import re

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from comments.classifier.features import LINK, host_of
from comments.known import Known
from comments.rules.personal_data import emails, phones
from comments.rules.personal_data.part import plain
from ketablog.help_lines import WIDELY_KNOWN
from ketablog.site import SiteSettings
from posts.models import Person


def known(row: SiteSettings) -> Known:
    """The clinic's phones, mail addresses, streets and hosts, help lines, and its people. Those are read when first
    needed."""
    numbers = [match[0] for match in phones.RUN.finditer(row.contact)]
    numbers += [row.clinic_phone, *(line.url for line in row.help_line_list)]
    addresses = [re.sub(r"\s", "", match[0]) for match in emails.PLAIN.finditer(row.contact)]
    own = frozenset({host_of(settings.SITE_URL)})
    return Known(
        phones=frozenset({re.sub(r"\D", "", number) for number in numbers} | WIDELY_KNOWN) - {""},
        emails=frozenset(address.casefold() for address in [*addresses, row.mail_from] if address),
        contact=plain(f"{row.contact}\n{row.footer_links}"),
        people=SimpleLazyObject(_people),
        own_hosts=own,
        linked_hosts=own | _linked(row),
    )


def _linked(row: SiteSettings) -> frozenset[str]:
    links = [link.url for link in [*row.navigation_links, *row.footer_link_list, *row.form_link_list]]
    addresses = LINK.findall(" ".join([row.contact, row.portal_url, *links]))
    return frozenset(map(host_of, addresses))


def _people() -> frozenset[str]:
    return frozenset(name.casefold() for name in Person.objects.values_list("name", flat=True))
