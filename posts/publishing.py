"""What follows once an article and all that belongs to it are stored."""

from datetime import datetime, timedelta

from ketablog import site
from posts import cards, search
from posts.models import Post


def settle(post: Post) -> None:
    """Make anew what is derived from an article together with its references, tags and questions. Repeatable.

    Whoever stores an article, its references, its tags or its questions calls this last, in the same transaction.
    """
    post.render_body()
    Post.objects.filter(pk=post.pk).update(body_html=post.body_html, contents=post.contents)
    search.index([post])
    cards.draw_later(post)


def next_turn(after: datetime) -> datetime | None:
    """When, after this moment, time alone next publishes an article or closes its replies; `None` if nothing will."""
    moments = [Post.objects.next_publication(after)]
    if days := site.current().close_after_days:
        age = timedelta(days=days)
        published = Post.objects.next_publication(after - age)
        moments.append(published and published + age)
    return min(filter(None, moments), default=None)
