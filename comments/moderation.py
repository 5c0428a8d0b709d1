"""The transitions of a reply. Each is one conditional UPDATE, and only who changed the row writes it down.

The condition is the status and the text that the caller saw: where somebody else decided in the
meantime, or the writer changed the text, nothing happens and the answer is `False`.
What is decided settles the reports of readers up to `newest_report`, the last one that the caller saw, and none since.
"""

from collections.abc import Callable, Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comments import consent, opening
from comments.classifier import learning
from comments.models import Comment, Decision, Original
from comments.notices import telling
from comments.redaction import letting
from comments.redaction.parts import found_in
from comments.rules import knowledge, memory, table
from comments.undoing.former import Before
from ketablog import site
from ketablog.models import User

PENDING, APPROVED, SPAM, REMOVED = (
    Comment.Status.PENDING,
    Comment.Status.APPROVED,
    Comment.Status.SPAM,
    Comment.Status.REMOVED,
)
WAYS_IN = {PENDING, SPAM, REMOVED}
Transition = Callable[..., bool]


def approve(comment: Comment, *, by: User | None, text_version: int, reason: str = "", newest_report: int = 0) -> bool:
    """Waiting, spam or removed → approved: readers see it. Its writer is told, and the one it answers, where they
    wish for it. Returns whether this call did it.

    Never does it where personal data is found: that is redacted, or approved as it is by somebody who says so. An
    urgent reply needs consents first: where those are not enough this call gives one, and the answer is `False`.
    `consent.missing` says what is still needed.
    """
    if found_in(comment):
        return False
    return _publish(comment, by, text_version, reason, newest_report)


def approve_as_it_is(
    comment: Comment, *, by: User | None, text_version: int, reason: str = "", newest_report: int = 0
) -> bool:
    """Waiting, spam or removed → approved, with the personal data in it, which is written down. As `approve`.
    Returns whether this call did it."""
    parts = found_in(comment)
    with transaction.atomic():
        if not _publish(comment, by, text_version, reason, newest_report):
            return False
        if parts:
            letting.note_parts(comment, parts, by=by)
    return True


def approve_redacted(
    comment: Comment, *, by: User | None, text_version: int, reason: str = "", newest_report: int = 0
) -> bool:
    """Waiting, spam or removed → approved, with a placeholder for each part that is personal data; what it said is kept
    apart for a while. As `approve`. Returns whether this call did it: not where nothing is found."""
    parts = found_in(comment)
    if not parts:
        return False
    before = {"name": comment.name, "source": comment.source}
    name, source = parts.redacted()
    draft = Comment(source=source)
    draft.render()
    changed = {
        "name": name,
        "source": source,
        "html": draft.html,
        "html_policy": draft.html_policy,
        "text_version": text_version + 1,
    }
    with transaction.atomic():
        if not _publish(comment, by, text_version, reason, newest_report, **changed):
            return False
        # What was taken out first is what its writer sent.
        Original.objects.get_or_create(comment=comment, defaults=before)
    return True


def spam(comment: Comment, *, by: User | None, text_version: int, reason: str = "", newest_report: int = 0) -> bool:
    """Waiting, approved or removed → spam. Nobody is told. Returns whether this call did it.

    Never does it to an urgent reply: what may be a cry for help is read, answered or removed by a person.
    """
    not_urgent = Q(help_rank__lt=Comment.HelpRank.URGENT)
    return _move(comment, {PENDING, APPROVED, REMOVED}, SPAM, by, text_version, reason, newest_report, not_urgent)


def remove(
    comment: Comment,
    *,
    by: User | None,
    text_version: int,
    reason: str = "",
    public_reason: str = "",
    newest_report: int = 0,
) -> bool:
    """Waiting, approved or spam → removed. Nobody is told. Returns whether this call did it.

    `public_reason` is for its writer, who finds it on the own page. Only a person removes an urgent reply.
    """
    sources, words = {PENDING, APPROVED, SPAM}, {"public_reason": public_reason}
    allowed = Q(help_rank__lt=Comment.HelpRank.URGENT) if by is None else Q()
    return _move(comment, sources, REMOVED, by, text_version, reason, newest_report, allowed, **words)


def restore(comment: Comment, *, by: User | None, text_version: int, reason: str = "", newest_report: int = 0) -> bool:
    """Spam, removed or approved → waiting, as if nothing had been decided. Nobody is told. Returns whether
    this call did it."""
    return _move(comment, {SPAM, REMOVED, APPROVED}, PENDING, by, text_version, reason, newest_report)


def hold(comment: Comment, *, because: Collection[str]) -> bool:
    """Approved → waiting, for reasons that came up since it was decided, named as rules are. Never does it to what
    staff wrote. Nobody is told. Returns whether this call did it."""
    known = [reason for reason in comment.reasons if reason["rule"] not in because]
    reasons = [
        *known,
        *({"rule": rule, "points": 0, "fragment": "", "version": 1, "outcome": "hold"} for rule in because),
    ]
    not_by_staff = Q(user__isnull=True)
    return _move(comment, {APPROVED}, PENDING, None, comment.text_version, "", 0, not_by_staff, reasons=reasons)


VERBS: dict[str, tuple[Transition, Comment.Status]] = {
    "approve": (approve, APPROVED),
    "redact": (approve_redacted, APPROVED),
    "as_is": (approve_as_it_is, APPROVED),
    "spam": (spam, SPAM),
    "remove": (remove, REMOVED),
    "restore": (restore, PENDING),
}


# What needs a look at one reply is not done to many at once.
IN_BULK = ("approve", "spam", "remove", "restore")


def verbs_for(comment: Comment, *, has_parts: bool = False) -> list[str]:
    """What can be decided about a reply as it stands; nothing about one of which nothing is left.

    `has_parts` says whether personal data is found in it.
    """
    if comment.is_empty:
        return []
    return [
        verb
        for verb, (_transition, after) in VERBS.items()
        if comment.status != after
        and not (verb == "spam" and comment.is_urgent)
        and not (verb in ("redact", "as_is") and not has_parts)
    ]


def _consented(comment: Comment, by: User | None, text_version: int) -> bool:
    if comment.status == APPROVED or not consent.give(comment, by=by, text_version=text_version):
        if by is not None and comment.text_version == text_version:
            opening.open_reply(comment, by=by)
        return False
    return True


def _publish(
    comment: Comment, by: User | None, text_version: int, reason: str, newest_report: int, /, **also: object
) -> bool:
    with transaction.atomic():
        if comment.is_urgent and not _consented(comment, by, text_version):
            return False
        as_seen = Q(help_rank=comment.help_rank)
        return _move(comment, WAYS_IN, APPROVED, by, text_version, reason, newest_report, as_seen, **also)


def _move(
    comment: Comment,
    sources: set[Comment.Status],
    after: Comment.Status,
    by: User | None,
    text_version: int,
    reason: str,
    newest_report: int,
    condition: Q | None = None,
    /,
    **also: object,
) -> bool:
    before = comment.status
    if before not in sources:
        return False
    now = timezone.now()
    decided: dict[str, object] = {
        "status": after,
        "decided_at": now,
        "decided_by": by,
        "decision_reason": reason,
        "public_reason": "",
        **also,
    }
    if before == APPROVED:
        decided["pinned_at"] = None
    if by is not None and comment.opened_at is None:
        decided |= {"opened_at": now, "opened_by": by}
    with transaction.atomic():
        seen = Comment.objects.filter(condition or Q(), pk=comment.pk, text_version=text_version, status=before)
        former = Before.of(comment, changes_text="source" in also) if by is not None and seen.exists() else None
        if not seen.not_empty().update(**decided):
            return False
        decision = Decision.objects.create(
            comment=comment, before=before, after=after, text_version=text_version, reason=reason, by=by
        )
        if after != PENDING:
            comment.reports.seen_with(newest_report).settle()
        if after == APPROVED:
            telling.tell(comment)
        demoted_rules = _teach(comment, before, after)
        if former is not None:
            former.keep(decision, decided_at=now, demoted_rules=demoted_rules)
    for name, value in decided.items():
        setattr(comment, name, value)
    return True


def _teach(comment: Comment, before: str, after: str) -> list[int]:
    """What the rules learn of a decision. Returns which of them only hold from now on."""
    demoted_rules = table.learn(comment, after)
    learning.follow.enqueue([comment.pk])
    if after == SPAM:
        memory.remember(comment, knowledge.gather(comment, site.current()))
    elif before == SPAM:
        memory.forget(comment)
    return demoted_rules
