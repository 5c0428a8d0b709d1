"""What readers send, and where a single reply is found."""

from http import HTTPStatus

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comments import threads
from comments.forms import CommentForm
from comments.intake import Attempt
from comments.models import Comment
from comments.pseudonyms import NAMES
from comments.refusals import Refused
from ketablog import site
from ketablog.pagecache.declared import for_everybody
from ketablog.secrets import read_id
from ketablog.staff import keep_private, signed_in
from posts.models import Post

WITHOUT_FORM = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
MINIMAL = "return=minimal"


class SeeOther(HttpResponseRedirect):
    status_code = HTTPStatus.SEE_OTHER


@for_everybody("parent")
@csrf_exempt  # Public pages hold no token of Django's; comments/guard.py has the checks in its place.
def comment_create(request: HttpRequest, slug: str) -> HttpResponse:
    """The form alone (`?parent=ID` answers a reply), and where all reply forms post to."""
    if request.method in ("GET", "HEAD"):
        return _form_alone(request, slug)
    if request.method != "POST":
        sentence = _("Replies are sent with the form under an article.")
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"], sentence, content_type="text/plain; charset=utf-8")
    attempt = Attempt(request, slug)
    try:
        attempt.read()
        if attempt.is_preview:
            return _show(request, attempt, attempt.preview())
        comment = attempt.take()
    except Refused as refusal:
        return _refuse(request, attempt, refusal)
    return _taken(request, comment)


def _taken(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Leads to the own reply. A script stays on its page, says so (RFC 7240), and is told where the reply stands."""
    address = threads.address_on_page(comment, own=not comment.is_approved, new=True)
    if request.headers.get("Prefer") != MINIMAL:
        return SeeOther(address)
    return HttpResponse(status=HTTPStatus.CREATED, headers={"Location": address, "Preference-Applied": MINIMAL})


def _form_alone(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    post = get_object_or_404(Post.objects.published(), slug=slug)
    parent = post.comments.approved().numbered(request.GET.get("parent", "")).first()
    typed = {"parent": str(parent.pk)} if parent else None
    form = CommentForm(post=post, site=site.of(request), user=user, initial=typed)
    context = {
        "post": post,
        "parent": parent,
        "form": form,
        "is_open": post.accepts_replies(site.of(request)),
        "closed_since": post.replies_closed_since(site.of(request)),
    }
    response = render(request, "comments/reply.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return keep_private(response) if user else response


def _show(request: HttpRequest, attempt: Attempt, preview: SafeString) -> HttpResponse:
    """The form with everything that was typed, and the text above it as it will look."""
    context = {
        "post": attempt.post,
        "parent": _parent_shown(attempt),
        "form": attempt.form,
        "is_open": True,
        "is_urgent": attempt.is_urgent,
        "preview": preview,
        "is_rewritten": "preview" not in attempt.typed,
    }
    return keep_private(render(request, "comments/reply.html", context))


def _refuse(request: HttpRequest, attempt: Attempt, refusal: Refused) -> HttpResponse:
    """Why a reply was not taken, with everything that was typed and could be read."""
    context = {"refusal": refusal, "is_urgent": attempt.is_urgent, "post": attempt.post, "typed": attempt.typed}
    if refusal.status in WITHOUT_FORM:
        template = "sentence.html"
        context["sentence"] = refusal.sentence
    elif attempt.form is None or refusal.status == HTTPStatus.NOT_FOUND:
        template = "comments/copy.html"
    else:
        template = "comments/reply.html"
        context.update(
            form=attempt.form.again(attempt.typed) if refusal.sentence else attempt.form,
            parent=None if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE else _parent_shown(attempt),
            is_open=True,
        )
    response = keep_private(render(request, template, context, status=refusal.status))
    if refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _parent_shown(attempt: Attempt) -> Comment | None:
    if attempt.post is None:
        return None
    return attempt.post.comments.approved().numbered(attempt.typed.get("parent", "")).first()


@require_safe
def comment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The permanent address of a public reply: leads to its page and anchor."""
    comment = get_object_or_404(Comment.objects.visible().select_related("post", "thread").numbered(str(pk)))
    return redirect(threads.address_on_page(comment))


@for_everybody("page", not_with=("mine", "new"))
@require_safe
def thread_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A long thread on pages of its own; its first answers stand under the article too."""
    mine, own = read_id("mine", request.GET.get("mine", "")), threads.read_new(request.GET.get("new", ""))
    tops = Comment.objects.of_public_articles().heading_threads().for_page().with_article()
    top = get_object_or_404(tops.numbered(str(pk)))
    try:
        part = threads.read_thread(top, request.GET.get("page", 1), depth=site.of(request).thread_depth, mine=mine)
    except InvalidPage:
        raise Http404 from None
    if not part.thread.replies:
        raise Http404
    context = {"post": top.post, "part": part, "own": own, "is_open": top.post.accepts_replies(site.of(request))}
    response = render(request, "comments/thread.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response if mine is own is None else keep_private(response)


@for_everybody()
@require_safe
def neutral_names(request: HttpRequest) -> HttpResponse:
    """Names for who wants to stay unknown, divided by commas: the form asks for them when its button is pressed."""
    return HttpResponse(NAMES, content_type="text/plain; charset=utf-8")
