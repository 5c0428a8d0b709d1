"""The people of the clinic who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class ReplyMail(models.TextChoices):
    """How often somebody wants to hear of replies."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("One mail a day")
    NONE = "none", _("No mails")


class User(AbstractUser):
    """A member of staff. What a user may do comes from groups (`ketablog/roles.py`)."""

    email = models.EmailField(
        _("email address"),
        unique=True,
        help_text=_("For invitations, new passwords and notices. Readers never see it."),
    )
    reply_mail = models.CharField(
        _("mails about replies"),
        max_length=7,
        choices=ReplyMail.choices,
        default=ReplyMail.AT_ONCE,
        help_text=_(
            "About those that wait for a decision, without their text and names. What may be a cry for help is told at "
            "once, but for who wants no mails at all."
        ),
    )

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")]

    @property
    def shown_name(self) -> str:
        """The name colleagues and readers see."""
        return self.get_full_name() or self.get_username()
