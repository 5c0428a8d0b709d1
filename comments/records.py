"""What was done about replies, in rows that nobody changes: decisions, consents to publish, looks at an address."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.standing import Status


class Decision(models.Model):
    """What was decided about a reply: one row for each change of its status, never changed."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="decisions", verbose_name=_("reply")
    )
    before = models.CharField(_("from"), max_length=10, choices=Status.choices)
    after = models.CharField(_("to"), max_length=10, choices=Status.choices)
    text_version = models.PositiveIntegerField(_("text version"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Consent(models.Model):
    """Somebody would publish an urgent reply as its text was then. `comments.consent` says when that is enough."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="consents", verbose_name=_("reply")
    )
    text_version = models.PositiveIntegerField(_("text version"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("consent to publish")
        verbose_name_plural = _("consents to publish")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d %H:%M}"


class EmailLook(models.Model):
    """Somebody of the staff looked at the mail address of a reply."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.SET_NULL, null=True, related_name="email_looks", verbose_name=_("reply")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("look at an address")
        verbose_name_plural = _("looks at addresses")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d %H:%M}"
