"""What was done, to read only."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.admin import figures
from comments.models import Ban, DataAct, Decision, EmailLook, Override, Report

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# What the filters of the page itself ask for. Of others a database may not know what to make, as of the year 99999.
LOOKUPS = {"exact", "gte", "lt", "isnull", "isempty", "year", "month", "day"}
CODES = {"writer", "email_index", "client"}


class RecordAdmin(admin.ModelAdmin):
    """Rows about a reply that nobody adds, changes or deletes by hand."""

    list_select_related = ["by"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What the page's own filters ask for; nothing by which a code could be guessed bit by bit, and no day that no
        calendar has."""
        field, *kinds = lookup.split("__")
        is_own = field not in CODES and (not kinds or kinds[-1] in LOOKUPS)
        return is_own and _is_a_day(request) and super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("reply"))
    def reply(self, record: Ban | Decision | EmailLook | Override | Report) -> SafeString | StrOrPromise:
        if record.comment_id is None:
            return _("deleted")
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:comments_comment_change", args=[record.comment_id]),
            _("Reply %(number)s") % {"number": record.comment_id},
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Decision)
class DecisionAdmin(RecordAdmin):
    fields = ["at", "reply", "before", "after", "text_version", "by", "reason"]
    list_display = ["at", "reply", "before", "after", "by", "reason"]
    list_filter = [("by", admin.RelatedOnlyFieldListFilter), "after", "before", "at"]
    date_hierarchy = "at"

    def get_urls(self) -> list[URLPattern]:
        shows = self.admin_site.admin_view(partial(figures.show, model_admin=self))
        return [path("figures/", shows, name="comments_decision_figures"), *super().get_urls()]


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    list_select_related = []
    fields = ["at", "reply", "reason", "words", "settled_at"]
    list_display = ["at", "reply", "reason", "words", "settled_at"]
    list_filter = ["reason", ("settled_at", admin.EmptyFieldListFilter), "at"]


@admin.register(Override)
class OverrideAdmin(RecordAdmin):
    fields = ["at", "reply", "what", "kinds", "text_version", "by"]
    list_display = ["at", "reply", "what", "kinds", "by"]
    list_filter = ["what", "at"]


@admin.register(EmailLook)
class EmailLookAdmin(RecordAdmin):
    fields = ["at", "reply", "by"]
    list_display = ["at", "reply", "by"]
    list_filter = ["at"]


@admin.register(DataAct)
class DataActAdmin(RecordAdmin):
    list_select_related = []
    fields = ["at", "kind", "replies"]
    list_display = ["at", "kind", "replies"]
    list_filter = ["kind", "at"]


class InForceFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, StrOrPromise]]:
        return [("in_force", _("In force")), ("lifted", _("Lifted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ban]) -> QuerySet[Ban]:
        lifted = {"in_force": False, "lifted": True}.get(self.value() or "")
        return queryset if lifted is None else queryset.filter(lifted_at__isnull=not lifted)


@admin.register(Ban)
class BanAdmin(RecordAdmin):
    """Who is banned. A writer has no name here: the reply that it began with tells."""

    fields = ["at", "reply", "known_by", "by", "reason", "lifted_at", "lifted_by"]
    list_display = ["at", "reply", "known_by", "by", "reason", "lifted_at", "lifted_by"]
    list_filter = [InForceFilter, "at"]
    list_select_related = ["by", "lifted_by"]
    actions = ["lift"]

    @admin.display(description=_("known by"))
    def known_by(self, ban: Ban) -> str:
        known = [_("key")] if ban.writer else []
        return ", ".join(map(str, [*known, *([_("address")] if ban.email_index else [])])) or "–"

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.change_ban")

    @admin.action(description=_("Lift"), permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Ban]) -> None:
        lifted = Ban.objects.filter(pk__in=queryset.values("pk")).lift(by=request.user)  # type: ignore[arg-type]
        if lifted:
            told = ngettext("%(n)d ban was lifted.", "%(n)d bans were lifted.", lifted)
            messages.success(request, told % {"n": lifted})
        else:
            messages.warning(request, _("Nothing changed: what you chose is lifted already."))


def _is_a_day(request: HttpRequest) -> bool:
    """Whether what is asked of the days is one, as far as it goes."""
    try:
        date(*(int(request.GET.get(f"at__{part}", some)) for part, some in (("year", 2000), ("month", 1), ("day", 1))))
    except (ValueError, OverflowError):
        return False
    return True
