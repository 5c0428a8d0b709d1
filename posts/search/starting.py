"""What to offer somebody who has not searched yet, or found nothing."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from posts.models import Post
from posts.reading import hidden
from posts.search.engine import engine
from posts.search.queries import Query, read
from posts.search.spelling import corrected

MOST_OFFERED = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """`meant` is what was probably meant, with articles about that; where it is empty, they have some of the words."""

    meant: str
    posts: list[Post]
    newest: list[Post]


def offer(query: Query) -> Offer:
    """What to read where a query found nothing. Three queries at most, of a bounded size."""
    now = timezone.now()
    pks: list[int] = []
    meant = corrected(query)
    if meant:
        pks = engine().having_all(read(meant), hidden(now))[:MOST_OFFERED]
    elif len(query.phrases) > 1:
        pks = engine().having_any(query.words, hidden(now))[:MOST_OFFERED]
    public = Post.objects.published(now).in_brief()
    newest = public.newest_first()[:MOST_OFFERED]
    posts = public.newest_first().filter(Q(pk__in=pks) | Q(pk__in=newest.values("pk")))
    found = {post.pk: post for post in posts}
    about = [found[pk] for pk in pks if pk in found]
    return Offer(meant if about else "", about, list(found.values())[:MOST_OFFERED])
