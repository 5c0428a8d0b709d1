"""What to read after an article: related ones, and its neighbors in time."""

from django.db.models import Q, Subquery
from django.utils import timezone

from ketablog.prepared import Given, Prepared
from posts import reading
from posts.models import Post, SearchEntry
from posts.plain_sql import places, sql_of
from posts.querysets import PostQuerySet

MOST = 3
# What a shared tag says beside a shared category.
TAG, CATEGORY = 2, 1


# Only of those that share as much as the last one shown is anything read but what an index holds.
NEAREST = """
    WITH near AS MATERIALIZED (
        SELECT id, SUM(worth) AS worth FROM (
            SELECT post_id AS id, {tag} AS worth FROM posts_post_tags WHERE tag_id IN {tags}
            UNION ALL SELECT id, {category} FROM posts_post WHERE category_id = %s
            UNION ALL SELECT id, 0 FROM posts_post WHERE id IN {similar}
        ) AS shared WHERE id <> %s AND id NOT IN ({hidden}) GROUP BY id
    )
    SELECT post.id, post.title, post.slug, post.standfirst, post.published_at
    FROM near JOIN posts_post AS post ON post.id = near.id
    WHERE worth >= (SELECT MIN(worth) FROM (SELECT worth FROM near ORDER BY worth DESC LIMIT {most}) AS best)
    ORDER BY worth DESC, {in_order} post.published_at DESC, post.id DESC LIMIT {most}"""


def related_to(post: Post) -> list[Post]:
    """Up to three articles that the public may read: those that share most tags and the category, then what says
    much the same. One query where `post` comes from `for_page()`, with its tags and its `similar` ones.
    """
    tag_ids, similar = [tag.pk for tag in post.tags.all()], _similar(post)
    if not (tag_ids or similar or post.category_id):
        return []
    hidden, hidden_values = sql_of(reading.hidden(timezone.now()))
    nearest = NEAREST.format(
        tag=TAG,
        category=CATEGORY,
        most=MOST,
        tags=places(tag_ids),
        similar=places(similar),
        hidden=hidden,
        in_order=_in_order(similar),
    )
    values = [*tag_ids, post.category_id, *similar, post.pk, *hidden_values, *similar]
    return list(Post.objects.raw(nearest, values))


def neighbors(post: Post) -> tuple[Post | None, Post | None]:
    """The articles that were published just before and just after this one, among the public ones. One query."""
    at = post.published_at
    if at is None:
        return None, None
    now = timezone.now()
    nearest = _neighbors(post.pk, now, at, min(at, now))
    older = newer = None
    for found in nearest:
        if (found.published_at, found.pk) < (at, post.pk):
            older = found
        else:
            newer = found
    return older, newer


@Prepared
def _neighbors(pk: Given, now: Given, at: Given, latest: Given) -> PostQuerySet:
    # With one upper bound: of two, SQLite takes the first, and looks from now on back.
    before = _others(pk, latest).order_by("-published_at", "-pk").filter(Q(published_at__lt=at) | Q(pk__lt=pk))
    after = (
        _others(pk, now)
        .order_by("published_at", "pk")
        .filter(Q(published_at__gt=at) | Q(pk__gt=pk), published_at__gte=at)
    )
    return _others(pk, now).filter(Q(pk=Subquery(before.values("pk")[:1])) | Q(pk=Subquery(after.values("pk")[:1])))


def _in_order(pks: list[int]) -> str:
    """An ordering by the place in a list, what is not in it last. None for an empty one: no database sorts by 0."""
    whens = " ".join(f"WHEN %s THEN {place}" for place in range(len(pks)))
    return f"CASE post.id {whens} ELSE {len(pks)} END," if pks else ""


def _others(pk: Given, now: Given) -> PostQuerySet:
    return Post.objects.published(now).exclude(pk=pk).in_brief()


def _similar(post: Post) -> list[int]:
    """From `for_page()`, or by a query of its own."""
    if "similar" in vars(post):
        return vars(post)["similar"] or []
    return SearchEntry.objects.filter(pk=post.pk).values_list("similar", flat=True).first() or []
