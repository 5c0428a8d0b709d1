"""What the clinic itself has made public: no reader gives it away."""

import re

from django.utils.functional import SimpleLazyObject

from comments.rules.known import Known
from comments.rules.personal_data import emails, phones
from comments.rules.personal_data.part import plain
from ketablog.site import SiteSettings
from posts.models import Person


def known(site_settings: SiteSettings) -> Known:
    """The clinic's phones, help lines, mail addresses and streets, and its people. Those are read when first needed."""
    contact = site_settings.contact
    numbers = [match[0] for match in phones.RUN.finditer(contact)]
    numbers += [site_settings.clinic_phone, *(line.url for line in site_settings.help_line_list)]
    addresses = [re.sub(r"\s", "", match[0]) for match in emails.PLAIN.finditer(contact)]
    return Known(
        phones=frozenset(filter(None, (re.sub(r"\D", "", number) for number in numbers))),
        emails=frozenset(address.casefold() for address in [*addresses, site_settings.mail_from] if address),
        contact=plain(f"{contact}\n{site_settings.footer_links}"),
        people=SimpleLazyObject(_people),
    )


def _people() -> frozenset[str]:
    return frozenset(name.casefold() for name in Person.objects.values_list("name", flat=True))
