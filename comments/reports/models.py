from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReportQuerySet(models.QuerySet["Report"]):
    def unsettled(self) -> ReportQuerySet:
        """What nobody of the staff has read yet, the newest first."""
        return self.filter(settled_at__isnull=True)

    def settled_about(self, text_version: int) -> ReportQuerySet:
        """What staff have read and settled, and is about this version of the text."""
        return self.filter(settled_at__isnull=False, text_version=text_version)

    def worried(self) -> ReportQuerySet:
        """What was said out of worry about the person who wrote."""
        return self.filter(reason=Report.Reason.WORRY)

    def made_since(self, moment: datetime, *, or_about: int) -> ReportQuerySet:
        """Those made after a moment, and those about this reply."""
        return self.filter(Q(at__gt=moment) | Q(comment=or_about))

    def repeating(self, report: Report) -> ReportQuerySet:
        """What the same reader said today of the same text."""
        return self.filter(comment=report.comment_id, client=report.client, text_version=report.text_version)

    def seen_with(self, newest: int) -> ReportQuerySet:
        """Those that stood on a page on which this number was the newest."""
        return self.filter(pk__lte=newest)

    def settle(self) -> int:
        """Count them no longer. Returns how many that were."""
        return self.unsettled().update(settled_at=timezone.now())


class Report(models.Model):
    """A reader says that something is wrong with a reply, as its text was then.

    Of the reader it keeps a hash for this reply and this day, which tells one report from another and nothing else.
    """

    class Reason(models.TextChoices):
        WORRY = "worry", _("I am worried about this person")
        HARM = "harm", _("Its advice could harm somebody")
        HURT = "hurt", _("It is hurtful")
        PRIVATE = "private", _("It tells private things about somebody")
        SPAM = "spam", _("It is advertising or spam")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="reports", verbose_name=_("reply")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    words = models.TextField(_("in the reader's words"), blank=True)
    text_version = models.PositiveIntegerField(_("text version"), default=1, editable=False)
    client = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["comment"], name="report_unsettled", condition=Q(settled_at__isnull=True))]
        constraints = [models.UniqueConstraint(fields=["comment", "client", "text_version"], name="report_once_a_day")]

    def __str__(self) -> str:
        return _("Report %(number)s") % {"number": self.pk}
