"""What every response carries."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

from ketablog import site
from ketablog.logs import route_of
from ketablog.pagecache.declared import DATABASE_AWAY
from ketablog.views import wrong_method

Handler = Callable[[HttpRequest], HttpResponse]


def response_headers(get_response: Handler) -> Handler:
    """Headers that hold for all answers, and the route for the server's log."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Feed readers show an article's images from their own addresses.
        is_media = request.path_info.startswith(settings.MEDIA_URL)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_media else "same-origin")
        response.headers.setdefault("Cache-Control", "no-cache")
        request.META["ketablog.route"] = route_of(request)
        return response

    return middleware


class SameBytes(GZipMiddleware):
    max_random_bytes = 0


def compress_pages(get_response: Handler) -> Handler:
    """Public text goes out compressed, where no proxy in front does it.

    Pages of who is signed in do not: they hold what is not for everybody beside words that somebody else may have put
    into the address, and their length would tell of both (BREACH). What is for everybody needs no random length
    against that, and gets the same bytes each time, so that its ETag is a strong one.
    """
    gzip = SameBytes(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_image = response.headers.get("Content-Type", "").startswith("image/")
        if not (response.streaming or is_image or settings.SESSION_COOKIE_NAME in request.COOKIES):
            gzip.process_response(request, response)
        return response

    return middleware


def site_of_request(get_response: Handler) -> Handler:
    """`request.site`: the Site settings; their language and time zone hold for the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            # A database that hangs is no reason to start the web server again.
            return get_response(request)
        current = site.current()
        if current.is_stand_in:
            request.META[DATABASE_AWAY] = True
        request.site = current  # type: ignore[assignment]  # (the stubs think of django.contrib.sites)
        with site.in_force(current):
            response = get_response(request)
        response.headers.setdefault("Content-Language", current.known_language)
        return response

    return middleware


def refusals_in_words(get_response: Handler) -> Handler:
    """A sentence where a page refuses a method and Django says nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_silent = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content
        if is_silent and not route_of(request).startswith("/admin/"):
            return wrong_method(response.headers.get("Allow", "GET, HEAD").split(", "))
        return response

    return middleware


def no_cookie_unasked(get_response: Handler) -> Handler:
    """Stands behind Django's CSRF middleware, which answers a cookie of another form with one of its own on every
    page; here only a page with such a form sets one, so that public pages never do.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
        return get_response(request)

    return middleware
