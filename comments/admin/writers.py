"""What the desk says of who wrote a reply, and banning them: read from the form, done, and told in plain words."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.admin.deciding import REASON_LENGTH
from comments.models import Ban, Comment
from comments.writers import banning
from comments.writers.models import indexes_of
from ketablog import undoing
from ketablog.markup import one_line
from ketablog.models import User

FIELD = "writer"
ONE = re.compile(r"(ban|lift):(\d{1,18})", re.ASCII)
NEEDS = {"ban": "comments.add_ban", "lift": "comments.change_ban"}
ACTS = {"ban": banning.ban, "lift": banning.lift}
OPPOSITE = {"ban": "lift", "lift": "ban"}
DONE = {
    "ban": gettext_lazy(
        "Banned: what this writer sends from now on goes to the spam, unless it may be a cry for help. "
        "The replies that are there stay as they are."
    ),
    "lift": gettext_lazy("The ban is lifted: what this writer sends is judged as any other reply."),
}
NOT_DONE = {
    "ban": gettext_lazy("This writer is banned already, or cannot be told from others; nothing was changed."),
    "lift": gettext_lazy("This writer is not banned, so nothing was changed."),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the writer of one reply: how many of each status came with the same key or from the same
    address, that one included; who banned them; and which of the buttons somebody may press."""

    counts: list[tuple[str, int]]
    waiting: int
    ban: Ban | None
    verb: str

    @property
    def has_others(self) -> bool:
        return sum(number for _status, number in self.counts) > 1


def standings(comments: Iterable[Comment], user: User) -> dict[int, Standing]:
    """The standing of the writer of each of these replies. Two queries, however many there are."""
    comments = [comment for comment in comments if banning.may_be_banned(comment)]
    if not comments:
        return {}
    rows = Comment.objects.standings(comments)
    bans = list(Ban.objects.touching(comments).select_related("by"))
    return {comment.pk: _standing(comment, rows, bans, user) for comment in comments}


def _standing(comment: Comment, rows: list[tuple[str, str, str, int]], bans: list[Ban], user: User) -> Standing:
    indexes, counts = indexes_of(comment), Counter[str]()
    for writer, index, status, number in rows:
        if (writer and writer == comment.writer) or (index and index == comment.email_index):
            counts[status] += number
    ban = next((b for b in bans if (b.writer and b.writer == comment.writer) or b.email_index in indexes), None)
    verb = "lift" if ban else "ban"
    shown = [(str(label), counts[status]) for status, label in Comment.Status.choices if counts[status]]
    waiting = counts[Comment.Status.PENDING] - (comment.status == Comment.Status.PENDING)
    return Standing(shown, waiting, ban, verb if user.has_perm(NEEDS[verb]) else "")


def carry_out(request: HttpRequest, by: User) -> None:
    """Do what the form says, and leave a message on whether it was done. Raises `PermissionDenied`."""
    asked = ONE.fullmatch(request.POST.get(FIELD, ""))
    if asked is None:
        messages.error(request, _("That could not be read, so nothing was changed. Please press one of the buttons."))
        return
    verb, comment = asked[1], Comment.objects.filter(pk=int(asked[2])).first()
    if not by.has_perm(NEEDS[verb]):
        raise PermissionDenied
    reason = one_line(request.POST.get("decision_reason", ""))[:REASON_LENGTH]
    words = {"reason": reason} if verb == "ban" else {}
    if comment is None:
        messages.warning(request, _("This reply is no longer there, so nothing was changed."))
    elif ACTS[verb](comment, by=by, **words):
        undo = {FIELD: f"{OPPOSITE[verb]}:{comment.pk}"}
        messages.success(request, undoing.offer(request, DONE[verb], undo))
    else:
        messages.warning(request, NOT_DONE[verb])
