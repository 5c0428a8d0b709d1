"""Taking a decision back: the reply, its reports, what the rules learned and what is remembered of spam."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comments import moderation
from comments.classifier import learning
from comments.models import Comment, Decision, FormerState, Original, Report, RuleHit, RuleSetting, SpamTrace
from comments.rules.models import Outcome
from comments.undoing import former as states
from ketablog.models import User
from posts.models import Post


def undo(decision: Decision, *, by: User) -> bool:
    """Everything is as it was before the decision, but for the log, which says that it was taken back, and for the
    version of a text that was changed: that goes on counting. An answer that was sent along is removed, and can be
    restored. That somebody read what may be a cry for help stays true.

    Only who decided takes it back, and only within some seconds. Returns whether this call did it: not where the time
    is over, or somebody, its writer included, has changed anything about the reply since.
    """
    with transaction.atomic():
        # As whoever pins does: two who change a thread at once leave one answer.
        Post.objects.lock(decision.comment.post_id)
        # And as whoever erases does: the reply before what is kept beside it.
        Comment.objects.filter(pk=decision.comment_id).lock()
        former = FormerState.objects.fresh().filter(decision=decision, decision__by=by).select_for_update().first()
        if former is None or Decision.objects.filter(comment=decision.comment_id, pk__gt=decision.pk).exists():
            return False
        columns = _columns(former, decision)
        version = decision.text_version
        if states.changed_text(former):
            version += 1
            columns["text_version"] = version + 1
        as_decided = Comment.objects.filter(
            pk=decision.comment_id,
            text_version=version,
            status=decision.after,
            decided_by=by,
            decided_at=former.decided_at,
            pinned_at=None,
        )
        if not as_decided.not_empty().update(**columns):
            return False
        Decision.objects.create(
            comment=decision.comment,
            before=decision.after,
            after=columns["status"],
            text_version=columns.get("text_version", version),
            reason=_("taken back within seconds"),
            by=by,
        )
        Report.objects.filter(pk__in=former.settled_reports).update(settled_at=None)
        if states.changed_text(former) and not former.had_original:
            Original.objects.filter(comment=decision.comment).delete()
        _unlearn(decision.comment, former)
        _take_off(former.answer, by)
        former.delete()
    return True


def undo_all(decisions: Iterable[int], *, by: User) -> tuple[list[Comment], list[Comment]]:
    """Take back each of these decisions. Returns the replies of which it was done, and those of which it was not."""
    done: list[Comment] = []
    left: list[Comment] = []
    for decision in Decision.objects.select_related("comment").filter(pk__in=decisions, by=by).order_by("pk"):
        (done if undo(decision, by=by) else left).append(decision.comment)
    return done, left


def _columns(former: FormerState, decision: Decision) -> dict[str, Any]:
    columns = states.columns_of(former)
    if columns["pinned_at"] and Comment.objects.pinned_in(decision.comment.thread_id).exists():
        columns["pinned_at"] = None
    return columns


def _unlearn(comment: Comment, former: FormerState) -> None:
    for was_right in (True, False, None):
        hits = [pk for pk, was in former.hits if was is was_right]
        RuleHit.objects.filter(pk__in=hits).update(was_right=was_right)
    RuleSetting.objects.filter(pk__in=former.demoted_rules, outcome=Outcome.HOLD, demoted_at__isnull=False).update(
        outcome=Outcome.SPAM, demoted_at=None
    )
    learning.follow.enqueue([comment.pk])
    SpamTrace.objects.filter(comment=comment).delete()
    for kind, digest, at in former.traces:
        trace = SpamTrace.objects.create(comment=comment, kind=kind, digest=digest)
        # The time of a new row is always the present one.
        SpamTrace.objects.filter(pk=trace.pk).update(at=datetime.fromisoformat(at))


def _take_off(answer: Comment | None, by: User) -> None:
    if answer is not None:
        reason = _("sent with a decision that was taken back")
        moderation.remove(answer, by=by, text_version=answer.text_version, reason=reason)
