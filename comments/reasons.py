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
    "banned": _("Its writer is banned, or its address is."),
    "staff_guard": _("It may confirm that its reader is a patient."),
    "personal_data": _("It may tell who somebody is, or how to reach them."),
    "advice": _("It asks for advice, or speaks of doses or of where to get something."),
    "policy": _("Every reply waits for a moderator."),
    "new_writer": _("Its writer is not known yet: the first replies wait."),
    "spam_text": _("The same text was marked as spam before."),
    "spam_host": _("It links to where spam linked before."),
    "spam_address": _("Spam came from this address before."),
    "words": _("It has words of a word list."),
    "mismatch": _("A link says that it leads elsewhere."),
    "shortener": _("A link hides where it leads."),
    "links": _("It has more links than most readers need."),
    "markup": _("It has links written for another kind of forum."),
    "disguise": _("Letters are disguised, or there are signs that nobody sees."),
    "name": _("The name sells something."),
    "again": _("The same text came several times today."),
    "often": _("Many replies came from this sender within an hour."),
    "repetition": _("It says the same again and again."),
    "capitals": _("It is all in capitals."),
    "speed": _("It was there faster than people type."),
    "disposable": _("The email address is one that lasts some minutes."),
    "honeypot": _("A field that people cannot see was filled in, as robots do."),
    "classifier": _("It reads like replies that were marked as spam."),
    "no_proof": _("It was sent without the small calculation that was asked of the browser."),
    "proof": _("The browser did the small calculation that it was asked for."),
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
