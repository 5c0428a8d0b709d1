"""Pages that belong to no app: for operators, for machines, and for when something went wrong."""

import mimetypes
import sys
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseNotModified,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

from ketablog import outages, site, theme
from ketablog.logs import route_of
from ketablog.mail import backlog_is_fresh
from ketablog.media import MediaAway, files
from ketablog.pagecache.declared import for_everybody

Response = TypeVar("Response", bound=HttpResponseBase)
SECURITY_TXT_HOLDS = timedelta(days=300)
RETRY_AFTER = 5  # Seconds.
for kind in ("webp", "avif"):
    mimetypes.add_type(f"image/{kind}", f".{kind}")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database and cache answer, and mail goes out; 503 and the failing part otherwise."""
    parts = {"database": _database_answers(), "cache": _cache_answers()}
    parts["mail"] = parts["database"] and backlog_is_fresh()
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def _cache_answers() -> bool:
    try:
        cache.set("readyz", "ok", 10)
        return cache.get("readyz") == "ok"
    except Exception:  # noqa: BLE001 (each backend raises its own kind)
        return False


def kept_for_good(response: Response) -> Response:
    """The response, for every cache to keep: its address changes with what it holds."""
    response.headers["Cache-Control"] = f"public, max-age={365 * 24 * 60 * 60}, immutable"
    return response


@for_everybody()
@require_safe
def theme_css(request: HttpRequest, digest: str) -> HttpResponse:
    """The clinic's accent color. Its name changes with it, so it may be kept for good."""
    if digest != theme.digest(site.of(request).accent):
        raise Http404
    style_sheet = theme.style_sheet(site.of(request).accent)
    return kept_for_good(HttpResponse(style_sheet, content_type="text/css; charset=utf-8"))


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """An uploaded file. Files never change under their name, so they may be kept for good."""
    try:
        stored = files.stored(path)
    except MediaAway:
        raise
    except OSError:
        raise Http404 from None
    if not was_modified_since(request.headers.get("If-Modified-Since"), stored.modified.timestamp()):
        stored.file.close()
        return kept_for_good(HttpResponseNotModified())
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = FileResponse(stored.file, content_type=kind)
    response.headers["Content-Length"] = str(stored.size)
    response.headers["Last-Modified"] = http_date(stored.modified.timestamp())
    return kept_for_good(response)


@for_everybody()
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116). It is valid for months, from each new day on; 404 without a contact."""
    contact = site.of(request).security_contact
    if not contact:
        raise Http404
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {midnight + SECURITY_TXT_HOLDS:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {site.of(request).known_language}",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of the admin that came without its token. No other page asks for one, so there nothing can be sent."""
    if not route_of(request).startswith("/admin/"):
        return wrong_method(["GET", "HEAD"])
    return _sentence(request, 403, _("This form was open for too long, or came from elsewhere."))


def locked_out(request: HttpRequest, *_what_axes_knows: object) -> HttpResponse:
    """Who tried too many passwords is told for how long to wait."""
    pause = timedelta(hours=settings.AXES_COOLOFF_TIME)
    context = {"minutes": pause // timedelta(minutes=1)}
    response = render(request, "admin/locked_out.html", context, status=429)
    response.headers["Retry-After"] = str(int(pause.total_seconds()))
    return response


def wrong_method(allowed: list[str]) -> HttpResponse:
    """405, with what may be done instead."""
    sentence = _("This page can only be read; nothing can be sent to it. Nothing was changed.")
    return HttpResponseNotAllowed(allowed, f"{sentence}\n", content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _sentence(request, 400, _("This request could not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _sentence(request, 403, _("This page is not for everybody."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the database, which may be what failed: then it is 503, and worth another try soon."""
    page = HttpResponse(loader.get_template("500.html").render({}), status=500)
    if isinstance(sys.exception(), (*outages.AWAY, MediaAway)):
        page.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        page.headers["Retry-After"] = str(RETRY_AFTER)
    return page


def _sentence(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return render(request, "sentence.html", {"sentence": sentence}, status=status)
