"""How a reply stood before a decision: read before it, kept with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comments.models import Comment, Decision, FormerState, Original, Report, RuleHit, SpamTrace
from ketablog.models import User

TIMES = ("decided_at", "pinned_at")
COLUMNS = ("status", "decided_by_id", "decision_reason", "public_reason", *TIMES)
TEXT = ("name", "source", "html", "html_policy")


@dataclass(frozen=True, slots=True)
class Before:
    """What a decision is about to change."""

    columns: dict[str, Any]
    open_reports: list[int]
    hits: list[tuple[int, bool | None]]
    traces: list[tuple[str, str, str]]
    had_original: bool

    @classmethod
    def of(cls, comment: Comment, *, changes_text: bool) -> Before:
        """Five queries. To be called in the transaction of the decision."""
        wanted = (*COLUMNS, *TEXT) if changes_text else COLUMNS
        columns = Comment.objects.filter(pk=comment.pk).select_for_update(no_key=True).values(*wanted).get()
        # To the microsecond, which Django's own JSON is not.
        for name in TIMES:
            columns[name] = columns[name] and columns[name].isoformat()
        traces = SpamTrace.objects.filter(comment=comment).values_list("kind", "digest", "at")
        return cls(
            columns,
            list(Report.objects.unsettled().filter(comment=comment).values_list("pk", flat=True)),
            list(RuleHit.objects.filter(comment=comment).values_list("pk", "was_right")),
            [(kind, digest, at.isoformat()) for kind, digest, at in traces],
            Original.objects.filter(comment=comment).exists(),
        )

    def keep(self, decision: Decision, *, decided_at: datetime, demoted_rules: Collection[int]) -> None:
        """So that the decision can be taken back for some seconds; what was kept before that is gone by now."""
        FormerState.objects.stale().delete()
        FormerState.objects.create(
            decision=decision,
            columns=self.columns,
            had_original=self.had_original,
            settled_reports=list(
                Report.objects.filter(pk__in=self.open_reports, settled_at__isnull=False).values_list("pk", flat=True)
            ),
            hits=self.hits,
            traces=self.traces,
            demoted_rules=list(demoted_rules),
            decided_at=decided_at,
        )


def columns_of(former: FormerState) -> dict[str, Any]:
    """The columns of the reply as they were."""
    columns = dict(former.columns)
    for name in TIMES:
        columns[name] = columns[name] and datetime.fromisoformat(columns[name])
    return columns


def changed_text(former: FormerState) -> bool:
    """Whether the decision changed the text too."""
    return "source" in former.columns


def send_along(answer: Comment, *, with_decision_on: Comment, by: User) -> None:
    """An answer that was sent with a decision goes when that is taken back."""
    newest = FormerState.objects.of_replies([with_decision_on.pk]).filter(decision__by=by).order_by("-pk")
    FormerState.objects.filter(pk__in=newest.values("pk")[:1]).update(answer=answer)
