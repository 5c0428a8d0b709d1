from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Somebody is offered so many seconds; what was pressed in the last of them still arrives in time. Nobody is told of a
# decision by mail before that is over.
OFFERED = timedelta(seconds=10)
TAKEN = timedelta(seconds=14)


class FormerStateQuerySet(models.QuerySet["FormerState"]):
    def fresh(self) -> FormerStateQuerySet:
        """Of decisions that can still be taken back."""
        return self.filter(at__gt=timezone.now() - TAKEN)

    def stale(self) -> FormerStateQuerySet:
        return self.filter(at__lte=timezone.now() - TAKEN)

    def of_replies(self, ids: object) -> FormerStateQuerySet:
        return self.filter(decision__comment__in=ids)


class FormerState(models.Model):
    """What a decision changed, as it was before: kept for some seconds, so that the decision can be taken back."""

    decision = models.OneToOneField("comments.Decision", on_delete=models.CASCADE, related_name="former")
    # Columns of the reply, with its text where the decision changed that.
    columns = models.JSONField()
    had_original = models.BooleanField(default=False)
    settled_reports = models.JSONField(default=list)
    hits = models.JSONField(default=list)
    traces = models.JSONField(default=list)
    demoted_rules = models.JSONField(default=list)
    # What was sent along with the decision.
    answer = models.ForeignKey("comments.Comment", on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = FormerStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("former state")
        verbose_name_plural = _("former states")

    def __str__(self) -> str:
        return f"{self.decision_id}"
