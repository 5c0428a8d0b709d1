"""The list of replies, made for deciding, and the page of one reply."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.db.models.expressions import Combinable
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from comments import journal, ledger, privacy
from comments.admin import answering, covering, deciding, marking, questions, rewording, searching, undoing, writers
from comments.admin.answering import Typed
from comments.admin.cards import Button, Card, Sees, bulk_buttons
from comments.admin.filters import (
    MIXED,
    URGENT,
    WAITING,
    AgeFilter,
    ArticleFilter,
    ReasonFilter,
    ReportedFilter,
    Tab,
    TabFilter,
    WriterFilter,
    shows_waiting,
)
from comments.models import Comment, Consent, Decision, FormerState, Original, Report
from comments.mydata.models import Kind
from comments.questions import making
from ketablog.models import User
from ketablog.secrets import CannotDecrypt

FILTERS = (TabFilter, ArticleFilter, ReasonFilter, AgeFilter, ReportedFilter, WriterFilter)


class Desk(ChangeList):
    """The list as cards, with tabs instead of a column of filters."""

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        self.user = _staff(request)
        self.sees = Sees.of(request)
        super().__init__(request, *args, **kwargs)

    def get_results(self, request: HttpRequest) -> None:
        """One page. Where all of the last one was just decided, the page before it, in the same tab."""
        try:
            super().get_results(request)
        except IncorrectLookupParameters:
            found = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
            self.page_num = min(max(self.page_num, 1), found.num_pages)
            super().get_results(request)

    @property
    def cards(self) -> list[Card]:
        standings = writers.standings(self.result_list, self.user)
        return [Card.of(comment, self.sees, standing=standings.get(comment.pk)) for comment in self.result_list]

    @property
    def last_decision(self) -> Decision | None:
        return Decision.objects.select_related("by").first()

    @property
    def buttons(self) -> list[Button]:
        """What can be decided about all that are ticked."""
        shown = WAITING if self.tab == URGENT else self.tab
        return [button for button in bulk_buttons() if button.after != shown]

    @property
    def tab(self) -> str:
        return self._tab_filter.value()

    @property
    def shows_status(self) -> bool:
        return self.tab in MIXED

    @property
    def tabs(self) -> Iterator[Tab]:
        return self._tab_filter.tabs(self)

    @property
    def writer(self) -> WriterFilter | None:
        """The filter by writer, where one is asked for."""
        return next((spec for spec in self.filter_specs if isinstance(spec, WriterFilter)), None)

    @property
    def without_writer(self) -> str:
        return self.get_query_string(remove=[WriterFilter.parameter_name, "p"])

    @property
    def is_narrowed(self) -> bool:
        """Whether more than a tab was asked for."""
        return bool(self.query) or any(name != TabFilter.parameter_name for name in self.filter_params)

    @property
    def _tab_filter(self) -> TabFilter:
        return next(spec for spec in self.filter_specs if isinstance(spec, TabFilter))

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Only what the page itself asks for: any other filter could be used to guess an address bit by bit."""
        known = {filter_class.parameter_name for filter_class in FILTERS}
        return {name: value for name, value in super().get_filters_params(params).items() if name in known}

    @property
    def choosers(self) -> list[Any]:
        """The filters that are lists to choose from."""
        return [spec for spec in self.filter_specs if not isinstance(spec, (TabFilter, WriterFilter))]


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    """Nobody adds or edits replies here; they are decided."""

    actions = None
    list_filter = FILTERS
    list_per_page = 25
    search_fields = ["name", "source"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()

    class Media:
        css = {"all": ["css/admin-comments.css"]}
        js = [Script("js/admin-comments.js", type="module"), Script("js/admin-keys.js", type="module")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        replies: Any = super().get_queryset(request)
        related = replies.for_desk().select_related("post", "parent", "decided_by", "opened_by")
        # What was reported since staff last decided or read it stands on the card.
        related = related.prefetch_related(
            Prefetch("reports", Report.objects.unsettled(), to_attr="new_reports"),
            Prefetch("consents", Consent.objects.select_related("by"), to_attr="known_consents"),
        )
        return related.defer("post__body", "post__body_html", "parent__html", "parent__email_encrypted")

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[Desk]:
        return Desk

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        return ["-help_rank", "created_at", "pk"] if shows_waiting(request) else ["-created_at", "-pk"]

    def get_urls(self) -> list[URLPattern]:
        asks = self.admin_site.admin_view(partial(questions.make_question, model_admin=self))
        rewords = self.admin_site.admin_view(partial(rewording.reword, model_admin=self))
        return [
            path("<int:pk>/question/", asks, name="comments_comment_question"),
            path("<int:pk>/text/", rewords, name="comments_comment_reword"),
            *super().get_urls(),
        ]

    # The list and the page

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        if request.method == "POST":
            return self._act(request)
        to_look_at = making.articles_to_look_at() if making.may_make(_staff(request)) else []
        context = {
            "title": _("Replies"),
            "to_look_at": to_look_at,
            "offer": undoing.offered(request),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        comment = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, comment):
            raise PermissionDenied
        if comment is None:
            messages.warning(request, _("This reply is no longer there."))
            return redirect("admin:comments_comment_changelist")
        if request.method == "POST" and "look" not in request.POST:
            return self._act(request)
        address = self._look(request, comment) if request.method == "POST" else ""
        return self._show(request, comment, address=address, more=extra_context)

    def _show(
        self,
        request: HttpRequest,
        comment: Comment,
        *,
        address: str = "",
        typed: Typed | None = None,
        more: dict[str, object] | None = None,
    ) -> HttpResponse:
        """The page of one reply."""
        sees, standing = Sees.of(request), writers.standings([comment], _staff(request)).get(comment.pk)
        card = Card.of(comment, sees, is_alone=True, standing=standing)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reply %(number)s") % {"number": comment.pk},
            "opts": self.opts,
            "media": self.media,
            "card": card,
            "covers_above": covering.covers_above(comment, sees.opened),
            "typed": typed,
            "offer": undoing.offered(request),
            "others": self._others(request, comment) if standing and standing.waiting and sees.may_decide else [],
            "original": Original.objects.filter(comment=comment).first(),
            "decisions": comment.decisions.select_related("by"),
            "shown_address": address,
            "may_look": request.user.has_perm(privacy.VIEW_EMAIL) and bool(comment.email_encrypted),
            "may_delete": self.has_delete_permission(request, comment),
            **(more or {}),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK
        return TemplateResponse(request, "admin/comments/comment/change_form.html", context, status=status)

    def _act(self, request: HttpRequest) -> HttpResponse:
        """Do what a posted form says: each button of the desk has a name of its own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if searching.FIELD in request.POST:
            return searching.lead_on(request)
        if covering.FIELD in request.POST:
            covering.carry_out(request)
        elif not self.has_change_permission(request):
            raise PermissionDenied
        elif answering.FIELD in request.POST:
            if typed := answering.carry_out(request, _staff(request)):
                comment = self.get_queryset(request).get(pk=typed.comment.pk)
                return self._show(request, comment, typed=typed)
        else:
            act = next((act for act in (marking, undoing, writers) if act.FIELD in request.POST), deciding)
            act.carry_out(request, _staff(request))
        return HttpResponseRedirect(request.get_full_path())

    def _others(self, request: HttpRequest, comment: Comment) -> list[Card]:
        """What else waits of the same writer, as much as is decided at once."""
        replies: Any = self.get_queryset(request)
        others = replies.by_same(comment).awaiting().exclude(pk=comment.pk)
        sees = replace(Sees.of(request), may_decide=False, shows_mask=False, may_ask=False)
        return [Card.of(other, sees) for other in others[: deciding.MOST - 1]]

    def _look(self, request: HttpRequest, comment: Comment) -> str:
        try:
            return privacy.look_at_email(comment, by=_staff(request))
        except CannotDecrypt:
            messages.error(
                request,
                _(
                    "The address cannot be read: the key it was encrypted with is missing. "
                    "Ask who runs this site to put that key back into EMAIL_KEYS."
                ),
            )
            return ""

    # Deleting

    def get_deleted_objects(self, objs, request: HttpRequest):
        """Who may delete a reply may delete what was decided and reported about it."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        kept = {model._meta.verbose_name for model in (Consent, Decision, FormerState, Original, Report)}
        return to_delete, counts, lacking - kept, protected

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        replies = dict(context["model_count"]).get(self.opts.verbose_name_plural, 1)
        return super().render_delete_form(request, {**context, "answers": replies - 1})

    def delete_model(self, request: HttpRequest, obj: Comment) -> None:
        ledger.write(Kind.DELETED, [(obj.pk, obj.created_at)])
        super().delete_model(request, obj)
        making.take_off_made_of_deleted()

    def log_deletions(self, request: HttpRequest, queryset) -> list[LogEntry]:
        """The admin's log keeps the number of a reply, not its writer's name."""
        return [journal.note(comment, by=_staff(request), flag=DELETION) for comment in queryset]


def _staff(request: HttpRequest) -> User:
    """Who is signed in; the admin lets nobody else in."""
    return cast(User, request.user)
