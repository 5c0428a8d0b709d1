"""A reply as the desk shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import answering, clinic, consent, editing, moderation, privacy, reasons
from comments.admin import covering, marking
from comments.admin.writers import Standing
from comments.known import Known
from comments.models import Comment
from comments.questions import making
from comments.redaction.parts import Parts, found_in
from ketablog import site
from ketablog.models import User
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

    @property
    def key(self) -> str:
        """The key that presses it, as the script of the desk knows it."""
        return {"approve": "a", "spam": "s", "remove": "r"}.get(self.verb, "")


@dataclass(frozen=True, slots=True)
class Sees:
    """What somebody may do at the desk, and the texts that were opened."""

    shows_mask: bool
    may_decide: bool
    may_ask: bool
    may_edit: bool
    opened: set[str]
    known: Known

    @classmethod
    def of(cls, request: HttpRequest) -> Sees:
        user = cast(User, request.user)
        return cls(
            shows_mask=user.has_perm(privacy.VIEW_EMAIL),
            may_decide=user.has_perm("comments.change_comment"),
            may_ask=making.may_make(user),
            may_edit=user.has_perm(editing.MAY_EDIT),
            opened=covering.opened_by(request),
            known=clinic.known(site.of(request)),
        )


@dataclass(frozen=True, slots=True)
class Card:
    """`address` is words or a mask, never the address; `seen` is what a decision says of what was on the page; `parts`
    is what was found in a reply that is not public; `missing` is what an urgent one needs to become so.

    A text that `is_covered` is not shown until somebody presses the button that says `open_value`.
    """

    comment: Comment
    address: str
    reasons: list[reasons.Explained]
    buttons: list[Button]
    marks: list[Button]
    may_ask: bool
    may_edit: bool
    seen: str
    is_covered: bool
    open_value: str
    answer_button: Button | None
    missing: str
    parts: Parts | None
    standing: Standing | None

    @classmethod
    def of(cls, comment: Comment, sees: Sees, *, is_alone: bool = False, standing: Standing | None = None) -> Card:
        may_decide, is_covered = sees.may_decide, covering.is_covered(comment, sees.opened)
        parts = None if comment.is_approved or comment.is_empty else found_in(comment, sees.known) or None
        return cls(
            comment,
            address=_address_in_words(comment, shows_mask=sees.shows_mask),
            reasons=reasons.explain(comment.reasons),
            # What may be a cry for help is read before anybody decides about it.
            buttons=(
                list(_buttons(comment, has_parts=parts is not None, is_alone=is_alone))
                if may_decide and not (is_covered and comment.is_urgent)
                else []
            ),
            marks=list(_marks(comment, is_covered=is_covered)) if may_decide else [],
            may_ask=sees.may_ask and comment.is_approved and not comment.is_by_staff and comment.is_answered_by_staff,
            may_edit=sees.may_edit and may_decide,
            seen=_seen(comment),
            is_covered=is_covered,
            open_value=covering.name_of(comment),
            answer_button=_answer_button(comment) if may_decide and parts is None else None,
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


def _marks(comment: Comment, *, is_covered: bool) -> Iterator[Button]:
    for verb in marking.verbs_for(comment, is_reported=bool(comment.new_reports)):
        # Who shows a covered text reads it: one button does both.
        if verb == "open" and is_covered:
            continue
        yield Button(verb, marking.LABELS[verb], _value(verb, comment))


def _answer_button(comment: Comment) -> Button | None:
    if comment.is_approved:
        return Button("answer", _("Send the answer"), _value("only", comment))
    if comment.is_empty or not answering.may_be_approved_with(comment):
        return None
    return Button("answer", _("Approve and send the answer"), _value("approve", comment))


def _value(verb: str, comment: Comment) -> str:
    return f"{verb}:{comment.pk}:{_seen(comment)}"


def _seen(comment: Comment) -> str:
    """What stands on the page of a reply: the version of its text, its newest report where there is one, its status."""
    newest = max((report.pk for report in comment.new_reports), default=None)
    version = f"{comment.text_version}:{newest}" if newest else str(comment.text_version)
    return f"{version}@{comment.status}"


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
