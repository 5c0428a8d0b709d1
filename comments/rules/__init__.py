"""Judging a reply without changing it: each rule looks at a submission and gives its reasons, or none."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict

from comments.rules import classifier, honeypot, links
from comments.rules.submission import Reason, Submission

__all__ = ["Reason", "Submission", "judge"]

logger = logging.getLogger("ketablog.rules")

Rule = Callable[[Submission], Iterator[Reason]]
RULES: tuple[Rule, ...] = (honeypot.filled, links.many, classifier.reads_like_spam)


def judge(submission: Submission) -> list[dict[str, object]]:
    """All reasons to hold a reply, as they are stored. A rule that fails holds it too, and is logged."""
    reasons: list[Reason] = []
    for rule in RULES:
        try:
            reasons.extend(rule(submission))
        except Exception:
            logger.exception("rule %s failed", rule.__module__)
            reasons.append(Reason("rule_failed", fragment=rule.__module__.rpartition(".")[2]))
    return [asdict(reason) for reason in reasons]
