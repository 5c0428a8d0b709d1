"""Whom to tell of a reply, and in which words. No mail holds a reply's text, its writer's name or address."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from comments.mail_buttons import links
from comments.models import Comment, Report, RuleSetting
from comments.querysets import CommentQuerySet
from comments.reasons import count_words, describe
from comments.rules.models import Outcome
from ketablog.accounts import ReplyMail
from ketablog.counters import take_turn, with_turns
from ketablog.mail import compose, send_later
from ketablog.markup import one_line
from ketablog.models import User
from ketablog.prepared import Given, Prepared

PAUSE = timedelta(minutes=5)
EPOCH = datetime.fromtimestamp(0, UTC)
MAY_DECIDE = "comments.change_comment"


class Kind(IntEnum):
    """What a mail is about. Each has pauses of its own, so that nothing urgent waits for what is not."""

    URGENT = 1
    HELD = 2
    WORRIED = 3
    REPORTED = 4


HELD = (Kind.URGENT, Kind.HELD)
# Of these hears at once who otherwise wants one mail a day.
SOON = (Kind.URGENT, Kind.WORRIED)


def tell_held(comment: Comment) -> None:
    """Queue a mail that a reply waits: to who may decide, and to the article's writer, if they want such mail."""
    _tell(Kind.URGENT if comment.is_urgent else Kind.HELD, comment)


def remind_held(comment: Comment) -> None:
    """Queue the mail that a reply waits once more, to those of the same people who may decide."""
    for user in listeners(comment):
        if user.has_perm("comments.change_comment"):
            send_later("comments.notifications.held_mail", comment.pk, user.pk)


def tell_reported(comment: Comment) -> None:
    """Queue a mail that readers reported a public reply, to the same people."""
    _tell(Kind.WORRIED if comment.reports.unsettled().worried().exists() else Kind.REPORTED, comment)


def _tell(kind: Kind, comment: Comment) -> None:
    """The first is told at once. What comes within five minutes is one mail together, when they are over."""
    now = timezone.now()
    builder = "held_mail" if kind in HELD else "reported_mail"
    hearers = _numbers_of_listeners(comment.post.writer_id, comment.user_id or 0, kind=kind)
    keys = {f"mail:{kind}:{user}": user for user in hearers}
    for key in with_turns(keys, PAUSE, now=now):
        turn, user = take_turn(key, PAUSE, now=now), keys[key]
        if turn == now:
            send_later(f"{__name__}.{builder}", comment.pk, user)
        elif turn is not None:
            since = (turn - PAUSE - EPOCH) // timedelta(microseconds=1)
            send_later(f"{__name__}.burst_mail", kind, comment.pk, user, since, at=turn)


def tell_demoted(rule: RuleSetting) -> None:
    """Queue a mail that a rule was set back from marking spam to holding, to who may change the rules."""
    for user in who_may("comments.change_rulesetting"):
        send_later("comments.notifications.demoted_mail", rule.pk, user.pk)


def demoted_mail(rule_id: int, user_id: int) -> EmailMessage | None:
    """The mail that a rule was set back; `None` where staff changed it since."""
    rule = RuleSetting.objects.with_figures(Outcome.SPAM).filter(pk=rule_id, demoted_at__isnull=False).first()
    user = reachable().filter(pk=user_id).first()
    if rule is None or user is None:
        return None
    return compose(
        "demoted",
        user.email,
        rule=rule,
        sentence=describe([{"rule": rule.name}])[0],
        list_path=reverse("admin:comments_rulesetting_changelist"),
    )


def reported_mail(comment_id: int, user_id: int) -> EmailMessage | None:
    """The mail that a reply was reported; `None` where that is settled, or where it waits and another mail says so."""
    comment = Comment.objects.decided().select_related("post").filter(pk=comment_id).first()
    reasons = {report.reason: report.get_reason_display() for report in comment.reports.unsettled()} if comment else {}
    kind = Kind.WORRIED if Report.Reason.WORRY in reasons else Kind.REPORTED
    user = listeners(comment, kind).filter(pk=user_id).first() if comment else None
    if comment is None or user is None or not reasons:
        return None
    return compose(
        "reported",
        user.email,
        title=one_line(comment.post.title),
        article_path=comment.post.get_absolute_url(),
        is_public=comment.is_approved,
        is_worried=kind == Kind.WORRIED,
        reasons=reasons.values(),
        may_decide=user.has_perm(MAY_DECIDE),
        reply_path=reverse("admin:comments_comment_change", args=[comment.pk]),
    )


def reachable(kind: Kind | None = None) -> QuerySet[User]:
    """Who wants mails about replies: at all, or at once about what is of this kind."""
    users = User.objects.filter(is_active=True).exclude(email="").exclude(reply_mail=ReplyMail.NONE)
    return users if kind is None or kind in SOON else users.filter(reply_mail=ReplyMail.AT_ONCE)


def who_may(permission: str) -> QuerySet[User]:
    """Who wants mails about replies and has this permission, always in one order."""
    holders = User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")
    return reachable().filter(pk__in=holders.values("pk")).order_by("pk")


def listeners(comment: Comment, kind: Kind | None = None) -> QuerySet[User]:
    """Who hears of this reply at once: nobody twice, and never its own writer."""
    kind = kind or (Kind.URGENT if comment.is_urgent else Kind.HELD)
    return _listeners(comment.post.writer_id, comment.user_id or 0, kind=kind)


def _listeners(writer_id: int | Given, author_id: int | Given, *, kind: Kind) -> QuerySet[User]:
    may_decide = User.objects.with_perm(MAY_DECIDE, backend="django.contrib.auth.backends.ModelBackend").values("pk")
    return reachable(kind).filter(Q(pk__in=may_decide) | Q(person__pk=writer_id)).exclude(pk=author_id)


@Prepared
def _numbers_of_listeners(writer_id: Given, author_id: Given, *, kind: Kind) -> QuerySet[User, int]:
    """Always in one order, so that two who tell the same people never wait for each other."""
    return _listeners(writer_id, author_id, kind=kind).order_by("pk").values_list("pk", flat=True)


def held_mail(comment_id: int, user_id: int) -> EmailMessage | None:
    """The mail that a reply waits; `None` where it does no longer, or where this person no longer wants to know."""
    comment = Comment.objects.awaiting().select_related("post").filter(pk=comment_id).first()
    user = listeners(comment).filter(pk=user_id).first() if comment else None
    if comment is None or user is None:
        return None
    may_decide = user.has_perm(MAY_DECIDE)
    return compose(
        "held",
        user.email,
        title=one_line(comment.post.title),
        article_path=comment.post.get_absolute_url(),
        is_urgent=comment.is_urgent,
        since=comment.decided_at or comment.created_at,
        reasons=describe(comment.reasons),
        words=count_words([comment.reasons]),
        waiting=Comment.objects.awaiting().count(),
        may_decide=may_decide,
        buttons=links.offered(comment, user) if may_decide else [],
        list_path=f"{reverse('admin:comments_comment_changelist')}?status=pending",
    )


def burst_mail(kind: int, comment_id: int, user_id: int, since: int) -> EmailMessage | None:
    """One mail for this reply and for all of its kind that came after a moment; as if alone where there is but one,
    and `None` where there is none any more. The moment is in microseconds since the epoch."""
    user = reachable(Kind(kind)).filter(pk=user_id).first()
    if user is None:
        return None
    moment = EPOCH + timedelta(microseconds=since)
    comments = _in_burst(Kind(kind), comment_id, moment).heard_by(user, may_decide=user.has_perm(MAY_DECIDE))
    rows = comments.values_list("pk", "post__title", "reasons")
    titles = {number: title for number, title, _reasons in rows}
    if len(titles) < 2:
        alone = held_mail if kind in HELD else reported_mail
        return next((alone(number, user.pk) for number in titles), None)
    query = "status=pending" if kind in HELD else "status=all&reported=new"
    return compose(
        "burst",
        user.email,
        kind=Kind(kind).name,
        n=len(titles),
        since=moment,
        words=count_words(reasons for _number, _title, reasons in rows) if kind in HELD else [],
        articles=Counter(map(one_line, titles.values())).most_common(),
        may_decide=user.has_perm(MAY_DECIDE),
        list_path=f"{reverse('admin:comments_comment_changelist')}?{query}",
    )


def _in_burst(kind: Kind, comment_id: int, since: datetime) -> CommentQuerySet:
    if kind in HELD:
        return Comment.objects.awaiting().urgent(kind == Kind.URGENT).changed_since(since, or_is=comment_id)
    reports = Report.objects.unsettled().made_since(since, or_about=comment_id)
    return Comment.objects.decided().reported_by(reports.worried() if kind == Kind.WORRIED else reports)
