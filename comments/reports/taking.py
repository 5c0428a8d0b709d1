"""Taking in a report: it is counted, and what it leads to is done in the same transaction.

Three readers hold a reply for staff. One cannot: a client counts once a day. What staff wrote is never held by reports,
and what staff decided after reports were made settles these, so that it takes three new ones.
"""

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from comments import guard, journal, moderation, notifications, refusals
from comments.intake import check_flood
from comments.models import Comment
from comments.reports.forms import ReportForm
from comments.reports.models import Report
from ketablog.clients import client_key
from ketablog.models import User
from ketablog.secrets import daily_hash
from posts.models import Post

logger = logging.getLogger("ketablog.reports")

ENOUGH = 3
LIMITS = ((5, timedelta(minutes=1)), (20, timedelta(hours=1)))


def take(request: HttpRequest, comment: Comment, typed: dict[str, str], form: ReportForm) -> None:
    """Take in what a reader reports about a public reply. Raises `Refused` by the first check that fails."""
    guard.check_origin(request)
    guard.check_token(typed.get("token", ""), comment.post)
    if not form.is_valid():
        raise refusals.fields_are_wrong()
    try:
        check_flood(request, "report", LIMITS, refusals.too_many_reports)
        client = daily_hash("report", f"{comment.pk}:{client_key(request)}")
        _receive(comment, form.cleaned_data["reason"], form.cleaned_data["words"], client)
    except DatabaseError as error:
        logger.exception("a report could not be saved")
        raise refusals.report_not_saved() from error


def _receive(comment: Comment, reason: str, words: str, client: str) -> None:
    with transaction.atomic():
        # One at a time under an article, so that the third report is seen to be the third.
        Post.objects.lock(comment.post_id)
        if not Comment.objects.lock_unless_empty(comment):
            return
        said = {"reason": reason, "words": words}
        _report, is_new = Report.objects.get_or_create(comment=comment, client=client, defaults=said)
        if is_new:
            _follow_up(Comment.objects.select_related("post").get(pk=comment.pk), reason)


def _follow_up(comment: Comment, reason: str) -> None:
    reports = list(comment.reports.unsettled())
    worried = sum(report.reason == Report.Reason.WORRY for report in reports)
    if reason == Report.Reason.WORRY:
        Comment.objects.watch(comment)
    rules = ["reported", *(["worried"] if worried else [])]
    if len(reports) >= ENOUGH and moderation.hold(comment, because=rules):
        notifications.tell_held(comment)
    elif (reason == Report.Reason.WORRY and worried == 1) or len(reports) == ENOUGH:
        notifications.tell_reported(comment)


def settle(comment: Comment, *, by: User, newest: int) -> bool:
    """Staff read the reports of a reply up to this one and let it stand; what came since is still to be read. Returns
    whether there were any."""
    with transaction.atomic():
        if not comment.reports.seen_with(newest).settle():
            return False
        journal.note(comment, by=by, what=_("The reports of readers were settled; the reply stays."))
    return True
