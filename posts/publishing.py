"""What follows once an article and all that belongs to it are stored."""

from posts import search
from posts.models import Post


def settle(post: Post) -> None:
    """Make anew what is derived from an article together with its references, tags and questions. Repeatable.

    Whoever stores an article, its references, its tags or its questions calls this last, in the same transaction.
    """
    post.render_body()
    Post.objects.filter(pk=post.pk).update(body_html=post.body_html, contents=post.contents)
    search.index([post])
