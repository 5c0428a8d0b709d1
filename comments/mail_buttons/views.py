"""The page that a link in a moderator's mail leads to: it asks once, and a POST decides."""

from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from comments import guard, moderation
from comments.admin.deciding import DONE, Seen, why_not
from comments.mail_buttons import links
from comments.mail_buttons.links import Link
from comments.models import Comment
from comments.reasons import describe
from comments.refusals import Refused
from comments.views import SeeOther
from ketablog import site
from ketablog.models import User
from ketablog.staff import keep_private, signed_in

METHODS = ["GET", "HEAD", "POST"]
QUESTIONS = {
    "approve": gettext_lazy("Approve this reply?"),
    "spam": gettext_lazy("Mark this reply as spam?"),
    "remove": gettext_lazy("Remove this reply?"),
}


@csrf_exempt  # The address is a secret that another site does not know, and the origin is looked at.
def mail_button(request: HttpRequest, token: str) -> HttpResponse:
    """What the link decides, and a button that does it. Looking changes nothing."""
    if request.method not in METHODS:
        sentence = _("This page is opened with its link, and decides with its button.")
        return HttpResponseNotAllowed(METHODS, sentence, content_type="text/plain; charset=utf-8")
    link = links.read(token)
    by = links.person(link) if link else None
    if link is None or by is None:
        return _sentence(request, _over(), HTTPStatus.NOT_FOUND)
    here = signed_in(request)
    if here is None and not site.of(request).mail_buttons_without_login:
        return keep_private(redirect_to_login(request.path, "admin:login"))
    if here is not None and here != by:
        sentence = _("This link was sent to a colleague. Sign in as the one whose mail it is in, or use the desk.")
        return _sentence(request, sentence, HTTPStatus.FORBIDDEN)
    if request.method == "POST":
        return _decide(request, link, by)
    return _ask(request, link, by, shows_text=here is not None)


def _over() -> str:
    return _("This link no longer works: it lasts three days. What waits is on the desk.")


def _ask(request: HttpRequest, link: Link, by: User, *, shows_text: bool) -> HttpResponse:
    comment = Comment.objects.with_article().numbered(str(link.comment_id)).first()
    if comment is not None and _is_done(comment, link, by):
        return _sentence(request, str(DONE[link.verb]), HTTPStatus.OK, comment)
    if sentence := _obstacle(comment, link, by):
        return _sentence(request, sentence, HTTPStatus.GONE, comment)
    context = {
        "comment": comment,
        "question": QUESTIONS[link.verb],
        "link": link,
        "reasons": describe(comment.reasons if comment else []),
        "shows_text": shows_text,
    }
    return keep_private(render(request, "comments/mail_button.html", context))


def _decide(request: HttpRequest, link: Link, by: User) -> HttpResponse:
    try:
        guard.check_origin(request)
    except Refused as refusal:
        return _sentence(request, refusal.sentence, HTTPStatus.FORBIDDEN)
    transition, _after = moderation.VERBS[link.verb]
    with transaction.atomic():
        comment = Comment.objects.numbered(str(link.comment_id)).select_for_update(no_key=True).first()
        sentence = _obstacle(comment, link, by)
        if comment is not None and not sentence and transition(comment, by=by, text_version=link.text_version):
            return keep_private(SeeOther(request.path))
    sentence = sentence or why_not(link.comment_id, link.verb, _seen(link), by)
    return _sentence(request, sentence, HTTPStatus.CONFLICT, comment)


def _is_done(comment: Comment, link: Link, by: User) -> bool:
    """Whether this person decided so, by the link or not."""
    _transition, after = moderation.VERBS[link.verb]
    return comment.status == after and comment.decided_by_id == by.pk and comment.text_version == link.text_version


def _seen(link: Link) -> Seen:
    """What the mail told of: a text that waits."""
    return Seen(link.text_version, 0, Comment.Status.PENDING.value)


def _obstacle(comment: Comment | None, link: Link, by: User) -> str:
    """Why the link decides nothing about the reply as it is now; empty where it may."""
    if comment is None or comment.status != Comment.Status.PENDING or comment.text_version != link.text_version:
        return why_not(link.comment_id, link.verb, _seen(link), by)
    if links.last_decision(comment) != link.last_decision:
        return _("This reply was decided about since the mail, and waits again. Please look at it on the desk.")
    if comment.is_urgent:
        return _("This may be a cry for help, so it is decided on the desk, where all of it can be seen.")
    if comment.reports.unsettled().exists():
        return _("A reader reported this reply, so it is decided on the desk, where the reports can be read.")
    if link not in links.offered(comment, by):
        return why_not(link.comment_id, link.verb, _seen(link), by)
    return ""


def _sentence(request: HttpRequest, sentence: str, status: HTTPStatus, comment: Comment | None = None) -> HttpResponse:
    context = {"sentence": sentence, "comment": comment, "is_done": status == HTTPStatus.OK}
    return keep_private(render(request, "comments/mail_button_over.html", context, status=status))
