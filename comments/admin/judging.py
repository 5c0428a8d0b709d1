"""The table of rules, the word lists, and a box to try them on a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import reasons
from comments.models import Comment, RuleSetting, WordList
from comments.rules import Judgment, Reason, Submission, help, judge, knowledge, table
from comments.rules.models import RuleSettingQuerySet
from ketablog import site
from ketablog.site import SiteSettings

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class TryForm(forms.Form):
    """A text to judge; nothing of it is stored."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    email = forms.CharField(label=gettext_lazy("Email"), max_length=254, required=False)
    website = forms.CharField(label=gettext_lazy("Website"), max_length=200, required=False)

    def submission(self, site_settings: SiteSettings) -> Submission:
        """The reply that was typed, as the rules see it."""
        typed = self.cleaned_data
        comment = Comment(name=typed["name"], website=typed["website"], source=typed["text"])
        comment.email = typed["email"]
        return knowledge.gather(comment, site_settings)


@admin.register(RuleSetting)
class RuleSettingAdmin(admin.ModelAdmin):
    """One row a rule, changed in the list itself."""

    list_display = ["label", "outcome", "is_on", "hits", "wrong", "set_back"]
    list_display_links = None
    list_editable = ["outcome", "is_on"]
    list_per_page = 100
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RuleSetting | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Rules"), **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> RuleSettingQuerySet:
        return RuleSetting.objects.with_figures()

    def get_urls(self) -> list[URLPattern]:
        try_text = path("try/", self.admin_site.admin_view(self.try_text), name="comments_rulesetting_try")
        return [try_text, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: RuleSetting, form: forms.ModelForm, change: bool) -> None:
        if "outcome" in form.changed_data:
            obj.demoted_at = None
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("what it finds"))
    def label(self, rule: RuleSetting) -> StrOrPromise:
        return reasons.describe([{"rule": rule.name}])[0]

    @admin.display(description=gettext_lazy("hits in 90 days"), ordering="hits")
    def hits(self, rule: RuleSetting) -> int:
        return rule.hits  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("wrong, by moderators' decisions"))
    def wrong(self, rule: RuleSetting) -> str:
        wrong, decided = rule.wrong, rule.decided  # type: ignore[attr-defined]
        if not decided:
            return "–"
        return _("%(wrong)d of %(decided)d (%(share)s)") % {
            "wrong": wrong,
            "decided": decided,
            "share": f"{wrong / decided:.0%}",
        }

    @admin.display(description=gettext_lazy("set back"))
    def set_back(self, rule: RuleSetting) -> SafeString | str:
        if rule.demoted_at is None:
            return ""
        day = date_format(timezone.localtime(rule.demoted_at))
        return _("It was wrong too often, so since %(day)s it only holds.") % {"day": day}

    def try_text(self, request: HttpRequest) -> HttpResponse:
        """Judge a text that was typed into a box."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryForm(request.POST or None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try the rules"),
            "opts": self.opts,
            "form": form,
        }
        if form.is_valid():
            judgment = judge(form.submission(site.of(request)), table.outcomes())
            text = f"{form.cleaned_data['name']}\n{form.cleaned_data['text']}"
            context |= {"judgment": judgment, "sentences": _sentences(judgment), "help": help.rank(text)}
        return TemplateResponse(request, "admin/comments/rulesetting/try.html", context)


@admin.register(WordList)
class WordListAdmin(admin.ModelAdmin):
    list_display = ["name", "is_on"]
    actions = None


def _sentences(judgment: Judgment) -> list[tuple[StrOrPromise, Reason]]:
    return [(reasons.describe([{"rule": reason.rule}])[0], reason) for reason in judgment.reasons]
