"""The page of the notices to one address: what is sent to it, and how to have it otherwise. No script, no account."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from comments import guard, refusals
from comments.notices import choosing
from comments.notices.models import NoticeAddress
from comments.refusals import Refused
from comments.views import SeeOther
from ketablog.staff import keep_private

METHODS = ["GET", "HEAD", "POST"]
DONE = {
    "confirm": gettext_lazy("Thank you. We write to you when somebody answers."),
    "each": gettext_lazy("From now on each answer comes in a mail of its own."),
    "daily": gettext_lazy("From now on all answers of a day come in one mail."),
    "leave": gettext_lazy("You get no more mails about that reply."),
    "stop": gettext_lazy("Done. You get no more mails, and your address is erased here."),
    "start": gettext_lazy("Notices can reach you again."),
}


@csrf_exempt  # The address is the secret that another site does not know; mail programs post without a page (RFC 8058).
def notices(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the link in each mail leads to. Looking at it changes nothing, as mail filters look too."""
    if request.method not in METHODS:
        sentence = _("This page is opened with the link in a mail, and changed with its buttons.")
        return HttpResponseNotAllowed(METHODS, sentence, content_type="text/plain; charset=utf-8")
    try:
        typed = guard.read_body(request) if request.method == "POST" else {}
    except Refused as refusal:
        return _sentence(request, refusal.sentence, refusal.status)
    address = NoticeAddress.objects.opened_by(token).first()
    if address is None:
        sentence = _("This link opens nothing. It was not copied whole, or we have forgotten the address it was for.")
        return _sentence(request, sentence, HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return _show(request, address)
    if "List-Unsubscribe" in typed:
        choosing.stop(address)
        return keep_private(HttpResponse(_("You get no more mails."), content_type="text/plain; charset=utf-8"))
    try:
        return _act(request, address, typed)
    except Refused as refusal:
        return _show(request, address, refusal)


def _sentence(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return keep_private(render(request, "sentence.html", {"sentence": sentence}, status=status))


def _show(request: HttpRequest, address: NoticeAddress, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "address": address,
        "watches": address.watches.for_page(),
        "paces": NoticeAddress.Pace,
        "refusal": refusal,
        "done": DONE.get(request.GET.get("done", "")),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return keep_private(render(request, "comments/notices.html", context, status=status))


# What the owner of the address does. Each raises `Refused`.


def _act(request: HttpRequest, address: NoticeAddress, typed: dict[str, str]) -> HttpResponse:
    name = typed.get("act", "")
    if name not in ACTS:
        raise refusals.act_unknown()
    try:
        guard.check_origin(request)
    except Refused as refusal:
        raise refusals.act_from_elsewhere() from refusal
    ACTS[name](address, typed)
    return keep_private(SeeOther(f"{address.get_absolute_url()}?done={name}"))


def _leave(address: NoticeAddress, typed: dict[str, str]) -> None:
    number = typed.get("reply", "")
    if not number.isdecimal() or len(number) > 18:
        raise refusals.act_unknown()
    choosing.leave(address, int(number))


ACTS: dict[str, Callable[[NoticeAddress, dict[str, str]], object]] = {
    "confirm": lambda address, typed: choosing.confirm(address, key=typed.get("key", "")),
    "each": lambda address, typed: choosing.set_pace(address, NoticeAddress.Pace.EACH),
    "daily": lambda address, typed: choosing.set_pace(address, NoticeAddress.Pace.DAILY),
    "leave": _leave,
    "stop": lambda address, typed: choosing.stop(address),
    "start": lambda address, typed: choosing.start(address),
}
