"""The verbs that pick articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from ketablog.models import User


class PostQuerySet(models.QuerySet):
    def published(self) -> PostQuerySet:
        """What the public may read now. `Post.is_published` says the same of one row."""
        return self.filter(published_at__lte=timezone.now(), withdrawn_at__isnull=True)

    def visible_to(self, user: User | None) -> PostQuerySet:
        """What this person may read: the public what is published, staff who may view articles all."""
        if user is not None and user.has_perm("posts.view_post"):
            return self.all()
        return self.published()

    def newest_first(self) -> PostQuerySet:
        return self.order_by("-published_at", "-pk")

    def featured_first(self) -> PostQuerySet:
        return self.order_by("-featured", "-published_at", "-pk")

    def for_list(self) -> PostQuerySet:
        """With what a list shows of each, without the long columns."""
        return self.select_related("writer", "category", "cover").defer("body", "body_html", "key_points")

    def for_page(self) -> PostQuerySet:
        """With everything the article's own page shows."""
        return self.select_related("writer__photo", "category", "cover").prefetch_related(
            "tags", "references", "reviews__reviewer", "attachments"
        )
