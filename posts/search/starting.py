"""What to offer somebody who has not searched yet, or found nothing."""

from dataclasses import dataclass

from posts.models import Category, Post, Tag
from posts.search.engine import engine_for
from posts.search.queries import Query, read
from posts.search.spelling import corrected

MOST_TAGS = 12
MOST_OFFERED = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """`meant` is what was probably meant, with articles about that; where it is empty, they have some of the words."""

    meant: str
    posts: list[Post]
    newest: list[Post]


def categories() -> list[Category]:
    """The categories that have something to read."""
    return list(Category.objects.counted(Post.objects.published()))


def tags() -> list[Tag]:
    """A few tags: those that most public articles have."""
    return list(Tag.objects.counted(Post.objects.published()).order_by("-article_count", "name")[:MOST_TAGS])


def offer(query: Query) -> Offer:
    """What to read where a query found nothing. Three queries at most, of a bounded size."""
    public = Post.objects.published().in_brief()
    engine = engine_for(public)
    newest = list(public.newest_first()[:MOST_OFFERED])
    meant = corrected(query)
    if meant:
        about = list(engine.having_all(public, read(meant))[:MOST_OFFERED])
        if about:
            return Offer(meant, about, newest)
    elif len(query.phrases) > 1:
        return Offer("", list(engine.having_any(public, query.words)[:MOST_OFFERED]), newest)
    return Offer("", [], newest)
