"""The one mail a day for those of the staff who chose it."""

from collections import Counter

from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse

from comments.models import Comment
from comments.notifications import MAY_DECIDE, reachable, who_may
from comments.reasons import count_words
from ketablog.accounts import ReplyMail
from ketablog.mail import compose, send_later
from ketablog.markup import one_line
from ketablog.models import User


def send() -> None:
    """Queue the mail of the day for each who chose it and may decide, or wrote an article."""
    listens = Q(pk__in=who_may(MAY_DECIDE).values("pk")) | Q(person__posts__isnull=False)
    for user in reachable().filter(listens, reply_mail=ReplyMail.DAILY).distinct().order_by("pk"):
        send_later("comments.staff_digest.digest_mail", user.pk)


def digest_mail(user_id: int) -> EmailMessage | None:
    """What waits for a decision and what readers reported; `None` where nothing is, or who wants no such mail."""
    user: User | None = reachable().filter(pk=user_id, reply_mail=ReplyMail.DAILY).first()
    if user is None:
        return None
    may_decide = user.has_perm(MAY_DECIDE)
    waiting = list(
        Comment.objects.awaiting()
        .heard_by(user, may_decide=may_decide)
        .values_list("post__title", "reasons", "help_rank")
    )
    reported = Comment.objects.decided().reported().heard_by(user, may_decide=may_decide).count()
    if not waiting and not reported:
        return None
    return compose(
        "staff_digest",
        user.email,
        n=len(waiting),
        reported=reported,
        urgent=sum(rank == Comment.HelpRank.URGENT for _title, _reasons, rank in waiting),
        words=count_words(reasons for _title, reasons, _rank in waiting),
        articles=Counter(one_line(title) for title, _reasons, _rank in waiting).most_common(),
        may_decide=may_decide,
        list_path=f"{reverse('admin:comments_comment_changelist')}?status=pending",
        reported_path=f"{reverse('admin:comments_comment_changelist')}?status=all&reported=new",
    )
