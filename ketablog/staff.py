"""Whether a request comes from somebody of the staff."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ketablog.accounts import User


def signed_in(request: HttpRequest) -> User | None:
    """The user who is signed in. Without a session cookie nothing is looked up, so that pages stay alike for all."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return request.user


def keep_private(response: HttpResponse) -> HttpResponse:
    """The response, marked as one person's own: kept by no cache, listed by no search engine."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
