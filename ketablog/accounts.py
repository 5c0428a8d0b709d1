"""The people of the clinic who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff. What a user may do comes from groups (`ketablog/roles.py`)."""

    email = models.EmailField(
        _("email address"),
        unique=True,
        help_text=_("For invitations, new passwords and notices. Readers never see it."),
    )
    wants_reply_mail = models.BooleanField(
        _("mail me about replies"),
        default=True,
        help_text=_("A mail for each reply that waits for a decision. It holds no text and no names."),
    )

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")]

    @property
    def shown_name(self) -> str:
        """The name colleagues and readers see."""
        return self.get_full_name() or self.get_username()
