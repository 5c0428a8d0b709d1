"""The answer of a thread: one public reply of the staff that a moderator pins, so that readers find it at once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import journal
from comments.models import Comment
from ketablog.models import User
from posts.models import Post


def may_be_pinned(comment: Comment) -> bool:
    """Whether a reply, as it stands, can be the answer of its thread."""
    return comment.thread_id is not None and comment.is_by_staff and comment.is_approved


def pin(comment: Comment, *, by: User, text_version: int) -> bool:
    """Make a reply the answer of its thread, in the place of another one. Returns whether this call did it.

    Nothing happens where it may not be pinned, is pinned already, or its text is another one by now.
    """
    if not may_be_pinned(comment):
        return False
    now = timezone.now()
    with transaction.atomic():
        # One at a time under an article: two who pin at once leave one answer, not an error.
        Post.objects.lock(comment.post_id)
        seen = Comment.objects.approved().filter(pk=comment.pk, text_version=text_version, pinned_at=None)
        if not seen.filter(user__isnull=False).exists():
            return False
        for other in Comment.objects.pinned_in(comment.thread_id):
            unpin(other, by=by)
        seen.update(pinned_at=now)
        journal.note(comment, by=by, what=_("Pinned as the answer of its thread."))
    comment.pinned_at = now
    return True


def unpin(comment: Comment, *, by: User) -> bool:
    """Make a reply one like any other again. Returns whether this call did it."""
    with transaction.atomic():
        if not Comment.objects.filter(pk=comment.pk, pinned_at__isnull=False).update(pinned_at=None):
            return False
        journal.note(comment, by=by, what=_("No longer pinned as the answer of its thread."))
    comment.pinned_at = None
    return True
