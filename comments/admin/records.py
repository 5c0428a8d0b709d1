"""What was done, to read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments.models import DataAct, Decision, EmailLook, Override, Report

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class RecordAdmin(admin.ModelAdmin):
    """Rows about a reply that nobody adds, changes or deletes by hand."""

    list_select_related = ["by"]

    @admin.display(description=_("reply"))
    def reply(self, record: Decision | EmailLook | Override | Report) -> SafeString | StrOrPromise:
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
    list_filter = ["after", "at"]


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
