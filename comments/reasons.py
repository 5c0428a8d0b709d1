"""Why a reply was held, in words for staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SENTENCES = {
    "help": _("It may be a cry for help: please read it soon."),
    "worried": _("A reader is worried about the person who wrote it."),
    "reported": _("Readers reported it."),
    "banned": _("The writer or the email address is banned."),
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
    "markup": _("It has links in the markup of other forums, as robots write them."),
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

# For the subject of a mail. What says nothing more than that it waits has none.
WORDS = {
    "worried": _("a reader is worried"),
    "reported": _("reported"),
    "staff_guard": _("may confirm a patient"),
    "personal_data": _("personal data"),
    "advice": _("asks for advice"),
    "spam_text": _("like spam"),
    "spam_host": _("like spam"),
    "spam_address": _("like spam"),
    "classifier": _("like spam"),
    "words": _("word list"),
    "mismatch": _("links"),
    "shortener": _("links"),
    "links": _("links"),
    "markup": _("links"),
    "disguise": _("disguised letters"),
    "name": _("advertising name"),
    "again": _("sent again"),
    "often": _("sent often"),
    "repetition": _("repetition"),
    "honeypot": _("a robot"),
    "edited": _("changed by its writer"),
}
MOST_WORDS = 3


def count_words(replies: Iterable[Iterable[Mapping[str, object]]]) -> list[tuple[StrOrPromise, int]]:
    """The reasons of these replies in a word or two each, with how many replies have it; the most frequent three."""
    counts: Counter[StrOrPromise] = Counter()
    for reasons in replies:
        rules = {str(reason["rule"]) for reason in reasons}
        counts.update({WORDS[rule] for rule in rules if rule in WORDS})
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Explained:
    sentence: StrOrPromise
    fragments: list[str]


def describe(reasons: Iterable[Mapping[str, object]]) -> list[StrOrPromise]:
    """A sentence for each kind of reason, without what was found; the name of a rule that has none."""
    rules = dict.fromkeys(str(reason["rule"]) for reason in reasons)
    return [SENTENCES.get(rule, rule) for rule in sorted(rules, key=_urgency)]


def explain(reasons: Iterable[Mapping[str, object]]) -> list[Explained]:
    """As `describe`, each with the fragments of the reply that were found."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        fragments = found.setdefault(str(reason["rule"]), [])
        if (fragment := str(reason.get("fragment") or "")) and fragment not in fragments:
            fragments.append(fragment)
    return [Explained(SENTENCES.get(rule, rule), found[rule]) for rule in sorted(found, key=_urgency)]


def _urgency(rule: str) -> int:
    order = list(SENTENCES)
    return order.index(rule) if rule in order else len(order)
