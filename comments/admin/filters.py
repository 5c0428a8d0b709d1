"""What the desk shows: the tabs, and which article, reason, age and writer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments import reasons
from comments.models import Comment, Report
from comments.reply_counts import ReplyCount
from ketablog.models import User
from posts.models import Post
from posts.plain_sql import count_each

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WAITING = Comment.Status.PENDING.value
URGENT, REPORTED, MINE, ALL = "urgent", "reported", "mine", "all"
# What shows several statuses at once.
MIXED = {REPORTED, MINE, ALL}
LABELS = {
    WAITING: Comment.Status.PENDING.label,
    URGENT: _("Urgent"),
    **{status.value: status.label for status in Comment.Status if status.value != WAITING},
    REPORTED: _("Reported"),
    MINE: pgettext_lazy("replies", "Mine"),
    ALL: pgettext_lazy("replies", "All"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    label: StrOrPromise
    count: int
    url: str
    is_current: bool
    is_urgent: bool


def _tabs(user: User) -> dict[str, Q]:
    """What each tab shows to somebody."""
    return {
        **{status: Q(status=status) for status in Comment.Status.values},
        URGENT: Q(status=WAITING, help_rank=Comment.HelpRank.URGENT),
        REPORTED: Q(pk__in=Report.objects.unsettled().order_by().values("comment")),
        # What somebody answers for: what stands under own articles, and own decisions.
        MINE: Q(post__writer__user=user) | Q(decided_by=user),
        ALL: Q(pk__isnull=False),
    }


def _counts(user: User) -> dict[str, int]:
    """How many replies each tab shows. There may be a million, so indexes tell it, and for public ones what is kept."""
    replies, own = Comment.objects.order_by(), Post.objects.filter(writer__user=user)
    decided, tabs = replies.filter(decided_by=user), _tabs(user)
    hidden = [status for status in Comment.Status.values if status != Comment.Status.APPROVED]
    counts = count_each(
        {
            **{name: replies.filter(tabs[name]) for name in (*hidden, URGENT)},
            REPORTED: Report.objects.unsettled().order_by().values("comment").distinct(),
            "decided": decided,
            "own": replies.filter(post__in=own),
            "both": decided.filter(post__in=own),
        }
    )
    counts[Comment.Status.APPROVED] = ReplyCount.objects.aggregate(n=Sum("replies", default=0))["n"]
    counts[ALL] = counts[Comment.Status.APPROVED] + sum(counts[status] for status in hidden)
    counts[MINE] = counts["decided"] + counts["own"] - counts["both"]
    return counts


class KnownChoice(SimpleListFilter):
    """A filter for which an unknown value is as good as none."""

    def value(self) -> str | None:
        value = super().value()
        return value if value in dict(self.lookup_choices) else None


class TabFilter(KnownChoice):
    """One tab at a time: what waits, unless another is asked for."""

    title = _("status")
    parameter_name = "status"

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        self.user = cast(User, request.user)
        super().__init__(request, *args, **kwargs)

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, StrOrPromise]]:
        return list(LABELS.items())

    def value(self) -> str:
        return super().value() or WAITING

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        return queryset.filter(_tabs(self.user)[self.value()])

    def tabs(self, changelist: ChangeList) -> Iterator[Tab]:
        """All tabs with the number of their replies: of all articles, whatever else is filtered."""
        counts = _counts(self.user)
        for value, label in LABELS.items():
            url = changelist.get_query_string({self.parameter_name: value}, remove=["p"])
            is_urgent = value == URGENT and counts[value] > 0
            yield Tab(label, counts[value], url, is_current=value == self.value(), is_urgent=is_urgent)


def shows_waiting(request: HttpRequest) -> bool:
    """Whether the list is one of waiting replies."""
    return request.GET.get(TabFilter.parameter_name) not in LABELS.keys() - {WAITING, URGENT}


class ArticleFilter(KnownChoice):
    title = _("article")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        replied_to = Post.objects.filter(Exists(Comment.objects.filter(post=OuterRef("pk")))).order_by("title", "pk")
        return [(str(pk), title) for pk, title in replied_to.values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        value = self.value()
        return queryset.filter(post=int(value)) if value else queryset


class AgeFilter(KnownChoice):
    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, StrOrPromise]]:
        return [
            ("day", _("Less than a day")),
            ("week", _("Less than a week")),
            ("over_day", _("More than a day")),
            ("over_week", _("More than a week")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        value = self.value()
        if not value:
            return queryset
        moment = timezone.now() - timedelta(days=1 if value.endswith("day") else 7)
        if value.startswith("over"):
            return queryset.filter(created_at__lt=moment)
        return queryset.filter(created_at__gte=moment)


class ReportedFilter(KnownChoice):
    title = _("reported by readers")
    parameter_name = "reported"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, StrOrPromise]]:
        return [("new", _("Not settled yet")), ("ever", _("Ever"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        reports = {"new": Report.objects.unsettled(), "ever": Report.objects.all()}.get(self.value() or "")
        return queryset if reports is None else queryset.filter(pk__in=reports.order_by().values("comment"))


class ReasonFilter(KnownChoice):
    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, StrOrPromise]]:
        return list(reasons.SENTENCES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        if not self.value():
            return queryset
        # As text, which SQLite and PostgreSQL write alike; SQLite has no `contains` for JSON.
        as_text = queryset.annotate(reasons_as_text=Cast("reasons", TextField()))
        return as_text.filter(reasons_as_text__contains=f'"rule": "{self.value()}"')


class WriterFilter(KnownChoice):
    """All replies of whoever wrote this one, named by its number: an address never stands in the address of a page."""

    title = _("writer")
    parameter_name = "writer"
    comment: Comment | None = None

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        number = request.GET.get(self.parameter_name, "")
        self.comment = Comment.objects.numbered(number).first() if number else None
        if self.comment is None or self.comment.is_empty:
            return []
        words = _now("Only replies of the same writer as reply %(number)s, by %(name)s.")
        return [(number, words % {"number": self.comment.pk, "name": self.comment.name})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        if self.value() is None or self.comment is None:
            return queryset
        return queryset.filter(pk__in=Comment.objects.of_same_writer(self.comment).values("pk"))
