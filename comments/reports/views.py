"""Where a reader reports a reply, and the thanks for it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comments import guard
from comments.models import Comment
from comments.refusals import Refused
from comments.reports import taking
from comments.reports.forms import ReportForm
from ketablog.pagecache.declared import for_everybody
from posts.models import Post

WITHOUT_FORM = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}


@for_everybody()
@csrf_exempt  # Public pages hold no token of Django's; comments/guard.py has the checks in its place.
def report_create(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to report a public reply, and where it posts to."""
    if request.method not in ("GET", "HEAD", "POST"):
        sentence = _("Reports are sent with the form on this page.")
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"], sentence, content_type="text/plain; charset=utf-8")
    comment = Comment.objects.visible().for_page().with_article().numbered(str(pk)).first()
    if comment is None:
        sentence = _("There is no public reply at this address, so there is nothing to report.")
        return _page(request, "sentence.html", {"sentence": sentence}, HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return _page(request, "comments/report.html", {"comment": comment, "form": ReportForm(comment)})
    typed: dict[str, str] = {}
    form = ReportForm(comment)
    try:
        typed = guard.read_body(request)
        form = ReportForm(comment, typed)
        taking.take(request, comment, typed, form)
    except Refused as refusal:
        return _refuse(request, comment, refusal, ReportForm(comment, typed=typed) if refusal.sentence else form)
    response = redirect("report_thanks", comment.post.slug)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _refuse(request: HttpRequest, comment: Comment, refusal: Refused, form: ReportForm) -> HttpResponse:
    if refusal.status in WITHOUT_FORM:
        return _page(request, "sentence.html", {"sentence": refusal.sentence}, refusal.status)
    context = {"comment": comment, "form": form, "refusal": refusal}
    response = _page(request, "comments/report.html", context, refusal.status)
    response.headers["Cache-Control"] = "private, no-store"
    if refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


@for_everybody()
@require_safe
def report_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """What a reader sees after a report: the same page, whatever came of it."""
    post = get_object_or_404(Post.objects.published(), slug=slug)
    return _page(request, "comments/report_thanks.html", {"post": post})


def _page(request: HttpRequest, template: str, context: dict[str, object], status: int = HTTPStatus.OK) -> HttpResponse:
    response = render(request, template, context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
