"""The public pages: articles, their lists, and pages that are no articles."""

from http import HTTPStatus

from django.core import paginator
from django.db import DatabaseError
from django.db.models import BigAutoField, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments.forms import CommentForm
from comments.threads import Order, ThreadPage, read_new, read_page
from ketablog import site
from ketablog.accounts import User
from ketablog.pagecache.declared import for_everybody
from ketablog.secrets import read_id
from ketablog.staff import keep_private, signed_in
from posts import addresses, archive, reading
from posts.cards import card_url
from posts.editorial import review_standing
from posts.metadata import article_graph, home_graph, list_graph, topic_graph
from posts.models import Category, Image, Page, Person, Post, Tag
from posts.related import neighbors, related_to
from posts.sharing import share_links

POSTS_A_PAGE = 10
POSTS_OFFERED = 5


class NotHere(Http404):
    """Raised with a sentence for the reader."""


@for_everybody("page", not_with=addresses.ASKED_AT_HOME)
@require_safe
def post_list(request: HttpRequest) -> HttpResponse:
    """The newest articles, featured ones first, and the categories. Answers old addresses such as /?p=123 too."""
    if target := addresses.asked_at_home(request.GET):
        return HttpResponsePermanentRedirect(target)
    context = {
        "page": _page(request, reading.Home()),
        "categories": reading.categories(),
        "metadata": home_graph(site.of(request)),
    }
    return render(request, "posts/list.html", context)


@for_everybody("comments", "order", not_with=("mine", "new"))
@require_safe
def post_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An article with a page of its replies; staff may read it before and after it is public."""
    user = signed_in(request)
    try:
        post = reading.article(slug, user)
    except Post.DoesNotExist:
        return _gone(request, slug)
    mine, own = read_id("mine", request.GET.get("mine", "")), read_new(request.GET.get("new", ""))
    standing, replies = review_standing(post), _replies(request, post, mine)
    context = {
        "post": post,
        "standing": standing,
        "card_url": card_url(post, site.of(request)),
        "neighbors": neighbors(post),
        "related": related_to(post),
        "share_links": share_links(post, site.of(request)),
        "replies": replies,
        "own": own,
        "form": _form(request, post, user),
        "closed_since": post.replies_closed_since(site.of(request)),
        "staff": user,
        "metadata": article_graph(post, standing.review, replies.count, site.of(request)),
    }
    response = render(request, "posts/detail.html", context)
    is_personal = any(value is not None for value in (user, mine, own))
    return keep_private(response) if is_personal else response


def _form(request: HttpRequest, post: Post, user: User | None) -> CommentForm | None:
    return CommentForm(post=post, site=site.of(request), user=user) if post.accepts_replies(site.of(request)) else None


def _gone(request: HttpRequest, slug: str) -> HttpResponse:
    """410 for an article that was public and was taken back. Raises `NotHere` for any other."""
    post = _find(Post.objects.for_page(), slug=slug)
    if not post.is_gone:
        raise NotHere
    related = related_to(post)
    newest = [other for other in _newest() if other not in related]
    context = {"post": post, "related": related, "newest": newest}
    return render(request, "posts/gone.html", context, status=HTTPStatus.GONE)


def _replies(request: HttpRequest, post: Post, mine: int | None) -> ThreadPage:
    number, asked, depth = request.GET.get("comments", 1), request.GET.get("order", ""), site.of(request).thread_depth
    if asked not in Order.values:
        raise NotHere(_("There is no such order of replies."))
    try:
        return read_page(post, number, depth=depth, mine=mine, order=Order(asked))
    except paginator.InvalidPage:
        raise NotHere(_("This article has no such page of replies.")) from None


@for_everybody("page")
@require_safe
def category_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A category with its articles, newest first."""
    return _topic(request, "posts/category.html", _find(Category.objects.all(), slug=slug))


@for_everybody("page")
@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A tag with its articles, newest first."""
    return _topic(request, "posts/tag.html", _find(Tag.objects.all(), slug=slug))


@for_everybody("page")
@require_safe
def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A writer, with the articles by this person, newest first."""
    return _topic(request, "posts/author.html", _find(Person.objects.select_related("photo"), slug=slug))


def _topic(request: HttpRequest, template: str, topic: Category | Tag | Person) -> HttpResponse:
    page = _page(request, topic.posts.published().newest_first().for_list())
    context = {"topic": topic, "page": page, "metadata": topic_graph(topic, page, site.of(request))}
    return render(request, template, context)


@for_everybody()
@require_safe
def archive_list(request: HttpRequest) -> HttpResponse:
    """The years and months in which articles came out."""
    return render(request, "posts/archive.html", {"years": archive.years()})


@for_everybody("page")
@require_safe
def archive_year(request: HttpRequest, year: int) -> HttpResponse:
    """The articles of a year, newest first, and its months."""
    found = archive.find_year(archive.years(), year)
    if found is None:
        raise NotHere(_("No article came out in this year."))
    return _period(request, found)


@for_everybody("page")
@require_safe
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The articles of a month, newest first."""
    found = archive.find_month(archive.years(), year, month)
    if found is None:
        raise NotHere(_("No article came out in this month."))
    return _period(request, found)


def _period(request: HttpRequest, found: archive.Found) -> HttpResponse:
    page = _page(request, found.period.pick(Post.objects.published()).newest_first().for_list())
    metadata = list_graph(str(found.period), found.period.get_absolute_url(), page, site.of(request))
    context = {"found": found, "period": found.period, "page": page, "metadata": metadata}
    return render(request, "posts/archive_period.html", context)


@for_everybody()
@require_safe
def page_detail(request: HttpRequest, path: str) -> HttpResponse:
    """A page that is no article."""
    return render(request, "posts/page.html", {"page": _find(Page.objects.all(), path=path)})


@require_safe
def image_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of an image in an article's source, for the editor: leads to its file."""
    if signed_in(request) is None:
        raise NotHere
    return redirect(_find(Image.objects.all(), pk=min(pk, BigAutoField.MAX_BIGINT)).file.url)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Leads on from a former address; for any other, what to read instead, even when the database does not answer."""
    sentence = str(exception) if isinstance(exception, NotHere) else ""
    # Only what exists is missing a page of its own, and says so.
    target = "" if sentence else _lead_on(request)
    if target:
        return HttpResponsePermanentRedirect(target)
    return render(request, "404.html", {"sentence": sentence, "newest": _newest()}, status=HTTPStatus.NOT_FOUND)


def _lead_on(request: HttpRequest) -> str:
    try:
        return addresses.lead_on(request)
    except DatabaseError:
        return ""


def _newest() -> list[Post]:
    try:
        return list(Post.objects.published().newest_first().for_list()[:POSTS_OFFERED])
    except DatabaseError:
        return []


def _find(rows: QuerySet, **key: object):
    """The one row. Raises `NotHere`."""
    try:
        return rows.get(**key)
    except rows.model.DoesNotExist:
        raise NotHere from None


def _page(request: HttpRequest, posts: QuerySet | reading.Home) -> paginator.Page:
    """The page that was asked for. Raises `NotHere` for a number that is none."""
    try:
        pages = paginator.Paginator(posts, POSTS_A_PAGE)  # type: ignore[arg-type]  # (it counts and slices)
        return pages.page(request.GET.get("page", 1))
    except paginator.InvalidPage:
        raise NotHere(_("This list has no such page.")) from None
