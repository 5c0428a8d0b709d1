"""The transitions of a reply. Each is one conditional UPDATE, and only who changed the row writes it down.

The condition is the status and the text that the caller saw: where somebody else decided in the
meantime, or the writer changed the text, nothing happens and the answer is `False`.
"""

from collections.abc import Callable, Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comments.classifier import learning
from comments.models import Comment, Decision
from ketablog.models import User

PENDING, APPROVED, SPAM, REMOVED = (
    Comment.Status.PENDING,
    Comment.Status.APPROVED,
    Comment.Status.SPAM,
    Comment.Status.REMOVED,
)
Transition = Callable[..., bool]


def approve(comment: Comment, *, by: User | None, text_version: int, reason: str = "") -> bool:
    """Waiting, spam or removed → approved: readers see it. Nobody is told. Returns whether this call did it."""
    return _move(comment, {PENDING, SPAM, REMOVED}, APPROVED, by, text_version, reason)


def spam(comment: Comment, *, by: User | None, text_version: int, reason: str = "") -> bool:
    """Waiting, approved or removed → spam. Nobody is told. Returns whether this call did it.

    Never does it to an urgent reply: what may be a cry for help is read, answered or removed by a person.
    """
    not_urgent = Q(help_rank__lt=Comment.HelpRank.URGENT)
    return _move(comment, {PENDING, APPROVED, REMOVED}, SPAM, by, text_version, reason, not_urgent)


def remove(comment: Comment, *, by: User | None, text_version: int, reason: str = "", public_reason: str = "") -> bool:
    """Waiting, approved or spam → removed. Nobody is told. Returns whether this call did it.

    `public_reason` is for its writer, who finds it on the own page.
    """
    return _move(comment, {PENDING, APPROVED, SPAM}, REMOVED, by, text_version, reason, public_reason=public_reason)


def restore(comment: Comment, *, by: User | None, text_version: int, reason: str = "") -> bool:
    """Spam, removed or approved → waiting, as if nothing had been decided. Nobody is told. Returns whether
    this call did it."""
    return _move(comment, {SPAM, REMOVED, APPROVED}, PENDING, by, text_version, reason)


def hold(comment: Comment, *, because: Collection[str]) -> bool:
    """Approved → waiting, for reasons that came up since it was decided, named as rules are. Never does it to what
    staff wrote. Nobody is told. Returns whether this call did it."""
    known = [reason for reason in comment.reasons if reason["rule"] not in because]
    reasons = [*known, *({"rule": rule, "points": 0, "fragment": "", "version": 1} for rule in because)]
    not_by_staff = Q(user__isnull=True)
    return _move(comment, {APPROVED}, PENDING, None, comment.text_version, "", not_by_staff, reasons=reasons)


VERBS: dict[str, tuple[Transition, Comment.Status]] = {
    "approve": (approve, APPROVED),
    "spam": (spam, SPAM),
    "remove": (remove, REMOVED),
    "restore": (restore, PENDING),
}


def verbs_for(comment: Comment) -> list[str]:
    """What can be decided about a reply as it stands; nothing about one of which nothing is left."""
    if comment.is_empty:
        return []
    return [
        verb
        for verb, (_transition, after) in VERBS.items()
        if comment.status != after and not (verb == "spam" and comment.is_urgent)
    ]


def _move(
    comment: Comment,
    sources: set[Comment.Status],
    after: Comment.Status,
    by: User | None,
    text_version: int,
    reason: str,
    condition: Q | None = None,
    **also: object,
) -> bool:
    before = comment.status
    if before not in sources:
        return False
    decided = {
        "status": after,
        "decided_at": timezone.now(),
        "decided_by": by,
        "decision_reason": reason,
        "public_reason": "",
        **also,
    }
    if before == APPROVED:
        decided["pinned_at"] = None
    with transaction.atomic():
        seen = Comment.objects.filter(condition or Q(), pk=comment.pk, text_version=text_version, status=before)
        if not seen.not_empty().update(**decided):
            return False
        Decision.objects.create(
            comment=comment, before=before, after=after, text_version=text_version, reason=reason, by=by
        )
        if after != PENDING:
            comment.reports.settle()
        learning.follow.enqueue(comment.pk)
    for name, value in decided.items():
        setattr(comment, name, value)
    return True
