"""Why a reply was held, in words for staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SENTENCES = {
    "help": _("It may be a cry for help: please read it soon."),
    "worried": _("A reader is worried about the person who wrote it."),
    "reported": _("Readers reported it."),
    "policy": _("Every reply waits for a moderator."),
    "links": _("It has more links than most readers need."),
    "honeypot": _("A field that people cannot see was filled in, as robots do."),
    "classifier_sure": _("It reads very much like replies that were marked as spam."),
    "classifier": _("It reads somewhat like spam."),
    "edited": _("Its writer changed the text after sending it."),
    "rule_failed": _("One of the checks could not be finished."),
}


def describe(reasons: Iterable[Mapping[str, object]]) -> list[StrOrPromise]:
    """A sentence for each kind of reason, without what was found; the name of a rule that has none."""
    rules = dict.fromkeys(str(reason["rule"]) for reason in reasons)
    return [SENTENCES.get(rule, rule) for rule in sorted(rules, key=_urgency)]


def _urgency(rule: str) -> int:
    order = list(SENTENCES)
    return order.index(rule) if rule in order else len(order)
