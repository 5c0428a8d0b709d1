"""Writing down what was let through knowingly."""

from comments.models import Comment, Override
from comments.redaction.parts import Parts, found_in
from comments.rules import staff_guard
from ketablog.models import User


def note_parts(comment: Comment, parts: Parts, *, by: User | None) -> None:
    """Somebody published a reply with these parts in it."""
    Override.objects.create(
        comment=comment,
        what=Override.What.PERSONAL_DATA,
        kinds=", ".join(parts.kinds),
        text_version=comment.text_version,
        by=by,
    )


def note_own(comment: Comment) -> None:
    """What staff sent with their own name is let through by them: parts in what is public, and what confirms."""
    if comment.user is None or not comment.is_approved:
        return
    if parts := found_in(comment):
        note_parts(comment, parts, by=comment.user)
    if staff_guard.find(comment.source):
        Override.objects.create(
            comment=comment, what=Override.What.STAFF_GUARD, text_version=comment.text_version, by=comment.user
        )
