"""Answering a reply from its card: read from the form, done, and told; what was typed is kept where it was not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import answering
from comments.admin import deciding, undoing
from comments.forms import CommentForm
from comments.models import Comment
from comments.refusals import Refused
from ketablog import site
from ketablog.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIELD = "answer"
# Whether it is approved with the answer, the number of the reply, and what was seen of it.
ONE = re.compile(rf"(approve|only):(\d{{1,18}}):({deciding.SEEN})", re.ASCII)
DONE = {
    "approve": gettext_lazy("Approved and answered: readers of the article see both now."),
    "only": gettext_lazy("Answered: readers of the article see it now."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer that was not sent: to which reply, the text, and why not; `question` where it may confirm that its
    reader is a patient."""

    comment: Comment
    text: str
    problems: list[StrOrPromise]
    question: object = None


def carry_out(request: HttpRequest, by: User) -> Typed | None:
    """Send the answer and leave a message; where that cannot be, what was typed comes back."""
    asked = ONE.fullmatch(request.POST.get(FIELD, ""))
    comment = Comment.objects.select_related("post").filter(pk=int(asked[2])).first() if asked else None
    if asked is None or comment is None:
        messages.error(request, _("The reply that was to be answered is no longer there, so nothing was sent."))
        return None
    verb, seen = asked[1], deciding.Seen.read(asked[3])
    text = request.POST.get(f"answer-{comment.pk}", "")
    if verb == "approve" and seen.is_decided_since(comment):
        return Typed(comment, text, [_why_not(comment, verb, seen, by)])
    form = CommentForm({"comment": text}, post=comment.post, site=site.of(request), user=by)
    if not form.is_valid():
        return Typed(comment, text, [str(error) for error in form.errors["comment"]])
    try:
        answering.answer(
            form.draft(comment),
            by=by,
            site_settings=site.of(request),
            approves=verb == "approve",
            insists=f"insist-{comment.pk}" in request.POST,
            text_version=seen.text_version,
            newest_report=seen.newest_report,
        )
    except answering.NotAnswered:
        return Typed(comment, text, [_why_not(comment, verb, seen, by)])
    except Refused as refusal:
        return Typed(comment, text, [refusal.sentence], refusal.question)
    messages.success(request, DONE[verb])
    if verb == "approve":
        undoing.make_offer(request, [comment], by=by)
    return None


def _why_not(comment: Comment, verb: str, seen: deciding.Seen, by: User) -> str:
    if verb == "approve":
        why = deciding.why_not(comment.pk, "approve", seen, by)
    else:
        why = _("The reply is no longer public, or its writer changed it after you opened this page.")
    return _("%(why)s Your answer was not sent; it is kept below.") % {"why": why}
