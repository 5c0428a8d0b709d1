from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Original(models.Model):
    """What a reply said before staff changed it or took parts out of it; kept for a while, for staff alone."""

    comment = models.OneToOneField(
        "comments.Comment", on_delete=models.CASCADE, related_name="original", verbose_name=_("reply")
    )
    name = models.CharField(_("name"), max_length=100)
    source = models.TextField(_("text"))
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("text before staff changed it")
        verbose_name_plural = _("texts before staff changed them")

    def __str__(self) -> str:
        return _("Reply %(number)s") % {"number": self.comment_id}


class Override(models.Model):
    """Somebody of the staff knowingly let through what is held otherwise: one row each time, never changed."""

    class What(models.TextChoices):
        PERSONAL_DATA = "personal_data", _("Personal data was published")
        STAFF_GUARD = "staff_guard", _("A reply may confirm that its reader is a patient")

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.SET_NULL, null=True, related_name="overrides", verbose_name=_("reply")
    )
    what = models.CharField(_("what was let through"), max_length=20, choices=What.choices)
    kinds = models.CharField(_("kinds"), max_length=120, blank=True)
    text_version = models.PositiveIntegerField(_("text version"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_what_display()
