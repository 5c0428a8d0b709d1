"""Links in a moderator's mail that lead to one decision about one reply.

A link is signed and stands for a person, a verb, the text as it was and the last decision there was, so it decides once
and for nobody else; three days later it is dead. What needs a look at more than the reply has no link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from comments.redaction.parts import found_in
from ketablog.models import User
from ketablog.secrets import read_recent_words, sign_words_for_now

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LASTS = timedelta(days=3)
PURPOSE = "mail-button"
MAY_DECIDE = "comments.change_comment"
LABELS = {"approve": _("Approve"), "spam": _("Mark as spam"), "remove": _("Remove")}


@dataclass(frozen=True, slots=True)
class Link:
    """What one link decides."""

    verb: str
    comment_id: int
    user_id: int
    text_version: int
    last_decision: int

    @property
    def path(self) -> str:
        words = [self.verb, *map(str, (self.comment_id, self.user_id, self.text_version, self.last_decision))]
        return reverse("mail_button", args=[sign_words_for_now(PURPOSE, words)])

    @property
    def label(self) -> StrOrPromise:
        return LABELS[self.verb]


def offered(comment: Comment, user: User) -> list[Link]:
    """The links about a reply that waits, for one person: none where it may be a cry for help or was reported, and
    none to approve it where personal data is found."""
    if comment.is_urgent or comment.reports.unsettled().exists():
        return []
    verbs = [verb for verb in LABELS if verb != "approve" or not found_in(comment)]
    last = last_decision(comment)
    return [Link(verb, comment.pk, user.pk, comment.text_version, last) for verb in verbs]


def read(token: str) -> Link | None:
    """What a link of ours decides; `None` where it is too old, and for any other text."""
    words = read_recent_words(PURPOSE, token, within=LASTS)
    if words is None:
        return None
    verb, *numbers = words
    return Link(verb, *map(int, numbers))


def person(link: Link) -> User | None:
    """Who the link was sent to, as long as they may decide."""
    user = User.objects.filter(pk=link.user_id, is_active=True).first()
    return user if user and user.has_perm(MAY_DECIDE) else None


def last_decision(comment: Comment) -> int:
    """The number of the newest decision about a reply; 0 where there is none."""
    return comment.decisions.aggregate(newest=Max("pk"))["newest"] or 0
