"""Whom to tell of a reply, and in which words. No mail holds a reply's text, its writer's name or address."""

from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.urls import reverse

from comments.models import Comment, Report
from comments.reasons import describe
from ketablog.mail import compose, send_later
from ketablog.markup import one_line
from ketablog.models import User


def tell_held(comment: Comment) -> None:
    """Queue a mail that a reply waits: to who may decide, and to the article's writer, if they want such mail."""
    for user in listeners(comment):
        send_later("comments.notifications.held_mail", comment.pk, user.pk)


def remind_held(comment: Comment) -> None:
    """Queue the mail that a reply waits once more, to those of the same people who may decide."""
    for user in listeners(comment):
        if user.has_perm("comments.change_comment"):
            send_later("comments.notifications.held_mail", comment.pk, user.pk)


def tell_reported(comment: Comment) -> None:
    """Queue a mail that readers reported a public reply, to the same people."""
    for user in listeners(comment):
        send_later("comments.notifications.reported_mail", comment.pk, user.pk)


def reported_mail(comment_id: int, user_id: int) -> EmailMessage | None:
    """The mail that a reply was reported; `None` where that is settled, or where it waits and another mail says so."""
    comment = Comment.objects.approved().select_related("post").filter(pk=comment_id).first()
    user = listeners(comment).filter(pk=user_id).first() if comment else None
    reasons = {report.reason: report.get_reason_display() for report in comment.reports.unsettled()} if comment else {}
    if comment is None or user is None or not reasons:
        return None
    return compose(
        "reported",
        user.email,
        title=one_line(comment.post.title),
        article_path=comment.post.get_absolute_url(),
        is_worried=Report.Reason.WORRY in reasons,
        reasons=reasons.values(),
        may_decide=user.has_perm("comments.change_comment"),
        reply_path=reverse("admin:comments_comment_change", args=[comment.pk]),
    )


def listeners(comment: Comment) -> QuerySet[User]:
    """Who hears of this reply: nobody twice, and never its own writer."""
    may_decide = User.objects.with_perm(
        "comments.change_comment", backend="django.contrib.auth.backends.ModelBackend"
    ).values("pk")
    return (
        User.objects.filter(Q(pk__in=may_decide) | Q(person__pk=comment.post.writer_id))
        .filter(is_active=True, wants_reply_mail=True)
        .exclude(email="")
        .exclude(pk=comment.user_id or 0)
    )


def held_mail(comment_id: int, user_id: int) -> EmailMessage | None:
    """The mail that a reply waits; `None` where it does no longer, or where this person no longer wants to know."""
    comment = Comment.objects.awaiting().select_related("post").filter(pk=comment_id).first()
    user = listeners(comment).filter(pk=user_id).first() if comment else None
    if comment is None or user is None:
        return None
    return compose(
        "held",
        user.email,
        title=one_line(comment.post.title),
        article_path=comment.post.get_absolute_url(),
        is_urgent=comment.is_urgent,
        since=comment.decided_at or comment.created_at,
        reasons=describe(comment.reasons),
        waiting=Comment.objects.awaiting().count(),
        may_decide=user.has_perm("comments.change_comment"),
        list_path=f"{reverse('admin:comments_comment_changelist')}?status=pending",
    )
