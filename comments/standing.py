"""How a reply stands: what was decided about it, and how much it sounds like a cry for help."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    SPAM = "spam", _("Spam")
    REMOVED = "removed", _("Removed")


class HelpRank(models.IntegerChoices):
    """How much a text sounds like a cry for help."""

    NONE = 0, pgettext_lazy("help signal", "None")
    WATCH = 1, _("Watch")
    URGENT = 2, _("Urgent")
