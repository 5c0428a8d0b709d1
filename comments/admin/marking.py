"""What moderators do with a public reply beside deciding it: read from the form, done, and told in plain words."""

import re

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import opening, pinning, standard_answer
from comments.admin import undoing
from comments.admin.deciding import SEEN, Seen
from comments.models import Comment
from comments.reports import taking
from ketablog.models import User

FIELD = "mark"
LABELS = {
    "pin": gettext_lazy("Pin as the answer"),
    "unpin": gettext_lazy("Unpin"),
    "settle": gettext_lazy("The reports are settled"),
    "note": gettext_lazy("Approve and send the standard answer"),
    "open": gettext_lazy("I have read it"),
}
DONE = {
    "pin": gettext_lazy("Pinned: the thread now says who answered it, and leads to this reply."),
    "unpin": gettext_lazy("This reply is no longer the answer of its thread."),
    "open": gettext_lazy("Noted: you have read it, and the reminders by mail end. It waits for a decision."),
    "settle": gettext_lazy("Settled: the reply stays as it is, and new reports of this text only tell you."),
    "note": gettext_lazy("The standard answer stands below the reply, with your name. Readers see both."),
}
NOT_DONE = {
    "pin": gettext_lazy(
        "This reply was not pinned. Only a public answer by staff can be; it may have changed, or be pinned already."
    ),
    "unpin": gettext_lazy("This reply was not pinned, so nothing was changed."),
    "open": gettext_lazy("Somebody has read it already, or its text was changed. Please look at it again."),
    "settle": gettext_lazy(
        "Nothing was changed: there were no reports to settle, or its writer changed the text meanwhile. "
        "Please look again."
    ),
    "note": gettext_lazy(
        "The standard answer was not sent and nothing was changed: the reply was decided or changed meanwhile, "
        "personal data has to be taken out of it first, or the answer is there already."
    ),
}
# A verb, the number of a reply, and what was seen of it.
ONE = re.compile(rf"({'|'.join(LABELS)}):(\d{{1,18}}):({SEEN})", re.ASCII)


def verbs_for(comment: Comment, *, is_reported: bool) -> list[str]:
    """What can be done with a reply as it stands."""
    verbs = ["unpin"] if comment.pinned_at is not None else []
    if not verbs and pinning.may_be_pinned(comment):
        verbs = ["pin"]
    if comment.is_urgent and comment.status == Comment.Status.PENDING and comment.opened_at is None:
        verbs.append("open")
    # What waits is settled by a decision.
    if comment.status != Comment.Status.PENDING and is_reported:
        verbs.append("settle")
    if standard_answer.is_offered(comment):
        verbs.append("note")
    return verbs


def carry_out(request: HttpRequest, by: User) -> None:
    """Do what the form says, and leave a message on whether it was done."""
    asked = ONE.fullmatch(request.POST.get(FIELD, ""))
    if asked is None:
        messages.error(request, _("That could not be read, so nothing was changed. Please press one of the buttons."))
        return
    verb, number, seen = asked[1], int(asked[2]), Seen.read(asked[3])
    comment = Comment.objects.filter(pk=number).first()
    if comment is None:
        messages.warning(request, _("This reply is no longer there, so nothing was changed."))
    elif _do(verb, comment, by, seen.text_version, seen.newest_report):
        messages.success(request, DONE[verb])
        if verb == "note":
            undoing.make_offer(request, [comment], by=by)
    else:
        messages.warning(request, NOT_DONE[verb])


def _do(verb: str, comment: Comment, by: User, version: int, newest: int) -> bool:
    if verb == "pin":
        return pinning.pin(comment, by=by, text_version=version)
    if verb == "unpin":
        return pinning.unpin(comment, by=by)
    if verb == "open":
        return comment.text_version == version and opening.open_reply(comment, by=by)
    if verb == "note":
        return standard_answer.send(comment, by=by, text_version=version)
    return taking.settle(comment, by=by, newest=newest, text_version=version)
