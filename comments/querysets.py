"""The verbs that pick replies."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from ketablog.secrets import address_indexes

if TYPE_CHECKING:
    from comments.models import Comment
    from posts.models import Post


class CommentQuerySet(models.QuerySet):
    def approved(self) -> CommentQuerySet:
        return self.filter(status=self.model.Status.APPROVED)

    def visible(self) -> CommentQuerySet:
        """What the public may read: approved, under an article that is published."""
        now = timezone.now()
        return self.approved().filter(post__published_at__lte=now, post__withdrawn_at__isnull=True)

    def awaiting(self) -> CommentQuerySet:
        """What a moderator has to decide, the most urgent and then the oldest first."""
        return self.filter(status=self.model.Status.PENDING).order_by("-help_rank", "created_at", "pk")

    def of_address(self, address: str) -> CommentQuerySet:
        """All replies of a mail address, whichever key encrypted it."""
        return self.filter(email_index__in=address_indexes(address))

    def repeating(self, comment: Comment) -> CommentQuerySet:
        """Replies of the last day that say the same in the same place from the same address; spam not counted."""
        return self.filter(
            post=comment.post_id,
            parent=comment.parent_id,
            source=comment.source,
            email_index__in=address_indexes(comment.email) or [""],
            user=comment.user_id,
            created_at__gte=timezone.now() - timedelta(days=1),
        ).exclude(status=self.model.Status.SPAM)

    def counts(self) -> dict[str, int]:
        """How many there are of each status, zeros included."""
        found = dict(self.order_by().values_list("status").annotate(Count("pk")))
        return {status: found.get(status, 0) for status in self.model.Status.values}

    def tops_of(self, post: Post, also: int | None) -> CommentQuerySet:
        """The comments that head an article's threads: approved, `also` that one, or with an answer to show."""
        approved = self.model.Status.APPROVED
        shown = Q(status=approved) | Q(pk=also) if also else Q(status=approved)
        answered = self.model.objects.filter(thread=models.OuterRef("pk")).filter(shown)
        return self.filter(post=post, parent__isnull=True).filter(shown | models.Exists(answered))
