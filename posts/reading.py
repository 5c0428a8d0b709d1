"""What the public pages read, prepared: they are asked for most often."""

from django.utils import timezone

from ketablog.accounts import User
from ketablog.prepared import Given, Prepared
from posts.models import Post
from posts.querysets import PostQuerySet


def article(slug: str, user: User | None) -> Post:
    """The article with all that its page shows, if this person may read it. Raises `Post.DoesNotExist`."""
    if user is not None:
        return Post.objects.visible_to(user).for_page().get(slug=slug)
    for post in _public_article(slug, timezone.now()):
        return post
    raise Post.DoesNotExist


@Prepared
def _public_article(slug: Given, now: Given) -> PostQuerySet:
    return Post.objects.published(now).for_page().filter(slug=slug)
