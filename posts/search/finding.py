"""Finding articles."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.safestring import SafeString

from ketablog.prepared import Given, Prepared
from posts.models import Post
from posts.querysets import PostQuerySet
from posts.reading import hidden
from posts.search import extracts
from posts.search.engine import engine
from posts.search.queries import Query, read
from posts.search.ranking import Ranking

HITS_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """An article with its title and the passage that says most of what was asked, both marked."""

    post: Post
    title: SafeString
    extract: SafeString


@dataclass(frozen=True, slots=True)
class Results:
    query: Query
    count: int
    page: Page
    hits: list[Hit]


def find(text: str, page: int | str = 1) -> Results:
    """A page of what the public may read now and has all that was typed, best first. Three queries.

    Raises `django.core.paginator.InvalidPage` for a page that does not exist.
    """
    query = read(text)
    now = timezone.now()
    found: Ranking | list[int] = engine().having_all(query, hidden(now)) if query.phrases else []
    shown = Paginator(found, HITS_A_PAGE).page(page)  # type: ignore[arg-type]  # (a ranking counts and slices)
    pks = list(shown) if shown.paginator.count else []
    posts = {post.pk: post for post in _hits(pks, now)}
    return Results(query, shown.paginator.count, shown, [_hit(posts[pk], query) for pk in pks if pk in posts])


@Prepared
def _hits(pks: list[Given], now: Given) -> PostQuerySet:
    return Post.objects.published(now).for_hits().filter(In(F("pk"), pks))


def _hit(post: Post, query: Query) -> Hit:
    return Hit(post, extracts.mark(post.title, query), extracts.extract(post.lines.splitlines(), query))
