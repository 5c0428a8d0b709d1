"""Who may post a reply: requests that began on our own pages, with a form that we made."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware

from comments import refusals
from ketablog.secrets import form_token_is_valid
from posts.models import Post

LARGEST_BODY = 512 * 1024  # The longest reply, every byte of it percent-encoded, takes a fifth of this.
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}


def read_body(request: HttpRequest) -> dict[str, str]:
    """The fields of a posted form. Raises `Refused`: 413 for an absurd size, 400 where there is no form to read."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise refusals.unreadable() from None
    if length > LARGEST_BODY:
        raise refusals.too_large()
    if request.content_type not in FORM_TYPES:
        raise refusals.unreadable()
    try:
        return {name: str(value) for name, value in request.POST.items()}
    except (MultiPartParserError, UnreadablePostError, BadRequest, SuspiciousOperation) as error:
        raise refusals.unreadable() from error


def check_origin(request: HttpRequest) -> None:
    """Raises `Refused` (403) for a request that began on another site.

    A browser's own word comes first (Sec-Fetch-Site), then Origin, then Referer. Where none is sent,
    or the origin is "null", the form's token alone decides.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise refusals.from_elsewhere()
        return
    origin = request.headers.get("Origin")
    if origin == "null":
        return
    claimed = origin or request.headers.get("Referer")
    if claimed and _host_of(claimed) != request.get_host():
        raise refusals.from_elsewhere()


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return None


def check_token(token: str, post: Post) -> None:
    """Raises `Refused` (422) for a form that is too old or not this article's."""
    if not form_token_is_valid(token, post.pk):
        raise refusals.too_old()


def check_staff_token(request: HttpRequest) -> None:
    """Raises `Refused` (403) where somebody signed in posts without Django's own token."""

    def taken(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=HTTPStatus.OK)

    middleware = CsrfViewMiddleware(taken)
    middleware.process_request(request)
    if middleware.process_view(request, taken, (), {}) is not None:
        raise refusals.from_elsewhere()
