"""The list of replies, made for deciding, and the page of one reply."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
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

from comments import clinic, journal, ledger, privacy
from comments.admin import deciding, marking, questions, writers
from comments.admin.cards import Button, Card, bulk_buttons
from comments.admin.filters import ALL, ArticleFilter, ReasonFilter, ReportedFilter, StatusFilter, Tab, shows_waiting
from comments.models import Comment, Consent, Decision, Original, Report
from comments.mydata.models import Kind
from comments.questions import making
from ketablog import site
from ketablog.models import User
from ketablog.secrets import CannotDecrypt

FILTERS = (StatusFilter, ArticleFilter, ReasonFilter, ReportedFilter)


class Desk(ChangeList):
    """The list as cards, with tabs instead of a column of filters."""

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        self.user = _staff(request)
        self.may_decide = request.user.has_perm("comments.change_comment")
        self.may_ask = making.may_make(self.user)
        self.shows_mask = request.user.has_perm(privacy.VIEW_EMAIL)
        self.known = clinic.known(site.of(request))
        super().__init__(request, *args, **kwargs)

    @property
    def cards(self) -> list[Card]:
        standings = writers.standings(self.result_list, self.user)
        return [
            Card.of(
                comment,
                shows_mask=self.shows_mask,
                may_decide=self.may_decide,
                may_ask=self.may_ask,
                standing=standings.get(comment.pk),
                known=self.known,
            )
            for comment in self.result_list
        ]

    @property
    def buttons(self) -> list[Button]:
        """What can be decided about all that are ticked."""
        return [button for button in bulk_buttons() if button.after != self.status_filter.value()]

    @property
    def shows_all(self) -> bool:
        return self.status_filter.value() == ALL

    @property
    def tabs(self) -> Iterator[Tab]:
        return self.status_filter.tabs(self)

    @property
    def status_filter(self) -> StatusFilter:
        return next(spec for spec in self.filter_specs if isinstance(spec, StatusFilter))

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Only what the page itself asks for: any other filter could be used to guess an address bit by bit."""
        known = {filter_class.parameter_name for filter_class in FILTERS}
        return {name: value for name, value in super().get_filters_params(params).items() if name in known}

    @property
    def choosers(self) -> list[Any]:
        """The filters that are lists to choose from."""
        return [spec for spec in self.filter_specs if spec is not self.status_filter]


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
        js = [Script("js/admin-comments.js", type="module")]

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

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet[Comment], bool]:
        """Words are looked for in names and texts, a whole mail address among the encrypted ones."""
        if "@" in search_term and request.user.has_perm(privacy.VIEW_EMAIL):
            return queryset.filter(pk__in=Comment.objects.of_address(search_term).values("pk")), False
        return super().get_search_results(request, queryset, search_term)

    def get_urls(self) -> list[URLPattern]:
        asks = self.admin_site.admin_view(partial(questions.make_question, model_admin=self))
        return [path("<int:pk>/question/", asks, name="comments_comment_question"), *super().get_urls()]

    # The list and the page

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        if request.method == "POST":
            return self._decide(request)
        to_look_at = making.articles_to_look_at() if making.may_make(_staff(request)) else []
        context = {"title": _("Replies"), "to_look_at": to_look_at, **(extra_context or {})}
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
            return self._decide(request)
        address = self._look(request, comment) if request.method == "POST" else ""
        shows_mask = request.user.has_perm(privacy.VIEW_EMAIL)
        may = {"may_decide": self.has_change_permission(request, comment), "may_ask": making.may_make(_staff(request))}
        standing = writers.standings([comment], _staff(request)).get(comment.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reply %(number)s") % {"number": comment.pk},
            "opts": self.opts,
            "media": self.media,
            "card": Card.of(
                comment,
                shows_mask=shows_mask,
                known=clinic.known(site.of(request)),
                is_alone=True,
                standing=standing,
                **may,
            ),
            "others": self._others(request, comment) if standing and standing.waiting and may["may_decide"] else [],
            "original": Original.objects.filter(comment=comment).first(),
            "decisions": comment.decisions.select_related("by"),
            "shown_address": address,
            "may_look": shows_mask and bool(comment.email_encrypted),
            "may_delete": self.has_delete_permission(request, comment),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/comments/comment/change_form.html", context)

    def _decide(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        acts = (act for act in (marking, writers) if act.FIELD in request.POST)
        next(acts, deciding).carry_out(request, _staff(request))
        return HttpResponseRedirect(request.get_full_path())

    def _others(self, request: HttpRequest, comment: Comment) -> list[Card]:
        """What else waits of the same writer, as much as is decided at once."""
        replies: Any = self.get_queryset(request)
        others = replies.by_same(comment).awaiting().exclude(pk=comment.pk)
        known = clinic.known(site.of(request))
        return [
            Card.of(other, shows_mask=False, may_decide=False, may_ask=False, known=known)
            for other in others[: deciding.MOST - 1]
        ]

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
        kept = {model._meta.verbose_name for model in (Consent, Decision, Original, Report)}
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
