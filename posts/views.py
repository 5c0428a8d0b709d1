"""The public pages: articles, their lists, and pages that are no articles."""

from http import HTTPStatus

from django.core import paginator
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments.forms import CommentForm
from comments.threads import ThreadPage, read_page
from ketablog import site
from ketablog.accounts import User
from ketablog.secrets import read_id
from ketablog.staff import keep_private, signed_in
from posts.editorial import current_review
from posts.metadata import article_graph, home_graph, topic_graph
from posts.models import Category, Image, Page, Person, Post, Tag
from posts.sharing import share_links

POSTS_A_PAGE = 10
POSTS_OFFERED = 5
LARGEST_ID = 2**63 - 1


class NotHere(Http404):
    """Raised with a sentence for the reader."""


@require_safe
def post_list(request: HttpRequest) -> HttpResponse:
    """The newest articles, featured ones first."""
    page = _page(request, Post.objects.published().featured_first().for_list())
    return render(request, "posts/list.html", {"page": page, "metadata": home_graph(site.of(request))})


@require_safe
def post_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An article with a page of its replies; staff may read it before and after it is public."""
    user = signed_in(request)
    try:
        post = Post.objects.visible_to(user).for_page().get(slug=slug)
    except Post.DoesNotExist:
        return _gone(request, slug)
    mine = read_id("mine", request.GET.get("mine", ""))
    review, replies = current_review(post), _replies(request, post, mine)
    context = {
        "post": post,
        "review": review,
        "share_links": share_links(post, site.of(request)),
        "replies": replies,
        "form": _form(request, post, user),
        "staff": user,
        "metadata": article_graph(post, review, replies.count, site.of(request)),
    }
    response = render(request, "posts/detail.html", context)
    return keep_private(response) if user is not None or mine is not None else response


def _form(request: HttpRequest, post: Post, user: User | None) -> CommentForm | None:
    return CommentForm(post=post, site=site.of(request), user=user) if post.accepts_replies(site.of(request)) else None


def _gone(request: HttpRequest, slug: str) -> HttpResponse:
    """410 for an article that was public and was taken back. Raises `NotHere` for any other."""
    if not _find(Post.objects.all(), slug=slug).is_gone:
        raise NotHere
    return render(request, "posts/gone.html", {"newest": _newest()}, status=HTTPStatus.GONE)


def _replies(request: HttpRequest, post: Post, mine: int | None) -> ThreadPage:
    try:
        return read_page(post, request.GET.get("comments", 1), depth=site.of(request).thread_depth, mine=mine)
    except paginator.InvalidPage:
        raise NotHere(_("This article has no such page of replies.")) from None


@require_safe
def category_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A category with its articles, newest first."""
    return _topic(request, "posts/category.html", _find(Category.objects.all(), slug=slug))


@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A tag with its articles, newest first."""
    return _topic(request, "posts/tag.html", _find(Tag.objects.all(), slug=slug))


@require_safe
def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A writer, with the articles by this person, newest first."""
    return _topic(request, "posts/author.html", _find(Person.objects.select_related("photo"), slug=slug))


def _topic(request: HttpRequest, template: str, topic: Category | Tag | Person) -> HttpResponse:
    page = _page(request, topic.posts.published().newest_first().for_list())
    context = {"topic": topic, "page": page, "metadata": topic_graph(topic, page, site.of(request))}
    return render(request, template, context)


@require_safe
def page_detail(request: HttpRequest, path: str) -> HttpResponse:
    """A page that is no article."""
    return render(request, "posts/page.html", {"page": _find(Page.objects.all(), path=path)})


@require_safe
def image_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of an image in an article's source, for the editor: leads to its file."""
    if signed_in(request) is None:
        raise NotHere
    return redirect(_find(Image.objects.all(), pk=min(pk, LARGEST_ID)).file.url)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What to read instead. It is rendered too when the database does not answer."""
    sentence = str(exception) if isinstance(exception, NotHere) else ""
    return render(request, "404.html", {"sentence": sentence, "newest": _newest()}, status=HTTPStatus.NOT_FOUND)


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


def _page(request: HttpRequest, posts: QuerySet) -> paginator.Page:
    """The page that was asked for. Raises `NotHere` for a number that is none."""
    try:
        return paginator.Paginator(posts, POSTS_A_PAGE).page(request.GET.get("page", 1))
    except paginator.InvalidPage:
        raise NotHere(_("This list has no such page.")) from None
