"""What staff set about their own work on replies: part of the one row of Site settings."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ketablog import hours


def check_week(text: str) -> None:
    """Raises `ValidationError` that names the first line that cannot be read."""
    try:
        hours.read_week(text)
    except hours.Unreadable as error:
        raise ValidationError(
            _("Line %(number)d cannot be read: %(line)s. Write a line like “Mon–Fri 9:00–12:30, 13:30–17:00”."),
            params={"number": error.number, "line": error.line},
        ) from error


def check_days_off(text: str) -> None:
    """Raises `ValidationError` that names the first line that cannot be read."""
    try:
        hours.read_days_off(text)
    except hours.Unreadable as error:
        raise ValidationError(
            _(
                "Line %(number)d cannot be read: %(line)s. Write a day like 2027-04-05, one of every year like 12-25, "
                "and several like 2027-12-24 – 2027-12-31."
            ),
            params={"number": error.number, "line": error.line},
        ) from error


class ModeratorSettings(models.Model):
    """The fields of `ketablog.site.SiteSettings` that are about when and how moderators decide."""

    moderation_hours = models.TextField(
        _("when staff look at replies"),
        blank=True,
        max_length=1000,
        validators=[check_week],
        help_text=_(
            "For counting: a line for each day or several, such as Mon–Fri 9:00–12:30, 13:30–17:00. "
            "Empty: all hours count. What readers are told is what you write above."
        ),
    )
    days_off = models.TextField(
        _("days off"),
        blank=True,
        max_length=5000,
        validators=[check_days_off],
        help_text=_(
            "Holidays, one a line: 2027-04-05, or 12-25 for every year, or 2027-12-24 – 2027-12-31. "
            "Words may follow, such as 12-25 Christmas."
        ),
    )
    answer_within_hours = models.PositiveSmallIntegerField(
        _("hours until a reply is decided, at most"),
        default=0,
        validators=[MaxValueValidator(500)],
        help_text=_(
            "Of the hours above. Writers see on their private page when somebody will have looked, and moderators get "
            "a mail before it is too late. 0 promises nothing."
        ),
    )
    mail_buttons_without_login = models.BooleanField(
        _("decide from a mail without signing in"),
        default=False,
        help_text=_(
            "The mail that a reply waits has links to approve it, to mark it as spam and to remove it; each asks once. "
            "On, whoever gets at the mail within three days can decide in its reader's name."
        ),
    )

    class Meta:
        abstract = True

    # Of the class that this is a part of.
    time_zone: str

    @property
    def hours(self) -> hours.Hours:
        """When staff look at replies; always, where what is stored cannot be read."""
        try:
            week, days_off = hours.read_week(self.moderation_hours), hours.read_days_off(self.days_off)
        except hours.Unreadable:
            week, days_off = ((),) * 7, ()
        return hours.Hours(week, days_off, self.time_zone)
