"""The table of rules: what staff set for each, which replies it hit, and what decisions say of it."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from comments import notifications
from comments.models import Comment, RuleHit, RuleSetting
from comments.rules import RULES, Judgment
from comments.rules.models import Outcome
from ketablog.prepared import Prepared


def outcomes() -> dict[str, str | None]:
    """What follows at most from each rule that has a row; `None` where it is switched off."""
    return {name: outcome if is_on else None for name, outcome, is_on in _settings()}


@Prepared
def _settings() -> QuerySet[RuleSetting, tuple[str, str, bool]]:
    return RuleSetting.objects.values_list("name", "outcome", "is_on")


def write_down_again(comment: Comment, judgment: Judgment, at: datetime) -> None:
    """As `write_down`, in place of the rules that hit an earlier text nobody decided about."""
    RuleHit.objects.filter(comment=comment, was_right__isnull=True).delete()
    write_down(comment, judgment, at)


def write_down(comment: Comment, judgment: Judgment, at: datetime) -> None:
    """Keep which rules hit a reply."""
    names = {rule.name for rule in RULES}
    heaviest = {reason.rule: reason.outcome for reason in sorted(judgment.reasons, key=lambda reason: reason.points)}
    RuleHit.objects.bulk_create(
        RuleHit(comment=comment, rule=name, outcome=outcome, at=at)
        for name, outcome in heaviest.items()
        if name in names
    )


def learn(comment: Comment, after: str) -> list[int]:
    """What a decision says of the rules that hit a reply. One that marks as spam and was wrong too often only holds
    from now on, and who may change it is told. Returns the numbers of these."""
    demoted = []
    was_right = {Comment.Status.APPROVED: False, Comment.Status.SPAM: True}.get(Comment.Status(after))
    if RuleHit.objects.filter(comment=comment).update(was_right=was_right) and was_right is False:
        for rule in RuleSetting.objects.wrong_too_often():
            if RuleSetting.objects.filter(pk=rule.pk, outcome=Outcome.SPAM).update(
                outcome=Outcome.HOLD, demoted_at=timezone.now()
            ):
                notifications.tell_demoted(rule)
                demoted.append(rule.pk)
    return demoted
