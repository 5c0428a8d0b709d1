"""Banning a writer, and taking it back."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comments import journal
from comments.models import Ban, Comment
from comments.writers import trust
from comments.writers.models import indexes_of
from ketablog.models import User
from ketablog.prepared import Given, Prepared
from ketablog.site import SiteSettings


def may_be_banned(comment: Comment) -> bool:
    """Whether its writer can be told from others, and is not of the staff."""
    return comment.user_id is None and bool(comment.writer or comment.email_index)


def ban(comment: Comment, *, by: User, reason: str = "") -> bool:
    """What comes with the same key, or from the same address, is spam from now on. Replies that are there stay as they
    are. Returns whether this call did it: not where the writer is banned already, or cannot be told from others."""
    with transaction.atomic():
        if not Comment.objects.lock_unless_empty(comment) or not may_be_banned(comment):
            return False
        if Ban.objects.touching([comment]).exists():
            return False
        index = next(iter(indexes_of(comment)), "")
        Ban.objects.create(comment=comment, writer=comment.writer, email_index=index, reason=reason, by=by)
        journal.note(comment, by=by, what=_("The writer was banned."))
    return True


def lift(comment: Comment, *, by: User) -> bool:
    """End every ban of its writer. What came meanwhile stays where it is. Returns whether there was one."""
    with transaction.atomic():
        if not Ban.objects.touching([comment]).lift(by=by):
            return False
        journal.note(comment, by=by, what=_("The ban of the writer was lifted."))
    return True


def outcome(comment: Comment, site: SiteSettings) -> str:
    """What follows for a reply: "spam" where its writer is banned, else nothing.

    Anybody can type a banned address; where the key is that of another writer, whom moderators know, it only holds.
    """
    banned = list(_banned([comment.writer] if comment.writer else [], indexes_of(comment)))
    if not banned:
        return ""
    by_key = bool(comment.writer) and comment.writer in banned
    return "hold" if not by_key and trust.is_known(comment, site) else "spam"


@Prepared
def _banned(writers: list[Given], indexes: list[Given]) -> QuerySet[Ban, str]:
    return Ban.objects.naming(writers, indexes).values_list("writer", flat=True)
