"""Judging a reply without changing it: each rule looks at a submission and gives its reasons, or none."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from comments.known import Known
from comments.rules import (
    advice,
    classifier,
    honeypot,
    links,
    memory,
    pace,
    personal_data,
    shape,
    word_list,
    writers,
)
from comments.rules.submission import Link, Reason, Submission

__all__ = ["RULES", "Judgment", "Known", "Link", "Reason", "Rule", "Submission", "judge"]

logger = logging.getLogger("ketablog.rules")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the table: the name of its reasons, what looks, and what follows at most unless staff say otherwise."""

    name: str
    look: Callable[[Submission], Iterator[Reason]]
    outcome: str = "hold"


RULES: tuple[Rule, ...] = (
    Rule("honeypot", honeypot.filled),
    Rule("links", links.many),
    Rule("shortener", links.shortened),
    Rule("mismatch", links.mismatched),
    Rule("markup", shape.foreign_markup),
    Rule("capitals", shape.shouting, "note"),
    Rule("repetition", shape.repeating),
    Rule("disguise", shape.disguised),
    Rule("name", writers.advertising_name),
    Rule("disposable", writers.disposable_address, "note"),
    Rule("speed", pace.typed_too_fast, "note"),
    Rule("often", pace.sent_often),
    Rule("again", pace.sent_again),
    Rule("spam_text", memory.seen_text, "spam"),
    Rule("spam_host", memory.seen_host),
    Rule("spam_address", memory.seen_address),
    Rule("words", word_list.listed, "spam"),
    Rule("classifier", classifier.reads_like_spam, "spam"),
    Rule("personal_data", personal_data.found),
    Rule("advice", advice.asked),
)
WEIGHT = {"note": 0, "hold": 1, "spam": 2}


@dataclass(frozen=True, slots=True)
class Judgment:
    """All reasons, and the heaviest of what follows from them: "", "note", "hold" or "spam"."""

    reasons: list[Reason]

    @property
    def outcome(self) -> str:
        return max((reason.outcome for reason in self.reasons), key=WEIGHT.__getitem__, default="")

    @property
    def score(self) -> int:
        return sum(reason.points for reason in self.reasons)

    def as_stored(self) -> list[dict[str, object]]:
        return [asdict(reason) for reason in self.reasons]


def judge(submission: Submission, outcomes: Mapping[str, str | None] | None = None) -> Judgment:
    """All reasons that the rules give. A rule that fails holds the reply too, and is logged.

    `outcomes` is what staff set for a rule in place of its default; `None` is a rule that is switched off.
    """
    outcomes = outcomes or {}
    reasons: list[Reason] = []
    for rule in RULES:
        outcome = outcomes.get(rule.name, rule.outcome)
        if outcome is None:
            continue
        try:
            reasons.extend(_with_outcome(reason, outcome) for reason in rule.look(submission))
        except Exception:
            logger.exception("rule %s failed", rule.name)
            reasons.append(Reason("rule_failed", fragment=rule.name, outcome="hold"))
    return Judgment(reasons)


def _with_outcome(reason: Reason, outcome: str) -> Reason:
    """What the reason itself asks for, and at most what its rule may do."""
    return replace(reason, outcome=min(reason.outcome or outcome, outcome, key=WEIGHT.__getitem__))
