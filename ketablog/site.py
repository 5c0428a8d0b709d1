"""Site settings: what the clinic's staff change, one row."""

import re
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from locale import normalize

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import DatabaseError, models
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, gettext_noop, to_locale
from django.utils.translation import gettext_lazy as _

from ketablog import theme

WEB_ADDRESS = re.compile(r"/(?!/)\S*|https://\S+")
PHONE_ADDRESS = re.compile(r"(?:tel|sms):\+?[\d#*-]+")
# What stands in these fields until staff write something else; shown in the site's language.
NAVIGATION = gettext_noop("Home | /")
HELP_LINES = gettext_noop("988 Suicide & Crisis Lifeline (call or text) | tel:988\nEmergency services | tel:911")


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


def read_links(text: str, address: re.Pattern[str] = WEB_ADDRESS) -> list[Link]:
    """The links of a text with one "Label | address" a line. Raises `ValidationError` for any other line."""
    links = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        label, _bar, url = (part.strip() for part in line.partition("|"))
        if not label or not address.fullmatch(url):
            raise ValidationError(_("“%(line)s” is not written as: Label | address"), params={"line": line})
        links.append(Link(label, url))
    return links


def _in_our_words(text: str) -> str:
    """The text, in the site's language where it is one of the defaults. Browsers send other line ends."""
    return gettext(text.replace("\r\n", "\n"))


def check_links(text: str) -> None:
    read_links(text)


def check_help_lines(text: str) -> None:
    read_links(text, PHONE_ADDRESS)


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


class ModerationPolicy(models.TextChoices):
    HOLD_ALL = "hold_all", _("Every reply waits for a moderator")
    PUBLISH_CLEAN = "publish_clean", _("Publish what no rule holds")


class SiteSettings(models.Model):
    """The one row. `current()` gives it, or one with the defaults before it was ever saved."""

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

    replies_open = models.BooleanField(
        _("replies are open"), default=True, help_text=_("Off closes the replies of every article at once.")
    )
    moderation_policy = models.CharField(
        _("moderation"), max_length=20, choices=ModerationPolicy.choices, default=ModerationPolicy.HOLD_ALL
    )
    email_required = models.BooleanField(_("an email address is required"), default=True)
    website_offered = models.BooleanField(_("the form has a website field"), default=True)
    comment_limit = models.PositiveIntegerField(
        _("longest reply"),
        default=5000,
        validators=[MinValueValidator(200), MaxValueValidator(10_000)],
        help_text=_("In characters, 200 to 10,000."),
    )
    thread_depth = models.PositiveSmallIntegerField(
        _("levels of replies"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("Deeper answers stand at the last level and say whom they answer."),
    )
    edit_minutes = models.PositiveSmallIntegerField(
        _("minutes to change a reply"),
        default=15,
        validators=[MaxValueValidator(1440)],
        help_text=_(
            "How long its writer may change a reply after sending it; the new text is judged again. "
            "Up to 1,440, which is a day; 0 allows no changes. Withdrawing is always possible."
        ),
    )

    keep_addresses_days = models.PositiveSmallIntegerField(
        _("days to keep email addresses"),
        default=365,
        validators=[MaxValueValidator(3650)],
        help_text=_(
            "So long after a reply was decided its email address is erased; a code stays that tells whether another "
            "reply has the same one. Up to 3,650; 0 keeps it as long as the reply."
        ),
    )
    keep_spam_days = models.PositiveSmallIntegerField(
        _("days to keep spam"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Then it is deleted; but what may be a cry for help only if one of you marked it as spam."),
    )
    keep_removed_days = models.PositiveSmallIntegerField(
        _("days to keep removed replies"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_(
            "Then they are deleted, or emptied where answers stand below them. Reports of readers go as long after "
            "they were settled."
        ),
    )
    keep_unconfirmed_days = models.PositiveSmallIntegerField(
        _("days to wait for a yes to notices"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_(
            "Who ticks “tell me” gets a mail that asks whether this is wanted. Without an answer the wish is forgotten."
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
    def help_line_list(self) -> list[Link]:
        return read_links(_in_our_words(self.help_lines), PHONE_ADDRESS)


def current() -> SiteSettings:
    """The Site settings. One query; the defaults where the row is missing or the database is away."""
    try:
        return SiteSettings.objects.filter(pk=1).first() or SiteSettings()
    except DatabaseError:
        return SiteSettings()


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
