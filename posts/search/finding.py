"""Finding articles."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString

from posts.models import Post
from posts.search import extracts
from posts.search.engine import engine_for
from posts.search.queries import Query, read
from posts.search.texts import body_lines, summary_lines

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
    """A page of what the public may read now and has all that was typed, best first. Two queries.

    Raises `django.core.paginator.InvalidPage` for a page that does not exist.
    """
    query = read(text)
    posts = Post.objects.published().for_hits()
    found = engine_for(posts).having_all(posts, query) if query.phrases else posts.none()
    shown = Paginator(found, HITS_A_PAGE).page(page)
    return Results(query, shown.paginator.count, shown, [_hit(post, query) for post in shown])


def _hit(post: Post, query: Query) -> Hit:
    passages = [*summary_lines(post), *body_lines(post)]
    return Hit(post, extracts.mark(post.title, query), extracts.extract(passages, query))
