"""Articles in the admin."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import F, Field, QuerySet
from django.forms import ModelForm, SplitDateTimeField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from posts import checklist, publishing
from posts.admin.addresses import KeepsFormerAddress
from posts.admin.closing import ClosesReplies
from posts.admin.image_picker import PicksImages
from posts.admin.reviewing import ReviewInline, review_post
from posts.forms import NumberedFormSet, PostForm, QuestionForm, ReferenceForm, ReferenceFormSet
from posts.models import Correction, Post, Question, Reference

STATES: dict[str, tuple[Any, Callable[[Any], QuerySet[Post]]]] = {
    "draft": (_("Draft"), lambda posts: posts.drafts()),
    "scheduled": (_("Scheduled"), lambda posts: posts.scheduled()),
    "published": (_("Published"), lambda posts: posts.published()),
    "withdrawn": (_("Withdrawn"), lambda posts: posts.withdrawn()),
}


def state_of(post: Post) -> str:
    """The word for where an article stands: one of `STATES`."""
    if post.withdrawn_at:
        return "withdrawn"
    if post.published_at is None:
        return "draft"
    return "published" if post.is_published else "scheduled"


class StateFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [(state, label) for state, (label, _posts) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        state = self.value()
        return STATES[state][1](queryset) if state in STATES else queryset


class ReferenceInline(admin.StackedInline):
    model = Reference
    form = ReferenceForm
    formset = ReferenceFormSet
    extra = 0
    fields = [("position", "kind", "year"), "title", "authors", "source", ("doi", "pmid"), "url", "checked_on"]


class QuestionInline(admin.StackedInline):
    model = Question
    form = QuestionForm
    formset = NumberedFormSet
    extra = 0
    fields = ["confirmed", "position", "question", "answer", "answered_by"]
    verbose_name_plural = _("questions and answers, above the replies; no review signs them")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The people are read once for all rows."""
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)
        return field


class CorrectionInline(admin.StackedInline):
    model = Correction
    extra = 0
    fields = ["corrected_on", "text"]
    verbose_name_plural = _("corrections of the published text")


@admin.register(Post)
class PostAdmin(ClosesReplies, KeepsFormerAddress, PicksImages):
    form = PostForm
    change_form_template = "admin/posts/post/change_form.html"
    list_display = ["title", "state", "writer", "category", "came_out", "updated_at"]
    ordering = [F("published_at").desc(nulls_first=True), "-pk"]
    list_filter = [StateFilter, "category", "writer", "replies_open", "featured"]
    list_select_related = ["writer", "category"]
    search_fields = ["title", "standfirst", "body"]
    search_help_text = _("Looks in titles, standfirsts and texts.")
    list_per_page = 50
    actions = ["publish_now", "withdraw", "close_replies", "open_replies"]
    prepopulated_fields = {"slug": ["title"]}
    raw_id_fields = ["cover"]
    filter_horizontal = ["tags", "attachments"]
    readonly_fields = ["shown_text"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["title", "standfirst", "body"]}),
        (_("In short"), {"fields": ["key_points"]}),
        (_("Cover"), {"fields": ["cover"]}),
        (_("Who and about what"), {"fields": ["writer", "category", "tags"]}),
        (
            _("Call to action"),
            {
                "fields": ["action_text", "action_label", "action_url"],
                "description": _("A sentence and a button under the text, such as the way to an appointment."),
                "classes": ["collapse"],
            },
        ),
        (_("Leaflets"), {"fields": ["attachments"], "classes": ["collapse"]}),
        (
            _("Publication"),
            {
                "fields": ["published_at", "withdrawn_at", "featured", "slug"],
                "description": _(
                    "Saving does not publish. Set a time here, or choose “Publish now” in the list of articles. "
                    "You may change the end of its address: where an article was public, old links lead to the new one."
                ),
            },
        ),
        (_("Sharing"), {"fields": ["share_title"], "classes": ["collapse"]}),
        (_("Replies"), {"fields": ["replies_open", "shows_help_lines"]}),
    ]

    @admin.display(description=_("state"))
    def state(self, post: Post) -> str:
        return STATES[state_of(post)][0]

    # Said outright, since databases disagree on where to put the drafts.
    @admin.display(description=_("published at"), ordering=F("published_at").asc(nulls_last=True))
    def came_out(self, post: Post) -> datetime | None:
        return post.published_at

    @admin.display(description=_("text"))
    def shown_text(self, post: Post) -> SafeString:
        return post.content

    def view_on_site(self, post: Post) -> str:
        """The article's own address, where staff read drafts too."""
        return post.get_absolute_url()

    def get_urls(self) -> list[URLPattern]:
        review = path(
            "<int:pk>/review/",
            self.admin_site.admin_view(lambda request, pk: review_post(request, pk, model_admin=self)),
            name="posts_post_review",
        )
        return [review, *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Post | None = None):
        """Who may only look sees the text as readers do, not its HTML."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may_write:
            return self.fieldsets
        (_name, first), *others = self.fieldsets
        return [(None, {**first, "fields": ["title", "standfirst", "shown_text"]}), *others]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Django's own widget for a time leaves its two parts without names."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, SplitDateTimeField):
            for part, name in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                part.attrs["aria-label"] = f"{field.label}: {name}"
        return field

    def get_inlines(self, request: HttpRequest, obj: Post | None) -> list[type[InlineModelAdmin]]:
        return [ReferenceInline, QuestionInline, CorrectionInline, ReviewInline] if obj else [ReferenceInline]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_review = request.user.has_perm("posts.add_review")
        return super().change_view(request, object_id, form_url, {"may_review": may_review, **(extra_context or {})})

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list, change: bool) -> None:
        """Afterwards tell what the article still lacks."""
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if isinstance(formset, NumberedFormSet):
                formset.number()
        publishing.settle(form.instance)
        for sentence in checklist.missing(form.instance):
            messages.warning(request, sentence)

    def get_deleted_objects(self, objs, request: HttpRequest):
        """Who may delete an article and its replies may delete what was decided and reported about them."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        kept = {apps.get_model(f"comments.{model}")._meta.verbose_name for model in ("Decision", "Report")}
        return to_delete, counts, lacking - kept, protected

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        """With the number of replies that go along. They are another app's; their relation's name is all we know."""
        replies = context["object"].comments.count()
        return super().render_delete_form(request, {**context, "replies": replies})

    @admin.action(description=_("Publish now"), permissions=["change"])
    def publish_now(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        changed = [post for post in queryset if Post.objects.filter(pk=post.pk).publish_now()]
        told = ngettext("%(n)s article is public now.", "%(n)s articles are public now.", len(changed))
        nothing = gettext("Nothing changed: what you chose is public already.")
        self._tell(request, changed, told, nothing, gettext("Published."))

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        changed = [post for post in queryset if Post.objects.filter(pk=post.pk).withdraw()]
        told = ngettext(
            "%(n)s article was withdrawn. Readers are told that it is gone.",
            "%(n)s articles were withdrawn. Readers are told that they are gone.",
            len(changed),
        )
        nothing = gettext("Nothing changed: what you chose is not published.")
        self._tell(request, changed, told, nothing, gettext("Withdrawn."))

    def _tell(self, request: HttpRequest, changed: list[Post], told: str, nothing: str, logged: str) -> None:
        for post in changed:
            self.log_change(request, post, logged)
        if changed:
            messages.success(request, told % {"n": len(changed)})
        else:
            messages.warning(request, nothing)
