"""Taking in a report: it is counted, and what it leads to is done in the same transaction.

Three readers hold a reply for staff. One cannot: a client counts once a day. What staff wrote is never held by reports.
Nor is a text that staff let stand although they had read what was reported of it: then new reports only tell them. What
its writer changed since is another text.
"""

import logging
import re
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
SOME_VERSION = re.compile(r"[1-9][0-9]{0,8}")
LIMITS = ((5, timedelta(minutes=1)), (20, timedelta(hours=1)))


def take(request: HttpRequest, comment: Comment, typed: dict[str, str], form: ReportForm) -> None:
    """Take in what a reader reports about a public reply. Raises `Refused` by the first check that fails."""
    guard.check_origin(request)
    guard.check_token(typed.get("token", ""), comment.post)
    if not form.is_valid():
        raise refusals.fields_are_wrong()
    try:
        check_flood(request, "report", LIMITS, refusals.too_many_reports)
        said = {name: form.cleaned_data[name] for name in ("reason", "words")}
        client = daily_hash("report", f"{comment.pk}:{client_key(request)}")
        _receive(Report(comment=comment, client=client, text_version=_version_seen(comment, typed), **said))
    except DatabaseError as error:
        logger.exception("a report could not be saved")
        raise refusals.report_not_saved() from error


def _version_seen(comment: Comment, typed: dict[str, str]) -> int:
    """Of the text that the reader saw, as the form says; never one that is still to come."""
    version = typed.get("version", "")
    return min(int(version), comment.text_version) if SOME_VERSION.fullmatch(version) else comment.text_version


def _receive(report: Report) -> None:
    with transaction.atomic():
        # One at a time under an article, so that the third report is seen to be the third.
        Post.objects.lock(report.comment.post_id)
        if not Comment.objects.lock_unless_empty(report.comment) or Report.objects.repeating(report).exists():
            return
        report.save()
        _follow_up(Comment.objects.select_related("post").get(pk=report.comment_id), report.reason)


def _follow_up(comment: Comment, reason: str) -> None:
    reports = list(comment.reports.unsettled())
    readers = len({report.client for report in reports})
    worried = sum(report.reason == Report.Reason.WORRY for report in reports)
    if reason == Report.Reason.WORRY:
        Comment.objects.watch(comment)
    rules = ["reported", *(["worried"] if worried else [])]
    is_known = comment.reports.settled_about(comment.text_version).exists()
    if readers >= ENOUGH and not is_known and moderation.hold(comment, because=rules):
        notifications.tell_held(comment)
    elif (reason == Report.Reason.WORRY and worried == 1) or readers == ENOUGH:
        notifications.tell_reported(comment)


def settle(comment: Comment, *, by: User, newest: int, text_version: int) -> bool:
    """Staff read this text and its reports up to this one, and let it stand; what came since is still to be read.
    Returns whether there were any. Nothing happens where the text is another one by now."""
    with transaction.atomic():
        seen = Comment.objects.filter(pk=comment.pk, text_version=text_version)
        if not seen.select_for_update(no_key=True).exists() or not comment.reports.seen_with(newest).settle():
            return False
        journal.note(comment, by=by, what=_("The reports of readers were settled; the reply stays."))
    return True
