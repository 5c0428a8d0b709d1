"""What is asked before a reply is taken: of a reader about personal data and advice, of staff about what confirms
that somebody is a patient.

Asked once about each text: the answer holds for exactly that one. Nothing is stored of who goes away instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comments import clinic, refusals
from comments.forms import CommentForm
from comments.models import Comment
from comments.redaction.parts import Parts, Piece, found_in
from comments.refusals import Refused
from comments.rules import staff_guard
from comments.rules.personal_data import cut
from ketablog.accounts import User
from ketablog.secrets import sign_text, text_is_signed
from ketablog.site import SiteSettings

OVERRIDE = "comments.override_staff_guard"
# Buttons that only ask to see a text: as it is, without its parts, or in words that confirm nothing.
LOOKS = frozenset({"preview", "redact", "wording"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the form says to a question: the `token` of the text it was asked about, and whether staff insist.

    Of what is asked of a browser (`comments.proof`): its solution, or the token of a text that is sent without one.
    """

    token: str = ""
    insists: bool = False
    proof: str = ""
    unproved: str = ""

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> Answer:
        return cls(typed.get("asked", ""), "override" in typed, typed.get("proof", ""), typed.get("unproved", ""))


NO_ANSWER = Answer()


@dataclass(frozen=True, slots=True)
class ReaderQuestion:
    """Of a reader: the parts that were found, if any; whether to ask in private; and the token of a “yes, send it”."""

    parts: Parts
    is_advice: bool
    token: str
    template: str = "comments/_question.html"


@dataclass(frozen=True, slots=True)
class StaffQuestion:
    """Of staff: what confirms, words that do not, and whether this person may send it all the same."""

    pieces: list[Piece]
    wording: str
    may_insist: bool
    template: str = "comments/_confirming.html"


def may_decide(user: User | None) -> bool:
    return user is not None and user.has_perm("comments.change_comment")


def question(comment: Comment, answer: Answer, site_settings: SiteSettings) -> Refused | None:
    """What is to be asked about a judged reply before it is taken, as its refusal. Nothing of one that is urgent."""
    if comment.is_urgent:
        return None
    if comment.user is not None and (confirming := staff_guard.find(comment.source)):
        insists = answer.insists and comment.user.has_perm(OVERRIDE)
        if not insists:
            pieces = cut(comment.source, confirming)
            about = StaffQuestion(pieces, wording(site_settings), comment.user.has_perm(OVERRIDE))
            return refusals.confirms_patient(about)
    held_for = {reason["rule"] for reason in comment.reasons}
    is_advice = "advice" in held_for and bool(site_settings.clinic_phone or site_settings.portal_url)
    if "personal_data" not in held_for and not is_advice:
        return None
    parts = found_in(comment, clinic.known(site_settings))
    signed = _signed(comment.post_id, parts.text, parts.name if parts.in_name else "")
    if text_is_signed("asked", signed, answer.token):
        return None
    return refusals.asked_first(ReaderQuestion(parts, is_advice, sign_text("asked", signed)))


def rewritten(typed: Mapping[str, str], form: CommentForm, site_settings: SiteSettings) -> dict[str, str] | None:
    """What takes the place of what was typed where a button asks for that, answered for; `None` where none does."""
    if "wording" in typed:
        return {"comment": wording(site_settings)}
    if "redact" not in typed:
        return None
    name = form.cleaned_data.get("name", typed.get("name", ""))
    name, text = Parts.of(name, form.cleaned_data["comment"], clinic.known(site_settings)).redacted()
    return {"comment": text, "name": name, "asked": sign_text("asked", _signed(form.post.pk, text, ""))}


def wording(site_settings: SiteSettings) -> str:
    """An answer of staff that does not say whether its reader is a patient."""
    words = _(
        "Thank you for writing. To protect everybody's privacy we do not say in public whether somebody is in our "
        "care, and we cannot speak about anybody's treatment here."
    )
    if site_settings.clinic_phone:
        return f"{words} " + _("Please call us at %(phone)s; we would like to help.") % {
            "phone": site_settings.clinic_phone
        }
    return f"{words} " + _("Please get in touch with us in private; we would like to help.")


def _signed(post_id: int, text: str, name: str) -> str:
    return f"{post_id}\0{name}\0{text}"
