"""The offer to take back what was just decided: made on the next page, read from its form, done, and told."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Comment, FormerState
from comments.undoing import taking_back
from comments.undoing.models import OFFERED
from ketablog.models import User

FIELD = "undo"
# The numbers of the decisions.
MANY = re.compile(r"\d{1,18}(?:\.\d{1,18}){0,199}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Offer:
    """`value` is what the button says, `seconds` how long it is offered."""

    value: str
    count: int
    seconds: int


def make_offer(request: HttpRequest, done: Collection[Comment], *, by: User) -> None:
    """Offer it on the pages that this person sees within the next seconds."""
    states = FormerState.objects.fresh().of_replies([comment.pk for comment in done]).filter(decision__by=by)
    newest = {
        state.decision.comment_id: state.decision_id for state in states.select_related("decision").order_by("pk")
    }
    until = timezone.now() + OFFERED
    request.session[FIELD] = {"decisions": list(newest.values()), "until": until.isoformat()}


def offered(request: HttpRequest) -> Offer | None:
    """What can be taken back now. Reading it changes nothing."""
    said = request.session.get(FIELD)
    if not said or not said["decisions"]:
        return None
    left = (datetime.fromisoformat(said["until"]) - timezone.now()).total_seconds()
    if left <= 0:
        return None
    numbers = said["decisions"]
    return Offer(".".join(map(str, numbers)), len(numbers), round(left) or 1)


def carry_out(request: HttpRequest, by: User) -> None:
    """Take back what the form names, and leave a message on what was and what was not."""
    request.session.pop(FIELD, None)
    named = request.POST.get(FIELD, "")
    if not MANY.fullmatch(named):
        messages.error(request, _("That could not be read, so nothing was changed. Please press one of the buttons."))
        return
    decisions = {int(number) for number in named.split(".")}
    done, left = taking_back.undo_all(decisions, by=by)
    if done:
        words = ngettext(
            "Taken back: the reply is as it was before.",
            "Taken back: %(count)d replies are as they were before.",
            len(done),
        )
        messages.success(request, words % {"count": len(done)})
    if left or len(done) < len(decisions):
        messages.warning(
            request,
            _(
                "Not everything could be taken back: it is too long ago, or somebody changed a reply since. What was "
                "decided stays; you can still decide otherwise."
            )
            if done
            else _(
                "Nothing was taken back: it is too long ago, or somebody changed the reply since. What was decided "
                "stays; you can still decide otherwise."
            ),
        )
