"""What the public pages read, prepared: they are asked for most often."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.utils import timezone

from ketablog.accounts import User
from ketablog.prepared import Given, Prepared
from posts.models import Category, Post, Tag
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


@Prepared
def hidden(now: Given) -> QuerySet[Any, Any]:
    """The ids of what the public may not read at this moment: to leave it out where looking at each article that the
    public may read would take long.
    """
    return Post.objects.hidden(now).values("pk")


def categories() -> list[Category]:
    """The categories that have something to read, with their `article_count`."""
    return list(_categories(timezone.now()))


def tags(most: int) -> list[Tag]:
    """Those that most public articles have, with their `article_count`."""
    return list(_tags(timezone.now(), most=most))


@Prepared
def _how_many(now: Given) -> QuerySet[Any, int]:
    posts = Post.objects.published(now).order_by()
    return posts.values(all=Value(1)).annotate(n=Count("pk")).values_list("n", flat=True)


@Prepared
def _featured_first(now: Given, *, start: int, stop: int) -> PostQuerySet:
    # Their ids from the index alone: the articles of the pages before are not read.
    pks = Post.objects.published(now).featured_first().values("pk")[start:stop]
    return Post.objects.filter(pk__in=pks).featured_first().for_list()


@Prepared
def _categories(now: Given) -> TopicQuerySet:
    return Category.objects.counted(Post.objects.published(now))


@Prepared
def _tags(now: Given, *, most: int) -> TopicQuerySet:
    # Without what is hidden, which is little: looking at each article of each tag took ten times as long.
    hidden = Post.objects.hidden(now).values("pk")
    theirs = Post.tags.through.objects.filter(tag=OuterRef("pk")).exclude(post__in=hidden).order_by()
    count = theirs.values("tag").annotate(n=Count("pk")).values("n")  # type: ignore[misc]  # (named just before)
    counted = Tag.objects.filter(Exists(theirs)).annotate(article_count=Subquery(count))
    return counted.order_by("-article_count", "name")[:most]
