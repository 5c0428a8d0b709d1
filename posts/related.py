"""What to read after an article: related ones, and its neighbors in time."""

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.utils import timezone

from ketablog.prepared import Given, Prepared
from posts.models import Post, SearchEntry
from posts.querysets import PostQuerySet

MOST = 3
# What a shared tag says beside a shared category.
TAG, CATEGORY = 2, 1


def related_to(post: Post) -> list[Post]:
    """Up to three articles that the public may read: those that share most tags and the category, then what says
    much the same. One query where `post` comes from `for_page()`, with its tags and its `similar` ones.
    """
    tag_ids = [tag.pk for tag in post.tags.all()]
    return list(_related(post.pk, timezone.now(), post.category_id, tag_ids, _similar(post)))


@Prepared
def _related(
    pk: Given, now: Given, category_id: Given | None, tag_ids: list[Given], similar: list[Given]
) -> PostQuerySet:
    tagged = Post.tags.through.objects.filter(In(F("tag"), tag_ids))
    in_category = Q(category=category_id) if category_id else Q(pk__in=[])
    shared = tagged.filter(post=OuterRef("pk")).order_by().values("post").values(n=Count("pk"))
    nearness = Coalesce(Subquery(shared), 0) * TAG + Case(When(in_category, then=CATEGORY), default=0)
    posts = _others(pk, now).filter(Q(pk__in=tagged.values("post")) | in_category | Q(pk__in=similar))
    return posts.order_by(nearness.desc(), *_in_order(similar), F("published_at").desc(), F("pk").desc())[:MOST]


def neighbors(post: Post) -> tuple[Post | None, Post | None]:
    """The articles that were published just before and just after this one, among the public ones. One query."""
    at = post.published_at
    if at is None:
        return None, None
    nearest = _neighbors(post.pk, timezone.now(), at)
    older = newer = None
    for found in nearest:
        if (found.published_at, found.pk) < (at, post.pk):
            older = found
        else:
            newer = found
    return older, newer


@Prepared
def _neighbors(pk: Given, now: Given, at: Given) -> PostQuerySet:
    others = _others(pk, now).order_by("-published_at", "-pk")
    before = others.filter(Q(published_at__lt=at) | Q(pk__lt=pk), published_at__lte=at)
    after = others.reverse().filter(Q(published_at__gt=at) | Q(pk__gt=pk), published_at__gte=at)
    return _others(pk, now).filter(Q(pk=Subquery(before.values("pk")[:1])) | Q(pk=Subquery(after.values("pk")[:1])))


def _in_order(pks: list[Given]) -> list[Case]:
    """An ordering by the place in a list, what is not in it last. None for an empty one: no database sorts by 0."""
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(pks)]
    return [Case(*places, default=Value(len(pks)), output_field=IntegerField())] if places else []


def _others(pk: Given, now: Given) -> PostQuerySet:
    return Post.objects.published(now).exclude(pk=pk).in_brief()


def _similar(post: Post) -> list[int]:
    """From `for_page()`, or by a query of its own."""
    if "similar" in vars(post):
        return vars(post)["similar"] or []
    return SearchEntry.objects.filter(pk=post.pk).values_list("similar", flat=True).first() or []
