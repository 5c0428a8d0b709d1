"""The page of one reply that its writer alone can open, and what the writer does there."""

from collections.abc import Callable
from http import HTTPStatus

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from comments import guard, privacy, promise, refusals
from comments.intake import FLOOD_LIMITS, PREVIEW_LIMITS, check_flood
from comments.models import Comment
from comments.notices import telling, watching
from comments.own import changes
from comments.own.forms import EditForm
from comments.questions.making import find_made
from comments.refusals import Refused
from comments.rules import help, staff_guard
from comments.views import SeeOther
from ketablog import markup, secrets, site
from ketablog.site import SiteSettings
from ketablog.staff import keep_private, signed_in

METHODS = ["GET", "HEAD", "POST"]
DONE = {
    "edited": gettext_lazy("Your change is saved."),
    "same": gettext_lazy("Nothing was different, so nothing was changed."),
    "withdrawn": gettext_lazy("Your reply is withdrawn."),
    "notify": gettext_lazy("Notices about this reply are switched on."),
    "quiet": gettext_lazy("You get no notices about this reply."),
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
    request: HttpRequest,
    comment: Comment,
    *,
    typed: dict[str, str] | None = None,
    refusal: Refused | None = None,
    preview: SafeString | None = None,
) -> HttpResponse:
    """The page, with all that was typed where something was refused or is to be looked at first."""
    site_row = site.of(request)
    rank = max(comment.help_rank, help.rank((typed or {}).get("comment", "")))
    context = {
        "comment": comment,
        "made": find_made(comment),
        "form": _form(comment, site_row, typed, refusal) if comment.is_editable(site_row) else None,
        "refusal": refusal,
        "preview": preview,
        "typed": typed,
        "is_urgent": rank == Comment.HelpRank.URGENT,
        "look_by": promise.look_by(comment, site_row),
        "minutes_left": comment.minutes_to_edit(site_row),
        "notices": watching.state(comment),
        "done": DONE.get(request.GET.get("done", "")),
    }
    status = refusal.status if refusal else HTTPStatus.OK
    response = keep_private(render(request, "comments/own.html", context, status=status))
    if refusal and refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _form(comment: Comment, site_row: SiteSettings, typed: dict[str, str] | None, refusal: Refused | None) -> EditForm:
    # Where another text came in between, saving again is meant for that one.
    again = {name: value for name, value in (typed or {}).items() if name in ("comment", "name")}
    is_wrong = refusal is not None and not refusal.sentence
    return EditForm(typed if is_wrong else None, comment=comment, site=site_row, initial=again)


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
    if typed.get("version") != str(comment.text_version):
        raise refusals.changed_meanwhile()
    source, name = form.cleaned_data["comment"], form.cleaned_data.get("name", comment.name)
    if "preview" in typed:
        return _preview(request, comment, typed, source)
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


def _preview(request: HttpRequest, comment: Comment, typed: dict[str, str], source: str) -> HttpResponse:
    check_flood(request, "preview", PREVIEW_LIMITS)
    return _show(request, comment, typed=typed, preview=markup.stored(markup.render_comment(source)))


def _withdraw(request: HttpRequest, comment: Comment, typed: dict[str, str]) -> HttpResponse:
    changes.withdraw(comment)
    return _back(comment, "withdrawn")


def _notify(request: HttpRequest, comment: Comment, typed: dict[str, str]) -> HttpResponse:
    if watching.state(comment) == "none":
        raise refusals.no_address()
    with transaction.atomic():
        try:
            watching.begin(comment)
        except secrets.CannotDecrypt:
            raise refusals.no_address() from None
        if comment.is_approved:
            telling.tell_its_writer(comment)
    return _back(comment, "notify")


def _quiet(request: HttpRequest, comment: Comment, typed: dict[str, str]) -> HttpResponse:
    watching.end([comment.pk])
    return _back(comment, "quiet")


def _export(request: HttpRequest, comment: Comment, typed: dict[str, str]) -> HttpResponse:
    response = JsonResponse(privacy.export(comment), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="reply-{comment.pk}.json"'
    return keep_private(response)


def _back(comment: Comment, done: str) -> HttpResponse:
    return keep_private(SeeOther(f"{comment.get_own_url()}?done={done}"))


ACTS: dict[str, Callable[[HttpRequest, Comment, dict[str, str]], HttpResponse]] = {
    "edit": _edit,
    "withdraw": _withdraw,
    "notify": _notify,
    "quiet": _quiet,
    "export": _export,
}
