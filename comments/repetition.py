"""Whether a reply was sent before."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from comments.models import Comment
from ketablog.prepared import Given, Prepared
from ketablog.secrets import address_indexes

WITHIN = timedelta(days=1)


def first_like(comment: Comment) -> Comment | None:
    """A reply of the last day that says the same in the same place, from the same address or in public, the newest if
    there are several; spam is not counted.

    A public one counts whoever wrote it, or its text sent again under guessed addresses would tell the true one.
    """
    since, indexes = timezone.now() - WITHIN, address_indexes(comment.email)
    same = _same_text(comment.source, since, comment.post_id, comment.parent_id, comment.user_id, indexes)
    for _at, number, *place in same:
        if place == [comment.post_id, comment.parent_id]:
            return Comment.objects.select_related("post", "thread").filter(pk=number).first()
    return None


@Prepared
def _same_text(
    source: Given, since: Given, post_id: Given, parent_id: Given | None, user_id: Given | None, indexes: list[Given]
) -> QuerySet[Any, tuple[datetime, int, int, int | None]]:
    """The newest first: public ones in this place, and the writer's own; where there is an address, those of all
    places, or a database could choose to read whatever stands in this one."""
    same = Comment.objects.filter(source=source, created_at__gte=since).order_by()
    here = same.filter(post=post_id, parent=parent_id)
    own = (same if indexes else here).filter(user=user_id, email_index__in=indexes or [""])
    found = own.exclude(status=Comment.Status.SPAM).union(here.approved())
    return found.order_by("-created_at", "-pk").values_list("created_at", "pk", "post", "parent")
