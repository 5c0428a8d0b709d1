"""A reply as the desk shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import consent, moderation, privacy, reasons
from comments.admin import marking
from comments.admin.writers import Standing
from comments.known import Known
from comments.models import Comment
from comments.redaction.parts import Parts, found_in
from ketablog.secrets import CannotDecrypt

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS = {
    "approve": gettext_lazy("Approve"),
    "redact": gettext_lazy("Publish redacted"),
    "as_is": gettext_lazy("Publish as it is"),
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
    """`address` is words or a mask, never the address; `seen` is what a decision says of what was on the page; `parts`
    is what was found in a reply that is not public; `missing` is what an urgent one needs to become so."""

    comment: Comment
    address: str
    reasons: list[StrOrPromise]
    buttons: list[Button]
    marks: list[Button]
    may_ask: bool
    seen: str
    missing: str
    parts: Parts | None = None
    standing: Standing | None = None

    @classmethod
    def of(
        cls,
        comment: Comment,
        *,
        shows_mask: bool,
        may_decide: bool,
        may_ask: bool,
        known: Known,
        is_alone: bool = False,
        standing: Standing | None = None,
    ) -> Card:
        parts = None if comment.is_approved or comment.is_empty else found_in(comment, known) or None
        return cls(
            comment,
            address=_address_in_words(comment, shows_mask=shows_mask),
            reasons=reasons.describe(comment.reasons),
            buttons=list(_buttons(comment, has_parts=parts is not None, is_alone=is_alone)) if may_decide else [],
            marks=list(_marks(comment)) if may_decide else [],
            may_ask=may_ask and comment.is_approved and not comment.is_by_staff and comment.is_answered_by_staff,
            seen=_seen(comment),
            missing=consent.missing(comment) if comment.is_urgent and not comment.is_approved else "",
            standing=standing,
            parts=parts,
        )

    @property
    def may_be_removed(self) -> bool:
        return any(button.verb == "remove" for button in self.buttons)


def _buttons(comment: Comment, *, has_parts: bool, is_alone: bool) -> Iterator[Button]:
    for verb in moderation.verbs_for(comment, has_parts=has_parts):
        # Among others it is asked whether somebody means it; on its own page the button says what it does.
        if has_parts and verb == ("approve" if is_alone else "as_is"):
            continue
        label = _("Back to waiting") if verb == "restore" and comment.is_approved else LABELS[verb]
        yield Button(verb, label, _value(verb, comment), moderation.VERBS[verb][1])


def _marks(comment: Comment) -> Iterator[Button]:
    for verb in marking.verbs_for(comment, is_reported=bool(comment.new_reports)):
        yield Button(verb, marking.LABELS[verb], _value(verb, comment))


def _value(verb: str, comment: Comment) -> str:
    return f"{verb}:{comment.pk}:{_seen(comment)}"


def _seen(comment: Comment) -> str:
    """What stands on the page of a reply: the version of its text, and its newest report where there is one."""
    newest = max((report.pk for report in comment.new_reports), default=None)
    return f"{comment.text_version}:{newest}" if newest else str(comment.text_version)


def bulk_buttons() -> list[Button]:
    """One for each verb; they say nothing of a reply."""
    return [Button(verb, LABELS[verb], verb, moderation.VERBS[verb][1]) for verb in moderation.IN_BULK]


def _address_in_words(comment: Comment, *, shows_mask: bool) -> str:
    if not comment.email_encrypted:
        return _("email address erased") if comment.email_index else _("no email address")
    if not shows_mask:
        return _("has an email address")
    try:
        return privacy.mask(comment.email)
    except CannotDecrypt:
        return _("has an email address that cannot be read")
