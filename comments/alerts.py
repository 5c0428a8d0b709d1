"""Mails to staff before the promise of an answer breaks, and when one rule takes most of a day's replies."""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from comments import promise
from comments.models import Comment, RuleHit, RuleSetting
from comments.notifications import MAY_DECIDE, reachable, who_may
from comments.reasons import describe
from ketablog import site
from ketablog.counters import count, move_on
from ketablog.mail import compose, send_later

DAY = timedelta(days=1)
MAY_CHANGE_RULES = "comments.change_rulesetting"
# From so many replies a day on, one rule holds at most this share of them before somebody looks.
ENOUGH = 20
MOST = 0.5


def watch_promise() -> None:
    """Queue a mail where the time of a reply that waits is running out: one for all that are so far, and once."""
    row = site.current()
    if not row.answer_within_hours:
        return
    newest = promise.newest_to_warn_of(Comment.objects.awaiting().waiting_since(), row)
    if newest is not None and move_on("promise", newest):
        for user in who_may(MAY_DECIDE):
            send_later("comments.alerts.promise_mail", user.pk)


def promise_mail(user_id: int) -> EmailMessage | None:
    """The mail that replies have to be decided soon; `None` where none has, or this person does not want to know."""
    row = site.current()
    user = reachable().filter(pk=user_id).first()
    if user is None or not user.has_perm(MAY_DECIDE) or not row.answer_within_hours:
        return None
    sinces = Comment.objects.awaiting().waiting_since()
    newest = promise.newest_to_warn_of(sinces, row)
    if newest is None:
        return None
    return compose(
        "promise",
        user.email,
        n=sum(since <= newest for since in sinces),
        oldest=sinces[0],
        due=promise.due(sinces[0], row),
        now=timezone.now(),
        hours=row.answer_within_hours,
        list_path=f"{reverse('admin:comments_comment_changelist')}?status=pending",
    )


def watch_rules() -> None:
    """Queue a mail about each rule that took more than its share of the last day's replies, once a day."""
    replies = Comment.objects.written_since(timezone.now() - DAY).count()
    if replies < ENOUGH:
        return
    taken = RuleHit.objects.taken_since(timezone.now() - DAY)
    greedy = [name for name, n in taken.items() if n > replies * MOST]
    for rule in RuleSetting.objects.filter(name__in=greedy).order_by("name"):
        times, _rest = count(f"share:{rule.name}", DAY)
        if times == 1:
            for user in who_may(MAY_CHANGE_RULES):
                send_later("comments.alerts.share_mail", rule.pk, user.pk, taken[rule.name], replies)


def share_mail(rule_id: int, user_id: int, taken: int, replies: int) -> EmailMessage | None:
    """The mail that a rule took so many of so many replies; `None` where this person does not want to know."""
    rule = RuleSetting.objects.filter(pk=rule_id).first()
    user = reachable().filter(pk=user_id).first()
    if rule is None or user is None or not user.has_perm(MAY_CHANGE_RULES):
        return None
    return compose(
        "share",
        user.email,
        sentence=describe([{"rule": rule.name}])[0],
        taken=taken,
        replies=replies,
        list_path=reverse("admin:comments_rulesetting_changelist"),
    )
