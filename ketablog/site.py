"""Site settings: what the clinic's staff change, one row."""

import re
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from locale import normalize

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import DatabaseError, models
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, gettext_noop, to_locale
from django.utils.translation import gettext_lazy as _

from ketablog import theme
from ketablog.links import PHONE_ADDRESS, Link, check_help_lines, check_links, read_lines, read_links
from ketablog.prepared import Prepared
from ketablog.site_moderators import ModeratorSettings
from ketablog.site_replies import ModerationPolicy as ModerationPolicy
from ketablog.site_replies import ReplySettings

# What stands in these fields until staff write something else; shown in the site's language.
NAVIGATION = gettext_noop("Home | /")
HELP_LINES = gettext_noop("988 Suicide & Crisis Lifeline (call or text) | tel:988\nEmergency services | tel:911")


def _in_our_words(text: str) -> str:
    """The text, in the site's language where it is one of the defaults. Browsers send other line ends."""
    return gettext(text.replace("\r\n", "\n"))


def check_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. One is called America/New_York."), params={"name": name}
        )


class Network(models.TextChoices):
    FACEBOOK = "facebook", "Facebook"
    X = "x", "X"
    LINKEDIN = "linkedin", "LinkedIn"
    REDDIT = "reddit", "Reddit"
    WHATSAPP = "whatsapp", "WhatsApp"
    TELEGRAM = "telegram", "Telegram"
    BLUESKY = "bluesky", "Bluesky"
    MASTODON = "mastodon", "Mastodon"


def default_networks() -> list[str]:
    return [Network.FACEBOOK.value, Network.X.value, Network.LINKEDIN.value]


class SiteSettings(ReplySettings, ModeratorSettings):
    """The one row. `current()` gives it, or one with the defaults before it was ever saved."""

    is_stand_in = False  # For the row, while the database is away.

    name = models.CharField(_("name of the clinic or blog"), max_length=80, default="ketablog")
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    logo = models.FileField(
        _("logo"),
        upload_to="site/",
        blank=True,
        help_text=_("PNG, JPEG or WebP; shown at most 48 pixels high, beside the name."),
    )
    # In pixels, so that a page keeps the logo's place free.
    logo_width = models.PositiveIntegerField(editable=False, null=True)
    logo_height = models.PositiveIntegerField(editable=False, null=True)
    accent = models.CharField(
        _("accent color"),
        max_length=7,
        default="#0f6e6e",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write it like #0f6e6e."))],
        help_text=_("For links and buttons. It is darkened or lightened where words would be hard to read."),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[check_time_zone])
    navigation = models.TextField(
        _("navigation"),
        blank=True,
        default=NAVIGATION,
        validators=[check_links],
        help_text=_("One link a line: Label | /address/. Up to six read best."),
    )
    footer_links = models.TextField(
        _("links at the foot of every page"),
        blank=True,
        validators=[check_links],
        help_text=_("One link a line: Label | /address/"),
    )
    disclaimer = models.TextField(
        _("disclaimer"), blank=True, help_text=_("Stands under every article, above the share links.")
    )
    contact = models.TextField(_("contact"), blank=True, help_text=_("Address and phone, for the foot of every page."))
    opening_hours = models.CharField(
        _("when replies are looked at"),
        max_length=160,
        blank=True,
        help_text=_("Shown beside the reply form, such as: Monday to Friday, 9 am to 5 pm"),
    )
    help_lines = models.TextField(
        _("help lines"),
        default=HELP_LINES,
        validators=[check_help_lines],
        help_text=_("One a line: who and when | tel:number. Shown beside the reply form and to a reader in danger."),
    )
    form_links = models.TextField(
        _("links beside the reply form"),
        blank=True,
        validators=[check_links],
        help_text=_("The privacy page and the rules for replies. One link a line: Label | /address/"),
    )
    networks = models.JSONField(_("networks to share to"), default=default_networks, blank=True)
    mail_from = models.EmailField(
        _("sender of mails"), blank=True, help_text=_("Mails to staff come from here. Empty: noreply at this host.")
    )
    bounces_to = models.EmailField(
        _("address for bounces"),
        blank=True,
        help_text=_("Where mail servers report what they could not deliver. Empty: to the sender of mails."),
    )
    on_call_address = models.EmailField(
        _("on-call address"),
        blank=True,
        help_text=_(
            "Gets a mail at once where a reply may be a cry for help, and again until somebody opens it. The mail "
            "holds nothing of the reply. Empty: those who hear of every held reply get it."
        ),
    )
    security_contact = models.CharField(
        _("contact for security reports"),
        max_length=200,
        blank=True,
        validators=[
            RegexValidator(
                r"^(?:mailto:[!-~]+@[!-~]+|https://[!-~]+)\Z",
                _("Write it like mailto:security@example.org or https://example.org/report"),
            )
        ],
        help_text=_(
            "Where somebody who finds a weakness of this site may write; it is public in /.well-known/security.txt. "
            "Empty: there is no such file."
        ),
    )

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_site_settings")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @property
    def known_language(self) -> str:
        """The language of the site's own words: another one where the stored one is no longer offered."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @property
    def theme_digest(self) -> str:
        """The name of the style sheet with the accent color."""
        return theme.digest(self.accent)

    @property
    def locale(self) -> str:
        """The language with the country that it is most at home in, as Open Graph wants it: en_US."""
        return normalize(to_locale(self.known_language)).partition(".")[0]

    @property
    def navigation_links(self) -> list[Link]:
        return read_links(_in_our_words(self.navigation))

    @property
    def footer_link_list(self) -> list[Link]:
        return read_links(self.footer_links)

    @property
    def form_link_list(self) -> list[Link]:
        return read_links(self.form_links)

    @property
    def standard_answer(self) -> str:
        """The standard answer, in the site's language where it is the default."""
        return _in_our_words(self.standard_note) if self.standard_note else ""

    @property
    def phone_address(self) -> str:
        """What a link to the clinic's phone leads to; empty without a phone."""
        return f"tel:{re.sub(r'[^+0-9]', '', self.clinic_phone)}" if self.clinic_phone else ""

    @property
    def decline_reason_list(self) -> list[str]:
        return read_lines(_in_our_words(self.decline_reasons))

    @property
    def help_line_list(self) -> list[Link]:
        return read_links(_in_our_words(self.help_lines), PHONE_ADDRESS)


def current() -> SiteSettings:
    """The Site settings. One query; the defaults where the row is missing or the database is away."""
    try:
        return next(iter(_rows()), None) or SiteSettings()
    except DatabaseError:
        stand_in = SiteSettings()
        stand_in.is_stand_in = True
        return stand_in


@Prepared
def _rows() -> models.QuerySet[SiteSettings]:
    return SiteSettings.objects.filter(pk=1)


@contextmanager
def in_force(row: SiteSettings) -> Iterator[None]:
    """The site's language and time zone hold, as in a request."""
    with translation.override(row.known_language), timezone.override(row.time_zone):
        yield


def of(request: HttpRequest) -> SiteSettings:
    """The Site settings that `middleware.site_of_request` put on a request."""
    return request.site  # type: ignore[return-value]  # (the stubs think of django.contrib.sites)


def in_templates(request: HttpRequest) -> dict[str, object]:
    """`site` in every template."""
    return {"site": getattr(request, "site", None) or SimpleLazyObject(current), "SITE_URL": settings.SITE_URL}
