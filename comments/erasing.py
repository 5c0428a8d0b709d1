"""What is done to the rows of replies that are erased: a batch of them, within the transaction of who calls.

Wholly, as withdrawing one does, or all but their texts. Either way the private links are others from then on, and
whatever a moderator or the writer was about to do to the text they had before them does not hold.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from comments import privacy
from comments.classifier import learning
from comments.models import Ban, Comment, Decision, FormerState, Original, Report
from comments.mydata.models import Kind
from comments.notices import watching
from comments.questions import making
from comments.rules import memory

REMOVED = Comment.Status.REMOVED


def because(kind: Kind) -> str:
    """What a decision says where a reply was taken back."""
    return _("withdrawn by its writer") if kind == Kind.WITHDRAWN else _("erased by its writer")


def nothing_left(at: datetime) -> dict[str, Any]:
    """The columns of a reply that was taken back at this moment."""
    return {**privacy.EMPTY, "status": REMOVED, "withdrawn_at": at, "pinned_at": None, **_other_link()}


def empty(ids: Collection[int], *, at: datetime, because: str) -> int:
    """Any status → removed, with nothing left. Returns how many were not so before."""
    rows = Comment.objects.filter(pk__in=ids, withdrawn_at__isnull=True).order_by("pk").select_for_update(no_key=True)
    before = list(rows.values_list("pk", "status", "text_version"))
    ids = [pk for pk, _status, _version in before]
    drop_copies(ids)
    watching.end(ids)
    Comment.objects.filter(pk__in=ids).update(**nothing_left(at))
    learning.follow.enqueue(ids)
    Decision.objects.bulk_create(
        Decision(comment_id=pk, before=status, after=REMOVED, text_version=version + 1, reason=because)
        for pk, status, version in before
        if status != REMOVED
    )
    return len(ids)


def drop_copies(ids: Collection[int]) -> None:
    """What else holds words of these replies, or tells who wrote them, wherever it stands."""
    Decision.objects.filter(comment__in=ids).update(reason="")
    Report.objects.filter(comment__in=ids).delete()
    FormerState.objects.of_replies(ids).delete()
    Original.objects.filter(comment__in=ids).delete()
    memory.forget_addresses(ids)
    Ban.objects.filter(comment__in=ids).update(reason="")
    making.take_off_made_of(ids)


def unname(ids: Collection[int], *, name: str) -> int:
    """All but the texts: another name, no address, no website, nothing of what was said about the reply but that it
    was. Its status stays. Returns how many were not so before."""
    rows = (
        Comment.objects.filter(pk__in=ids)
        .not_empty()
        .known_by_more_than(name)
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    replies = list(rows.only("reasons"))
    ids = [reply.pk for reply in replies]
    for reply in replies:
        reply.reasons = [{**reason, "fragment": ""} for reason in reply.reasons]
    Comment.objects.bulk_update([reply for reply in replies if reply.reasons], ["reasons"])
    Decision.objects.filter(comment__in=ids).update(reason="")
    Report.objects.filter(comment__in=ids).update(words="")
    FormerState.objects.of_replies(ids).delete()
    Ban.objects.filter(comment__in=ids).update(reason="")
    Original.objects.filter(comment__in=ids).delete()
    memory.forget_addresses(ids)
    watching.end(ids)
    return Comment.objects.filter(pk__in=ids).update(
        name=name,
        email_encrypted="",
        email_index="",
        website="",
        writer="",
        user=None,
        pinned_at=None,
        decision_reason="",
        public_reason="",
        **_other_link(),
    )


def _other_link() -> dict[str, Any]:
    return {"text_version": F("text_version") + 1, "generation": F("generation") + 1}
