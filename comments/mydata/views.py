"""Where a reader asks for all own replies by address, opens the link from the mail, and decides what becomes of them.

No cookie and no session: whoever opened the link goes on with a key in a hidden field.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comments import guard, refusals
from comments.mydata import acting, asking, copying, opening
from comments.mydata.forms import AddressForm
from comments.mydata.opening import Opened
from comments.refusals import Refused
from comments.views import SeeOther
from ketablog.pagecache.declared import for_everybody
from ketablog.staff import keep_private

logger = logging.getLogger("ketablog.mydata")

METHODS = ["GET", "HEAD", "POST"]
WITHOUT_FORM = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
REPLIES_A_PAGE = 50


@for_everybody()
@csrf_exempt  # Public pages hold no token of Django's; comments/guard.py has the checks in its place.
def ask(request: HttpRequest) -> HttpResponse:
    """The form for the address, and where it posts to: the same answer whether or not we know the address."""
    if request.method not in METHODS:
        return _wrong_method(METHODS)
    if request.method != "POST":
        return render(request, "comments/my_data.html", {"form": AddressForm()})
    typed: dict[str, str] = {}
    form = AddressForm()
    try:
        typed = guard.read_body(request)
        form = AddressForm(typed)
        asking.take(request, form)
    except Refused as refusal:
        if refusal.status in WITHOUT_FORM:
            return _refuse(request, refusal)
        shown = AddressForm(typed=typed) if refusal.sentence else form
        return _refuse(request, refusal, "comments/my_data.html", form=shown)
    return keep_private(SeeOther(reverse("my_data_asked")))


@for_everybody()
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Please check your email: the same page for everybody."""
    response = render(request, "comments/my_data_asked.html")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt  # The address is the secret that another site does not know.
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link. Looking at it changes nothing, as programs that read mail do; its button uses it up."""
    if request.method not in METHODS:
        return _wrong_method(METHODS)
    found = opening.find(token)
    if found is None:
        return _over(request)
    if request.method != "POST":
        return keep_private(render(request, "comments/my_data_link.html"))
    try:
        guard.check_origin(request)
    except Refused:
        return _refuse(request, refusals.act_from_elsewhere(), "comments/my_data_link.html")
    opened = opening.use(found)
    return _show_replies(request, opened, {}) if opened else _over(request)


@csrf_exempt  # The key is the secret that another site does not know.
def act(request: HttpRequest) -> HttpResponse:
    """What the buttons behind the link post to."""
    if request.method != "POST":
        return _wrong_method(["POST"])
    try:
        typed = guard.read_body(request)
        opened = opening.opened_by(typed.get("key", ""))
        return _carry_out(request, opened, typed) if opened else _over(request)
    except DatabaseError:
        logger.exception("an act on own data failed")
        return _refuse(request, refusals.act_not_done())
    except Refused as refusal:
        return _refuse(request, refusal)


def _carry_out(request: HttpRequest, opened: Opened, typed: dict[str, str]) -> HttpResponse:
    try:
        guard.check_origin(request)
    except Refused:
        return _show_replies(request, opened, {}, refusals.act_from_elsewhere())
    carry_out = ACTS.get(typed.get("act", ""))
    return (
        carry_out(request, opened, typed) if carry_out else _show_replies(request, opened, {}, refusals.act_unknown())
    )


# The acts


def _show_replies(
    request: HttpRequest, opened: Opened, typed: dict[str, str], refusal: Refused | None = None
) -> HttpResponse:
    page = Paginator(opened.replies.for_its_writer(), REPLIES_A_PAGE).get_page(typed.get("page"))
    return _page(request, "comments/my_data_replies.html", opened, refusal, page=page)


def _download(request: HttpRequest, opened: Opened, typed: dict[str, str]) -> HttpResponse:
    response = JsonResponse(copying.document(opened), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="my-replies.json"'
    return keep_private(response)


def _read(request: HttpRequest, opened: Opened, typed: dict[str, str]) -> HttpResponse:
    return _page(request, "comments/my_data_copy.html", opened, replies=opened.replies.for_its_writer())


def _erase(request: HttpRequest, opened: Opened, typed: dict[str, str]) -> HttpResponse:
    return _unsure(request, opened, typed) or _done(request, typed, count=acting.erase(opened))


def _unname(request: HttpRequest, opened: Opened, typed: dict[str, str]) -> HttpResponse:
    return _unsure(request, opened, typed) or _done(request, typed, count=acting.unname(opened))


def _rename(request: HttpRequest, opened: Opened, typed: dict[str, str]) -> HttpResponse:
    if unsure := _unsure(request, opened, typed):
        return unsure
    count, name = acting.rename(opened)
    return _done(request, typed, count=count, name=name)


ACTS: dict[str, Callable[[HttpRequest, Opened, dict[str, str]], HttpResponse]] = {
    "list": _show_replies,
    "download": _download,
    "read": _read,
    "erase": _erase,
    "unname": _unname,
    "rename": _rename,
}


# The pages


def _unsure(request: HttpRequest, opened: Opened, typed: dict[str, str]) -> HttpResponse | None:
    """The page that says what will be gone, until its box is ticked; `None` then."""
    if typed.get("sure"):
        return None
    refusal = refusals.not_sure() if "asked" in typed else None
    context = {"act": typed["act"], "count": opened.replies.count()}
    return _page(request, "comments/my_data_sure.html", opened, refusal, **context)


def _done(request: HttpRequest, typed: dict[str, str], *, count: int, name: str = "") -> HttpResponse:
    context = {"act": typed["act"], "count": count, "name": name}
    return keep_private(render(request, "comments/my_data_done.html", context))


def _page(
    request: HttpRequest, template: str, opened: Opened, refusal: Refused | None = None, **context: object
) -> HttpResponse:
    status = refusal.status if refusal else HTTPStatus.OK
    context = {"opened": opened, "refusal": refusal, **context}
    return keep_private(render(request, template, context, status=status))


def _over(request: HttpRequest) -> HttpResponse:
    """For a link or a key that opens nothing: the same whatever the cause is."""
    return keep_private(render(request, "comments/my_data_over.html", status=HTTPStatus.NOT_FOUND))


def _refuse(request: HttpRequest, refusal: Refused, template: str = "sentence.html", **context: object) -> HttpResponse:
    context = {"refusal": refusal, "sentence": refusal.sentence, **context}
    response = keep_private(render(request, template, context, status=refusal.status))
    if refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _wrong_method(allowed: list[str]) -> HttpResponse:
    sentence = _("This page is opened with its link, and used with its buttons.")
    return HttpResponseNotAllowed(allowed, sentence, content_type="text/plain; charset=utf-8")
