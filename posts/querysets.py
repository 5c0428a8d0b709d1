"""The verbs that pick articles, and what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ketablog.prepared import Given, Prepared
from posts import relations
from posts.plain_sql import ask, moment, sql_of

if TYPE_CHECKING:
    from ketablog.models import User
    from posts.models import Post


class PostQuerySet(models.QuerySet["Post"]):
    def published(self, now: datetime | Given | RawSQL | None = None) -> PostQuerySet:
        """What the public may read now. `Post.is_published` says the same of one row."""
        return self.filter(published_at__lte=now or timezone.now(), withdrawn_at__isnull=True)

    def hidden(self, now: datetime | Given | None = None) -> PostQuerySet:
        """What the public may not read now: all that `published()` leaves out, some of it twice. Few, and each found
        by an index.
        """
        ahead = self.filter(published_at__gt=now or timezone.now())
        return self.drafts().order_by().union(ahead.order_by(), self.withdrawn().order_by(), all=True)

    def drafts(self) -> PostQuerySet:
        return self.filter(published_at__isnull=True)

    def scheduled(self) -> PostQuerySet:
        return self.filter(published_at__gt=timezone.now(), withdrawn_at__isnull=True)

    def next_publication(self, after: datetime) -> datetime | None:
        """The first time of publication after this moment, whether that is over or not."""
        return self.filter(published_at__gt=after).aggregate(first=models.Min("published_at"))["first"]

    def withdrawn(self) -> PostQuerySet:
        return self.filter(withdrawn_at__isnull=False)

    def publish_now(self) -> int:
        """Make public what is not; one that was public before keeps its first time. Returns how many changed."""
        now = timezone.now()
        hidden = self.exclude(pk__in=self.published().values("pk"))
        first_time = Case(When(published_at__lte=now, then=F("published_at")), default=Value(now))
        return hidden.update(published_at=first_time, withdrawn_at=None, updated_at=now)

    def withdraw(self) -> int:
        """Take back what is public or will be. Returns how many changed."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())

    def close_replies(self) -> int:
        """Nobody can add a reply any longer. Returns how many changed."""
        return self.filter(replies_open=True).update(replies_open=False, replies_closed_at=timezone.now())

    def open_replies(self) -> int:
        """Readers may reply again, unless the category or the age of the article closes its replies."""
        return self.filter(replies_open=False).update(replies_open=True, replies_closed_at=None)

    def visible_to(self, user: User | None) -> PostQuerySet:
        """What this person may read: the public what is published, staff who may view articles all."""
        if user is not None and user.has_perm("posts.view_post"):
            return self.all()
        return self.published()

    def published_between(self, start: datetime, end: datetime) -> PostQuerySet:
        """What came out from `start` on and before `end`."""
        return self.filter(published_at__gte=start, published_at__lt=end)

    def first_and_last(self) -> tuple[datetime, datetime] | None:
        """When the first and the last of them came out; `None` where there is none."""
        times = self.aggregate(first=models.Min("published_at"), last=models.Max("published_at"))
        return (times["first"], times["last"]) if times["first"] else None

    def count_published(self, spans: Sequence[tuple[datetime, datetime]]) -> list[int]:
        """How many public ones came out in each of these spans, of which none ends later than now. One query, which
        counts in an index.
        """
        first, last = RawSQL("span.first", ()), RawSQL("span.last", ())
        posts, params = sql_of(self.order_by().filter(published_at__gte=first).published(last).values("pk"))
        rows = [(number, moment(first), moment(last)) for number, (first, last) in enumerate(spans)]
        counted = ask(
            f"""WITH span (number, first, last) AS (VALUES {", ".join(["(%s, %s, %s)"] * len(rows))})
            SELECT number, (SELECT COUNT(*) FROM ({posts}) AS posts) FROM span""",  # noqa: S608 (constants, and SQL that Django made)
            [*chain.from_iterable(rows), *params],
        )
        return [count for _number, count in sorted(counted)]

    def lock(self, pk: int) -> bool:
        """Hold the article's row until the transaction ends: what else locks it waits. What only refers to it does not,
        such as its first number of replies: with that, two who publish at once would wait for each other.
        Returns whether it is there.
        """
        return bool(_held(pk, model=self.model))

    def having_tags(self, tags: models.QuerySet) -> PostQuerySet:
        return self.filter(pk__in=self.model.tags.through.objects.filter(tag__in=tags).values("post"))

    def newest_first(self) -> PostQuerySet:
        return self.order_by("-published_at", "-pk")

    def featured_first(self) -> PostQuerySet:
        return self.order_by("-featured", "-published_at", "-pk")

    def for_list(self) -> PostQuerySet:
        """With what a list shows of each, without the long columns."""
        return self.select_related("writer", "category", "cover").defer("body", "body_html", "key_points")

    def for_hits(self) -> PostQuerySet:
        """With what a page of search results shows of each, and the lines its extract is cut from."""
        shown = (
            "title",
            "slug",
            "published_at",
            "writer__name",
            "writer__credentials",
            "category__name",
            "category__slug",
        )
        return self.select_related("writer", "category").only(*shown).annotate(lines=F("search_entry__lines"))

    def in_brief(self) -> PostQuerySet:
        """With what a line or a small card shows of each."""
        return self.only("title", "slug", "standfirst", "published_at")

    def for_page(self) -> PostQuerySet:
        """With everything the article's own page shows, in one query."""
        posts = self.select_related("writer__photo", "category", "cover")
        return posts.annotate(similar=F("search_entry__similar"))._with_relations(relations.columns(self.model))

    def for_feed(self) -> PostQuerySet:
        """With everything a feed tells of each, in one query."""
        posts = self.select_related("writer", "category", "cover").defer("body", "contents")
        return posts._with_relations(relations.columns(self.model, "tags", "references", "corrections"))

    def _with_relations(self, columns: dict[str, relations.Rows]) -> PostQuerySet:
        posts = self.annotate(**columns)
        posts._iterable_class = relations.PostsWithRelations
        return posts


class TopicQuerySet(models.QuerySet):
    def counted(self, posts: PostQuerySet) -> TopicQuerySet:
        """Those that at least one of these articles has, by name; `article_count` says how many do."""
        name = self.model._meta.get_field("posts").remote_field.name  # type: ignore[union-attr]  # (it is a relation)
        theirs = posts.filter(**{name: OuterRef("pk")}).order_by()
        count = theirs.values(name).annotate(n=Count("pk")).values("n")
        return self.filter(Exists(theirs)).annotate(article_count=Subquery(count)).order_by("name")


@Prepared
def _held(pk: Given, *, model: type[Post]) -> models.QuerySet[Post, tuple[int]]:
    return model.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk")
