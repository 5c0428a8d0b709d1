"""Texts that are hard to read stay covered until somebody opens them, each for oneself and by POST."""

import re
from typing import cast

from django.http import HttpRequest

from comments import opening
from comments.models import Comment, Report
from ketablog.models import User

FIELD = "open"
ONE = re.compile(r"\d{1,18}:\d{1,9}", re.ASCII)
MOST = 200
HARSH = {Report.Reason.WORRY, Report.Reason.HARM, Report.Reason.HURT}


def is_hard(comment: Comment) -> bool:
    """Whether a text may be hard to read: a cry for help, or what readers reported as hurtful or harmful."""
    if comment.is_empty:
        return False
    waits_or_is_hidden = comment.is_urgent and not comment.is_approved
    return waits_or_is_hidden or any(report.reason in HARSH for report in comment.new_reports)


def is_covered(comment: Comment, opened: set[str]) -> bool:
    return is_hard(comment) and name_of(comment) not in opened


def covers_above(comment: Comment, opened: set[str]) -> bool:
    """Whether the text that a reply answers is covered. One query."""
    above = comment.parent
    if above is None:
        return False
    above.new_reports = list(above.reports.unsettled())
    return is_covered(above, opened)


def name_of(comment: Comment) -> str:
    """What stands for a reply's present text: another text is covered again."""
    return f"{comment.pk}:{comment.text_version}"


def opened_by(request: HttpRequest) -> set[str]:
    """The texts that this person opened since signing in."""
    return set(request.session.get(FIELD, []))


def carry_out(request: HttpRequest) -> None:
    """Open the text that the form names. Who may decide about a cry for help has read it then: the reminders end."""
    named = request.POST.get(FIELD, "")
    if ONE.fullmatch(named):
        number, _colon, version = named.partition(":")
        user = cast(User, request.user)
        comment = Comment.objects.filter(pk=int(number), text_version=int(version)).first()
        if comment is not None and user.has_perm("comments.change_comment"):
            opening.open_reply(comment, by=user)
        others = [name for name in request.session.get(FIELD, []) if name != named]
        request.session[FIELD] = [*others[1 - MOST :], named]
