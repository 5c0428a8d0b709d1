"""The verbs that pick replies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from ketablog.secrets import address_indexes, read_own_token

if TYPE_CHECKING:
    from comments.models import Comment
    from posts.models import Post


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> CommentQuerySet:
        return self.filter(status=self.model.Status.APPROVED)

    def visible(self) -> CommentQuerySet:
        """What the public may read: approved, under an article that is published."""
        now = timezone.now()
        return self.approved().filter(post__published_at__lte=now, post__withdrawn_at__isnull=True)

    def awaiting(self) -> CommentQuerySet:
        """What a moderator has to decide, the most urgent and then the oldest first."""
        return self.filter(status=self.model.Status.PENDING).order_by("-help_rank", "created_at", "pk")

    def numbered(self, number: str) -> CommentQuerySet:
        """The one reply of this number, as it came with a request; none for what is no number."""
        return self.filter(pk=int(number)) if number.isdecimal() and len(number) <= 18 else self.none()

    def opened_by(self, token: str) -> CommentQuerySet:
        """The one reply that this private link is for; none for any other text, and for a link that is dead."""
        opened = read_own_token(token)
        return self.filter(pk=opened[0], generation=opened[1]) if opened else self.none()

    def for_its_writer(self) -> CommentQuerySet:
        """With its article, but for the text of that, and with who of the staff wrote it."""
        return self.select_related("post", "user").defer("post__body", "post__body_html", "post__contents")

    def of_address(self, address: str) -> CommentQuerySet:
        """All replies of a mail address, whichever key encrypted it."""
        return self.filter(email_index__in=address_indexes(address))

    def repeating(self, comment: Comment) -> CommentQuerySet:
        """Replies of the last day that say the same in the same place from the same address; spam not counted.

        A public one counts whoever wrote it, or its text sent again under guessed addresses would tell the true one.
        """
        same_writer = Q(email_index__in=address_indexes(comment.email) or [""], user=comment.user_id)
        return self.filter(
            same_writer | Q(status=self.model.Status.APPROVED),
            post=comment.post_id,
            parent=comment.parent_id,
            source=comment.source,
            created_at__gte=timezone.now() - timedelta(days=1),
        ).exclude(status=self.model.Status.SPAM)

    def counts(self) -> dict[str, int]:
        """How many there are of each status, zeros included."""
        found = dict(self.order_by().values_list("status").annotate(Count("pk")))
        return {status: found.get(status, 0) for status in self.model.Status.values}

    def tops_of(self, post: Post, *, also: int | None = None) -> CommentQuerySet:
        """What heads an article's threads: public, or the one reply `also`, or with such an answer below it."""
        answered = self.model.objects.filter(thread=OuterRef("pk")).filter(self._shown(also))
        return self.filter(post=post, parent__isnull=True).filter(self._shown(also) | Exists(answered))

    def with_counts(self) -> CommentQuerySet:
        """With `threads_in_all`, how many rows there are without a slice, and `public_in_all` of their article."""
        public = self.model.objects.approved().filter(post=OuterRef("post")).order_by()
        count = public.values("post").annotate(n=Count("pk")).values("n")
        return self.annotate(
            threads_in_all=Window(Count("pk")), public_in_all=Coalesce(Subquery(count), 0, output_field=IntegerField())
        )

    def answers_in(self, tops: Iterable[Comment], *, also: int | None = None) -> CommentQuerySet:
        """The answers in these threads: public ones, the one reply `also`, and whatever has answers itself."""
        answered = self.model.objects.filter(parent=OuterRef("pk"))
        return self.filter(thread__in=[top.pk for top in tops]).filter(self._shown(also) | Exists(answered))

    def _shown(self, also: int | None) -> Q:
        approved = Q(status=self.model.Status.APPROVED)
        return approved | Q(pk=also, withdrawn_at__isnull=True) if also else approved

    def oldest_first(self) -> CommentQuerySet:
        return self.order_by("created_at", "pk")

    def before(self, comment: Comment) -> CommentQuerySet:
        """Those that stand before this one, oldest first."""
        return self.filter(Q(created_at__lt=comment.created_at) | Q(created_at=comment.created_at, pk__lt=comment.pk))

    def for_page(self) -> CommentQuerySet:
        """With what a reader sees of each, and nothing of what only staff may see."""
        return self.select_related("user__person").defer("source", "email_encrypted", "email_index", "reasons")
