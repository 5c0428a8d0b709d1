"""What staff set about replies: part of the one row of Site settings."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ketablog.links import read_lines

# What a person dials, as they would write it.
PHONE_NUMBER = RegexValidator(r"^\+?[\d\s().\-–/]{3,40}\Z", _("Write a phone number, such as +1 555 010 0100."))
# What stands in its field until staff write something else; shown in the site's language.
STANDARD_NOTE = gettext_noop(
    "Thank you for asking. We cannot give advice on doses, medicines or treatment here, where we do not know who reads "
    "it. Please do not change or stop a medicine because of what you read on this page: ask the clinician who "
    "prescribes it, or call us, and we will talk about it in private."
)

DECLINE_REASONS = gettext_noop(
    "Please leave out what tells who somebody is, and send it again.\n"
    "We cannot advise on one person's treatment here; please ask your doctor or call us.\n"
    "This is not about the article.\n"
    "Please say it in a way that does not hurt others, and send it again."
)
LONGEST_REASON = 200


def check_decline_reasons(text: str) -> None:
    """Raises `ValidationError` for a line that is longer than a reason may be."""
    for line in read_lines(text):
        if len(line) > LONGEST_REASON:
            raise ValidationError(_("“%(line)s…” is longer than 200 characters."), params={"line": line[:40]})


class ModerationPolicy(models.TextChoices):
    HOLD_ALL = "hold_all", _("Every reply waits for a moderator")
    HOLD_FIRST = "hold_first", _("The first replies of each writer wait")
    PUBLISH_CLEAN = "publish_clean", _("Publish what no rule holds")


class ReplySettings(models.Model):
    """The fields of `ketablog.site.SiteSettings` that are about replies."""

    replies_open = models.BooleanField(
        _("replies are open"), default=True, help_text=_("Off closes the replies of every article at once.")
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("days until replies close"),
        default=0,
        validators=[MaxValueValidator(3650)],
        help_text=_(
            "So long after an article came out its replies close: they stay, and nobody can add one. Up to 3,650; "
            "0 keeps them open."
        ),
    )
    moderation_policy = models.CharField(
        _("moderation"),
        max_length=20,
        choices=ModerationPolicy.choices,
        default=ModerationPolicy.HOLD_ALL,
        help_text=_("Whatever you choose: what a rule holds waits, and what may be a cry for help always does."),
    )
    first_held = models.PositiveSmallIntegerField(
        _("first replies of a writer that wait"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_(
            "Where the first replies of each writer wait: so many have to be approved by one of you before the next "
            "is public at once. A writer is known by a key in the browser, never by the name and address typed."
        ),
    )
    trust_days = models.PositiveSmallIntegerField(
        _("days that a declined reply counts"),
        default=90,
        validators=[MaxValueValidator(3650)],
        help_text=_(
            "Who had a reply removed or marked as spam in so many days waits again, as long as that reply is kept."
        ),
    )
    proof_of_work = models.BooleanField(
        _("ask the browser for a calculation"),
        default=False,
        help_text=_(
            "Where a rule about spam holds or marks a reply, the browser calculates for about a second before it is "
            "taken. Who has no scripts can send it without; both are noted. It never makes a reply public."
        ),
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

    decline_reasons = models.TextField(
        _("ready reasons for declining"),
        blank=True,
        default=DECLINE_REASONS,
        validators=[check_decline_reasons],
        help_text=_(
            "One a line, up to 200 characters. Offered when a reply is removed; its writer reads the one chosen."
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
            "they were settled, and what a reply said before parts were taken out as long after that."
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

    clinic_phone = models.CharField(
        _("phone for patients"),
        max_length=40,
        blank=True,
        validators=[PHONE_NUMBER],
        help_text=_("Offered to a reader who asks for advice, before the question is public. It is no private number."),
    )
    portal_url = models.CharField(
        _("patient portal"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("Where somebody may ask in private, such as https://portal.example.org/; offered with the phone."),
    )
    standard_note = models.TextField(
        _("standard answer to a question for advice"),
        blank=True,
        default=STANDARD_NOTE,
        help_text=_("Moderators send it with one press of a button. Empty: there is no such button."),
    )

    class Meta:
        abstract = True
