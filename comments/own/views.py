"""The page of one reply that its writer alone can open, and what the writer does there."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from comments import guard, privacy, refusals
from comments.intake import FLOOD_LIMITS, check_flood
from comments.models import Comment
from comments.own import changes
from comments.own.forms import EditForm
from comments.refusals import Refused
from comments.rules import help, staff_guard
from comments.views import SeeOther
from ketablog import site
from ketablog.staff import keep_private, signed_in

METHODS = ["GET", "HEAD", "POST"]
DONE = {
    "edited": gettext_lazy("Your change is saved."),
    "same": gettext_lazy("Nothing was different, so nothing was changed."),
    "withdrawn": gettext_lazy("Your reply is withdrawn."),
}


@csrf_exempt  # The address is the secret that another site does not know; no public page holds a token of Django's.
def own_reply(request: HttpRequest, token: str) -> HttpResponse:
    """The writer's own page. Looking at it changes nothing; each act is a POST."""
    if request.method not in METHODS:
        sentence = _("This page is opened with its link, and changed with its buttons.")
        return HttpResponseNotAllowed(METHODS, sentence, content_type="text/plain; charset=utf-8")
    try:
        typed = guard.read_body(request) if request.method == "POST" else {}
    except Refused as refusal:
        return keep_private(render(request, "sentence.html", {"sentence": refusal.sentence}, status=refusal.status))
    comment = _find(token)
    if comment is None:
        return _unknown(request, typed)
    if request.method != "POST":
        return _show(request, comment)
    try:
        return _act(request, comment, typed)
    except Refused as refusal:
        now = _find(token) if refusal.status == HTTPStatus.CONFLICT else comment
        return _show(request, now, typed=typed, refusal=refusal) if now else _unknown(request, typed)


def _find(token: str) -> Comment | None:
    return Comment.objects.opened_by(token).for_its_writer().first()


def _unknown(request: HttpRequest, typed: dict[str, str]) -> HttpResponse:
    context = {"typed": typed}
    return keep_private(render(request, "comments/own_unknown.html", context, status=HTTPStatus.NOT_FOUND))


def _show(
    request: HttpRequest, comment: Comment, *, typed: dict[str, str] | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """The page, with all that was typed where something was refused."""
    site_row = site.of(request)
    form, rank = None, comment.help_rank
    if typed:
        rank = max(rank, help.rank(typed.get("comment", "")))
    if comment.is_editable(site_row):
        # Where another text came in between, saving again is meant for that one.
        again = {name: value for name, value in (typed or {}).items() if name in ("comment", "name")}
        is_wrong = refusal is not None and not refusal.sentence
        form = EditForm(typed if is_wrong else None, comment=comment, site=site_row, initial=again)
    context = {
        "comment": comment,
        "form": form,
        "refusal": refusal,
        "typed": typed,
        "is_urgent": rank == Comment.HelpRank.URGENT,
        "ends_at": comment.created_at + timedelta(minutes=site_row.edit_minutes),
        "done": DONE.get(request.GET.get("done", "")),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    response = keep_private(render(request, "comments/own.html", context, status=status))
    if refusal and refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


# What the writer does. Each raises `Refused`.


def _act(request: HttpRequest, comment: Comment, typed: dict[str, str]) -> HttpResponse:
    act = ACTS.get(typed.get("act", ""))
    if act is None:
        raise refusals.act_unknown()
    try:
        guard.check_origin(request)
    except Refused as refusal:
        raise refusals.act_from_elsewhere() from refusal
    try:
        return act(request, comment, typed)
    except DatabaseError as error:
        raise refusals.not_saved() from error


def _edit(request: HttpRequest, comment: Comment, typed: dict[str, str]) -> HttpResponse:
    site_row, by = site.of(request), signed_in(request)
    if not comment.is_editable(site_row):
        raise refusals.too_late_to_edit()
    form = EditForm(typed, comment=comment, site=site_row)
    if not form.is_valid():
        raise refusals.fields_are_wrong()
    source, name = form.cleaned_data["comment"], form.cleaned_data.get("name", comment.name)
    if typed.get("version") != str(comment.text_version):
        raise refusals.changed_meanwhile()
    if (source, name) == (comment.source, comment.name):
        return _back(comment, "same")
    if by is None and help.rank(source) != Comment.HelpRank.URGENT:
        check_flood(request, "reply", FLOOD_LIMITS)
    # Here is no room to insist; the form under the article has it.
    if comment.user_id and help.rank(source) != Comment.HelpRank.URGENT and staff_guard.find(source):
        raise refusals.confirms_patient()
    version = comment.text_version
    if not changes.edit(comment, source=source, name=name, text_version=version, site_settings=site_row, by=by):
        raise refusals.changed_meanwhile()
    return _back(comment, "edited")


def _withdraw(request: HttpRequest, comment: Comment, typed: dict[str, str]) -> HttpResponse:
    changes.withdraw(comment)
    return _back(comment, "withdrawn")


def _export(request: HttpRequest, comment: Comment, typed: dict[str, str]) -> HttpResponse:
    response = JsonResponse(privacy.export(comment), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="reply-{comment.pk}.json"'
    return keep_private(response)


def _back(comment: Comment, done: str) -> HttpResponse:
    return keep_private(SeeOther(f"{comment.get_own_url()}?done={done}"))


ACTS: dict[str, Callable[[HttpRequest, Comment, dict[str, str]], HttpResponse]] = {
    "edit": _edit,
    "withdraw": _withdraw,
    "export": _export,
}
