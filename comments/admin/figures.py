"""The page of figures, for who may see decisions."""

from datetime import timedelta

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.figures import gathering
from ketablog import site


def show(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """The figures of the last 30, 90 or 365 days."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    asked = request.GET.get("days", str(gathering.RANGES[0]))
    if asked not in map(str, gathering.RANGES):
        raise Http404
    days, row = int(asked), site.of(request)
    since = timezone.now() - timedelta(days=days)
    decisions = gathering.sample(since, row)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Figures"),
        "opts": model_admin.opts,
        "days": days,
        "ranges": gathering.RANGES,
        "row": row,
        "waiting": gathering.waiting(row),
        "times": gathering.times(decisions, row),
        "is_sample": len(decisions) == gathering.SAMPLE,
        "rules": gathering.rules(since),
        "moderators": gathering.moderators(since, decisions),
        "chart": gathering.a_day(days),
        "is_weekly": days > gathering.MOST_DAYS,
    }
    return TemplateResponse(request, "admin/comments/decision/figures.html", context)
