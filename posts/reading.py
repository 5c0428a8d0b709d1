"""What the public pages read, prepared: they are asked for most often."""

from typing import Any

from django.db.models import Count, QuerySet, Value
from django.utils import timezone

from ketablog.accounts import User
from ketablog.prepared import Given, Prepared
from posts.models import Category, Post
from posts.querysets import PostQuerySet, TopicQuerySet


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


class Home:
    """The public articles, featured ones first, for a paginator."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def count(self) -> int:
        return next(iter(_how_many(self.now)), 0)

    def __getitem__(self, place: slice) -> PostQuerySet:
        return _featured_first(self.now, start=place.start, stop=place.stop)


def categories() -> list[Category]:
    """The categories that have something to read, with their `article_count`."""
    return list(_categories(timezone.now()))


@Prepared
def _how_many(now: Given) -> QuerySet[Any, int]:
    posts = Post.objects.published(now).order_by()
    return posts.values(all=Value(1)).annotate(n=Count("pk")).values_list("n", flat=True)


@Prepared
def _featured_first(now: Given, *, start: int, stop: int) -> PostQuerySet:
    return Post.objects.published(now).featured_first().for_list()[start:stop]


@Prepared
def _categories(now: Given) -> TopicQuerySet:
    return Category.objects.counted(Post.objects.published(now))
