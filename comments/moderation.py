"""The transitions of a reply. Each is one conditional UPDATE, and only who changed the row writes it down.

The condition is the status and the text that the caller saw: where somebody else decided in the
meantime, or the writer changed the text, nothing happens and the answer is `False`.
"""

from collections.abc import Callable, Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comments import consent, opening
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
    """Waiting, spam or removed → approved: readers see it. Nobody is told. Returns whether this call did it.

    An urgent reply needs consents first: where those are not enough this call gives one, and the answer is `False`.
    `consent.missing` says what is still needed.
    """
    with transaction.atomic():
        if comment.is_urgent and not _consented(comment, by, text_version):
            return False
        as_seen = Q(help_rank=comment.help_rank)
        return _move(comment, {PENDING, SPAM, REMOVED}, APPROVED, by, text_version, reason, as_seen)


def spam(comment: Comment, *, by: User | None, text_version: int, reason: str = "") -> bool:
    """Waiting, approved or removed → spam. Nobody is told. Returns whether this call did it.

    Never does it to an urgent reply: what may be a cry for help is read, answered or removed by a person.
    """
    not_urgent = Q(help_rank__lt=Comment.HelpRank.URGENT)
    return _move(comment, {PENDING, APPROVED, REMOVED}, SPAM, by, text_version, reason, not_urgent)


def remove(comment: Comment, *, by: User | None, text_version: int, reason: str = "", public_reason: str = "") -> bool:
    """Waiting, approved or spam → removed. Nobody is told. Returns whether this call did it.

    `public_reason` is for its writer, who finds it on the own page. Only a person removes an urgent reply.
    """
    allowed = Q(help_rank__lt=Comment.HelpRank.URGENT) if by is None else Q()
    words = {"public_reason": public_reason}
    return _move(comment, {PENDING, APPROVED, SPAM}, REMOVED, by, text_version, reason, allowed, **words)


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


def _consented(comment: Comment, by: User | None, text_version: int) -> bool:
    if comment.status == APPROVED or not consent.give(comment, by=by, text_version=text_version):
        if by is not None and comment.text_version == text_version:
            opening.open_reply(comment, by=by)
        return False
    return True


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
    decided: dict[str, object] = {
        "status": after,
        "decided_at": timezone.now(),
        "decided_by": by,
        "decision_reason": reason,
        "public_reason": "",
        **also,
    }
    if before == APPROVED:
        decided["pinned_at"] = None
    if by is not None and comment.opened_at is None:
        decided |= {"opened_at": decided["decided_at"], "opened_by": by}
    with transaction.atomic():
        seen = Comment.objects.filter(condition or Q(), pk=comment.pk, text_version=text_version, status=before)
        if not seen.not_empty().update(**decided):
            return False
        Decision.objects.create(
            comment=comment, before=before, after=after, text_version=text_version, reason=reason, by=by
        )
        if after != PENDING:
            comment.reports.settle()
    for name, value in decided.items():
        setattr(comment, name, value)
    return True
