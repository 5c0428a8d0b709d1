"""What every response carries."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ketablog import site
from ketablog.logs import route_of

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


def site_of_request(get_response: Handler) -> Handler:
    """`request.site`: the Site settings; their language and time zone hold for the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            # A database that hangs is no reason to start the web server again.
            return get_response(request)
        current = site.current()
        request.site = current  # type: ignore[assignment]  # (the stubs think of django.contrib.sites)
        with site.in_force(current):
            response = get_response(request)
        response.headers.setdefault("Content-Language", current.known_language)
        return response

    return middleware
