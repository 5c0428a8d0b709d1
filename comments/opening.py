"""Opening what may be a cry for help, and reminding staff of it until somebody has.

The mails hold nothing of the reply. They go to the on-call address of the Site settings; where there is none, to those
who hear of every reply that is held.
"""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import journal, notifications
from comments.models import Comment
from ketablog import site
from ketablog.mail import compose, send_later
from ketablog.models import User
from ketablog.site import SiteSettings
from ketablog.tasks import task

PAUSES = [timedelta(minutes=minutes) for minutes in (15, 15, 30, 30, 60)]  # The last one for as long as it takes.


def open_reply(comment: Comment, *, by: User) -> bool:
    """Somebody read an urgent reply that waits: the reminders end. Returns whether this call did it."""
    opened = {"opened_at": timezone.now(), "opened_by": by}
    with transaction.atomic():
        rows = Comment.objects.unopened().filter(pk=comment.pk, text_version=comment.text_version)
        if not rows.order_by().update(**opened):
            return False
        journal.note(comment, by=by, what=_("Read by staff: it may be a cry for help."))
    for name, value in opened.items():
        setattr(comment, name, value)
    return True


def alert(comment: Comment, site_settings: SiteSettings) -> None:
    """Queue the mail to the on-call address, and the first reminder. To be called in the transaction that holds it."""
    if site_settings.on_call_address:
        send_later("comments.opening.alert_mail", comment.pk)
    _queue(comment.pk, comment.text_version, 0)


@task()
def remind(comment_id: int, text_version: int, times: int) -> None:
    """Remind staff where nobody has opened the reply yet, and queue the next reminder first."""
    comment = Comment.objects.unopened().filter(pk=comment_id, text_version=text_version).first()
    if comment is None:
        return
    with transaction.atomic():
        _queue(comment_id, text_version, times + 1)
        if site.current().on_call_address:
            send_later("comments.opening.alert_mail", comment_id)
        else:
            notifications.remind_held(comment)


def alert_mail(comment_id: int) -> EmailMessage | None:
    """The mail to the on-call address; `None` where somebody opened the reply, or there is no such address any more."""
    comment = Comment.objects.unopened().filter(pk=comment_id).first()
    address = site.current().on_call_address
    if comment is None or not address:
        return None
    path = reverse("admin:comments_comment_change", args=[comment.pk])
    return compose("alert", address, since=comment.created_at, reply_path=path)


def _queue(comment_id: int, text_version: int, times: int) -> None:
    pause = PAUSES[min(times, len(PAUSES) - 1)]
    remind.using(run_after=timezone.now() + pause).enqueue(comment_id, text_version, times)
