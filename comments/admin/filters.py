"""What the desk shows: the tabs, and which article and which reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments import reasons
from comments.models import Comment, Report
from posts.models import Post

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WAITING = Comment.Status.PENDING.value
ALL = "all"
REPORTED = {"status": Comment.Status.APPROVED.value, "reported": "new"}


@dataclass(frozen=True, slots=True)
class Tab:
    label: StrOrPromise
    count: int
    url: str
    is_current: bool


class KnownChoice(SimpleListFilter):
    """A filter for which an unknown value is as good as none."""

    def value(self) -> str | None:
        value = super().value()
        return value if value in dict(self.lookup_choices) else None


class StatusFilter(KnownChoice):
    """One status at a time, those that wait unless another is asked for."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, StrOrPromise]]:
        return [*Comment.Status.choices, (ALL, pgettext_lazy("replies", "All"))]

    def value(self) -> str:
        return super().value() or WAITING

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        return queryset if self.value() == ALL else queryset.filter(status=self.value())

    def tabs(self, changelist: ChangeList) -> Iterator[Tab]:
        """All statuses with the number of their replies: of all articles, whatever else is filtered. Before them stands
        what readers reported and everybody still sees, as long as there is any."""
        waiting_reports = Comment.objects.approved().reported().count()
        is_reported = REPORTED.items() <= changelist.params.items()
        if waiting_reports or is_reported:
            url = changelist.get_query_string(REPORTED, remove=["p"])
            yield Tab(capfirst(ReportedFilter.title), waiting_reports, url, is_current=is_reported)
        counts = Comment.objects.counts()
        counts[ALL] = sum(counts.values())
        for value, label in self.lookup_choices:
            url = changelist.get_query_string(
                {self.parameter_name: value}, remove=["p", *(["reported"] if is_reported else [])]
            )
            yield Tab(label, counts[value], url, is_current=value == self.value() and not is_reported)


def shows_waiting(request: HttpRequest) -> bool:
    """Whether the list is that of waiting replies."""
    return request.GET.get(StatusFilter.parameter_name) not in {*Comment.Status.values, ALL} - {WAITING}


class ArticleFilter(KnownChoice):
    title = _("article")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        replied_to = Post.objects.filter(comments__isnull=False).distinct().order_by("title", "pk")
        return [(str(pk), title) for pk, title in replied_to.values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        value = self.value()
        return queryset.filter(post=int(value)) if value else queryset


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
