"""Staff change the text of a reply: what it said is kept apart for a while, and readers see that staff changed it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import journal
from comments.models import Comment, Original, Override
from comments.redaction import letting
from comments.redaction.parts import Parts, found_in
from comments.rules import staff_guard
from ketablog.models import User

MAY_EDIT = "comments.edit_text"


class HoldsParts(Exception):
    """The new text of a public reply would show personal data that nobody let through."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts


class ConfirmsPatient(Exception):
    """The new text of a reply of staff would confirm that somebody is a patient."""


def edit(comment: Comment, *, source: str, by: User, text_version: int) -> bool:
    """Another text, and nothing else: its status, its reasons and its help signal stay. Returns whether this call did
    it: not where the reply is no longer as it was read.

    Raises `HoldsParts` and `ConfirmsPatient`.
    """
    draft = Comment(name=comment.name, source=source)
    draft.render()
    let_through = _check(comment, draft)
    changed = {
        "source": source,
        "html": draft.html,
        "html_policy": draft.html_policy,
        "text_version": text_version + 1,
        "staff_edited_at": timezone.now(),
    }
    before = {"name": comment.name, "source": comment.source}
    with transaction.atomic():
        seen = Comment.objects.not_empty().filter(pk=comment.pk, text_version=text_version, status=comment.status)
        if comment.text_version != text_version or not seen.update(**changed):
            return False
        # What is kept is what its writer sent, however often staff change it.
        Original.objects.get_or_create(comment=comment, defaults=before)
        for column, value in changed.items():
            setattr(comment, column, value)
        if let_through:
            letting.note_parts(comment, let_through, by=by)
        journal.note(comment, by=by, what=_("The text was changed; what it said before is kept for a while."))
    return True


def _check(comment: Comment, draft: Comment) -> Parts | None:
    """The parts that stay public because somebody let them through before."""
    if comment.is_by_staff and staff_guard.find(draft.source) and not staff_guard.find(comment.source):
        raise ConfirmsPatient
    parts = found_in(draft) if comment.is_approved else None
    if parts and not comment.overrides.filter(what=Override.What.PERSONAL_DATA).exists():
        raise HoldsParts(parts)
    return parts or None
