"""What was done about replies, in rows that nobody changes: decisions, consents to publish, looks at an address."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from comments.standing import Status


class DecisionQuerySet(models.QuerySet["Decision"]):
    def that_ended_waiting(self, since: datetime) -> DecisionQuerySet:
        """Those since then with which somebody of the staff ended that a reply waits."""
        ended = self.filter(before=Status.PENDING, by__isnull=False, at__gte=since)
        return ended.exclude(after=Status.PENDING).order_by("-at", "-pk")

    def with_waited_since(self) -> DecisionQuerySet:
        """With the moment since when each one's reply waited: when it was written, or made to wait again."""
        earlier = self.model.objects.filter(comment=OuterRef("comment"), after=Status.PENDING, at__lte=OuterRef("at"))
        again = earlier.order_by("-at", "-pk").values("at")[:1]
        return self.annotate(waited_since=Coalesce(Subquery(again), F("comment__created_at")))


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

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="decision_at")]

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
