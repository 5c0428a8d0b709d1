from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.rules import word_list

WINDOW = timedelta(days=90)
# From so many decisions on, a rule that marks as spam and is wrong more often than this only holds.
ENOUGH = 20
MOST_WRONG = 0.05


class Outcome(models.TextChoices):
    """What follows where a rule hits. The order is that of weight."""

    NOTE = "note", _("Note it for moderators")
    HOLD = "hold", _("Hold the reply")
    SPAM = "spam", _("Mark it as spam")


class RuleSettingQuerySet(models.QuerySet["RuleSetting"]):
    def with_figures(self, *outcomes: Outcome) -> RuleSettingQuerySet:
        """With the `hits` of 90 days, how many of them moderators `decided` about, and how many were `wrong`; of those
        `outcomes` alone, if any are named."""
        recent = RuleHit.objects.filter(rule=OuterRef("name"), at__gte=timezone.now() - WINDOW)
        if outcomes:
            recent = recent.filter(outcome__in=outcomes)
        return self.annotate(
            hits=_number_of(recent),
            decided=_number_of(recent.filter(was_right__isnull=False)),
            wrong=_number_of(recent.filter(was_right=False)),
        )

    def wrong_too_often(self) -> RuleSettingQuerySet:
        """Those that may mark as spam, although moderators take too much of it back out."""
        enough = self.with_figures(Outcome.SPAM).filter(outcome=Outcome.SPAM, decided__gte=ENOUGH)  # type: ignore[misc]
        wrong = enough.filter(wrong__gt=F("decided") * MOST_WRONG)  # type: ignore[misc]
        return self.filter(pk__in=wrong.values("pk"))


class RuleSetting(models.Model):
    """What staff set for one rule. A rule without a row does what it does by default."""

    name = models.CharField(_("rule"), max_length=40, unique=True, editable=False)
    outcome = models.CharField(_("what follows"), max_length=4, choices=Outcome.choices, default=Outcome.HOLD)
    is_on = models.BooleanField(_("on"), default=True)
    demoted_at = models.DateTimeField(_("set back at"), null=True, blank=True, editable=False)

    objects = RuleSettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RuleHitQuerySet(models.QuerySet["RuleHit"]):
    def taken_since(self, moment: datetime) -> dict[str, int]:
        """How many replies each rule held or marked as spam since then."""
        taken = self.filter(at__gte=moment, outcome__in=[Outcome.HOLD, Outcome.SPAM])
        return dict(taken.order_by().values_list("rule").annotate(Count("pk")))

    def by_rule(self, since: datetime) -> list[tuple[str, int, int, int]]:
        """Each rule that hit since then: how often, how many of those somebody decided about, how many were wrong."""
        figures = {
            "n": Count("pk"),
            "decided": Count("pk", filter=Q(was_right__isnull=False)),
            "wrong": Count("pk", filter=Q(was_right=False)),
        }
        return list(
            self.filter(at__gte=since).order_by().values_list("rule").annotate(**figures).order_by("-n", "rule")
        )


class RuleHit(models.Model):
    """A rule hit a reply, and whether moderators found it right. It holds nothing that the reply says."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.SET_NULL, null=True, related_name="rule_hits", verbose_name=_("reply")
    )
    rule = models.CharField(max_length=40)
    outcome = models.CharField(max_length=4, choices=Outcome.choices)
    at = models.DateTimeField(db_index=True)
    was_right = models.BooleanField(null=True)

    objects = RuleHitQuerySet.as_manager()

    class Meta:
        verbose_name = _("hit of a rule")
        verbose_name_plural = _("hits of rules")
        indexes = [models.Index(fields=["rule", "at"], name="rule_hits_of_rule")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.outcome}"


class SpamTrace(models.Model):
    """What marks a spam reply of the past: keyed hashes of its text, its link hosts and its address."""

    class Kind(models.TextChoices):
        TEXT = "text"
        HOST = "host"
        ADDRESS = "address"

    comment = models.ForeignKey("comments.Comment", on_delete=models.SET_NULL, null=True, related_name="spam_traces")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("trace of spam")
        verbose_name_plural = _("traces of spam")
        indexes = [models.Index(fields=["digest", "kind"], name="spam_trace_digest")]

    def __str__(self) -> str:
        return self.kind


def check_lines(text: str) -> None:
    """Raises `ValidationError` that names the first line that cannot be read."""
    try:
        word_list.read(text)
    except word_list.Unreadable as error:
        raise ValidationError(
            _("Line %(number)d cannot be read: %(line)s — %(why)s"),
            params={"number": error.number, "line": error.line, "why": error.why},
        ) from error


class WordList(models.Model):
    """Words and patterns that staff keep."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    lines = models.TextField(
        _("words and patterns"),
        validators=[check_lines],
        max_length=50_000,
        help_text=_(
            "One a line: a whole word or phrase; * stands for any letters, such as casino*; /buy\\s+now/ is a regular "
            "expression (RE2). Before it may stand where to look: name: email: website: text: link: — and after it "
            "what follows: => note, => hold or => spam. Without that, the reply is held. Lines with # are notes."
        ),
    )
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("word list")
        verbose_name_plural = _("word lists")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def _number_of(hits: models.QuerySet[RuleHit]) -> Coalesce:
    counted = hits.order_by().values("rule").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
