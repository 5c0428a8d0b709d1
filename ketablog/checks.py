"""Settings that are each right and do not fit together, told before they do harm."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.http.request import validate_host
from django.utils import timezone

from ketablog import help_lines
from ketablog.serving import bracketed


def register_all() -> None:
    register(https_needs_a_proxy, Tags.security)
    register(own_host_is_allowed, Tags.security)
    register(mail_goes_out, Tags.security, deploy=True)
    register(help_lines_were_checked)


def https_needs_a_proxy(**kwargs: object) -> list[CheckMessage]:
    """The server speaks plain http; only a proxy that it trusts can tell it of https."""
    if not settings.IS_HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Error(
            "SITE_URL begins with https, and TRUSTED_PROXIES is 0: every page would redirect to itself.",
            hint="Set TRUSTED_PROXIES to the number of proxies in front, usually 1, or begin SITE_URL with http.",
            id="ketablog.E001",
        )
    ]


def own_host_is_allowed(**kwargs: object) -> list[CheckMessage]:
    """Who comes by the site's own address must be answered."""
    name = bracketed(urlsplit(settings.SITE_URL).hostname or "")
    if validate_host(name, settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            f"ALLOWED_HOSTS does not name {name}, the host of SITE_URL: every page would be refused.",
            hint="Add it, or leave ALLOWED_HOSTS away.",
            id="ketablog.E002",
        )
    ]


def mail_goes_out(**kwargs: object) -> list[CheckMessage]:
    """In production a mail that is only printed reaches nobody."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.console.EmailBackend":
        return []
    return [
        Warning(
            "Mails are printed and reach nobody.",
            hint="Set EMAIL_URL, such as smtp+tls://user:password@mail.example.org:587",
            id="ketablog.W001",
        )
    ]


def help_lines_were_checked(**kwargs: object) -> list[CheckMessage]:
    """A number that answers nobody does harm to whoever calls it."""
    if help_lines.are_fresh(timezone.now().date()):
        return []
    return [
        Warning(
            f"The help lines were last checked on {help_lines.CHECKED}, more than half a year ago.",
            hint="Look each number up again, correct ketablog/help_lines.py and the Site settings, and set the date.",
            id="ketablog.W002",
        )
    ]
