"""What the search must not find."""

from typing import Any

from django.db.models import QuerySet

from ketablog.prepared import Given, Prepared
from posts.models import Post


@Prepared
def hidden(now: Given) -> QuerySet[Any, Any]:
    """The ids of what the public may not read at this moment."""
    return Post.objects.hidden(now).values("pk")
