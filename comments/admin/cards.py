"""A reply as the desk shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import consent, moderation, privacy, reasons
from comments.admin import marking
from comments.models import Comment
from ketablog.secrets import CannotDecrypt

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS = {
    "approve": gettext_lazy("Approve"),
    "spam": gettext_lazy("Spam"),
    "remove": gettext_lazy("Remove"),
    "restore": gettext_lazy("Restore"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """`after` is the status that it leads to, if it leads to one."""

    verb: str
    label: StrOrPromise
    value: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """`address` is words or a mask, never the address; `missing` is what an urgent reply needs to become public."""

    comment: Comment
    address: str
    reasons: list[StrOrPromise]
    buttons: list[Button]
    marks: list[Button]
    missing: str

    @classmethod
    def of(cls, comment: Comment, *, shows_mask: bool, may_decide: bool) -> Card:
        return cls(
            comment,
            address=_address_in_words(comment, shows_mask=shows_mask),
            reasons=reasons.describe(comment.reasons),
            buttons=list(_buttons(comment)) if may_decide else [],
            marks=list(_marks(comment)) if may_decide else [],
            missing=consent.missing(comment) if comment.is_urgent and not comment.is_approved else "",
        )


def _buttons(comment: Comment) -> Iterator[Button]:
    for verb in moderation.verbs_for(comment):
        label = _("Back to waiting") if verb == "restore" and comment.is_approved else LABELS[verb]
        yield Button(verb, label, f"{verb}:{comment.pk}:{comment.text_version}", moderation.VERBS[verb][1])


def _marks(comment: Comment) -> Iterator[Button]:
    for verb in marking.verbs_for(comment, is_reported=bool(comment.new_reports)):
        seen = comment.new_reports[0].pk if verb == "settle" else comment.text_version
        yield Button(verb, marking.LABELS[verb], f"{verb}:{comment.pk}:{seen}")


def bulk_buttons() -> list[Button]:
    """One for each verb; they say nothing of a reply."""
    return [Button(verb, LABELS[verb], verb, after) for verb, (_transition, after) in moderation.VERBS.items()]


def _address_in_words(comment: Comment, *, shows_mask: bool) -> str:
    if not comment.email_encrypted:
        return _("email address erased") if comment.email_index else _("no email address")
    if not shows_mask:
        return _("has an email address")
    try:
        return privacy.mask(comment.email)
    except CannotDecrypt:
        return _("has an email address that cannot be read")
