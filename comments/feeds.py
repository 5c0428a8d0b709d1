"""The newest replies, of all articles or of one: names and texts, never an address."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments.models import Comment, Decision, Erasure
from comments.querysets import CommentQuerySet
from ketablog import site
from ketablog.markup import one_line
from ketablog.pagecache.declared import for_everybody
from posts.feed_formats import DatedFeed, RssFeed
from posts.feed_text import stand_alone
from posts.models import Post

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Decided(TypedDict):
        last_decision: datetime | None
        last_erasure: datetime | None

    DatedComment = WithAnnotations[Comment, _Decided]

NEWEST = 30


class CommentFeed(DatedFeed):
    """One answer: these replies, of all articles or of one."""

    feed_type = RssFeed

    def __init__(self, request: HttpRequest, comments: CommentQuerySet, post: Post | None = None) -> None:
        self.site, self.comments, self.post = site.of(request), comments, post
        self.feed_url = settings.SITE_URL + request.path

    def title(self) -> str:
        return _("%(name)s: replies") % {"name": one_line(self.post.title if self.post else self.site.name)}

    def description(self) -> str:
        if self.post:
            return _("The newest replies to “%(title)s”.") % {"title": one_line(self.post.title)}
        return _("The newest replies to all articles.")

    def link(self) -> str:
        return settings.SITE_URL + (self.post.get_absolute_url() if self.post else reverse("post_list"))

    def items(self) -> CommentQuerySet:
        decisions = Decision.objects.order_by("-pk").values("at")
        erasures = Erasure.objects.order_by("-pk").values("at")
        # Which they are is told by an index alone; what costs more is read of these few.
        newest = self.comments.newest_first().values("pk")[:NEWEST]
        rows = Comment.objects.filter(pk__in=newest).for_page().with_article()
        rows = rows.annotate(last_decision=Subquery(decisions[:1]), last_erasure=Subquery(erasures[:1]))
        return rows.newest_first()

    def item_title(self, item: Comment) -> str:
        name = one_line(item.name)
        if self.post:
            return name
        return _("%(name)s on “%(title)s”") % {"name": name, "title": one_line(item.post.title)}

    def item_link(self, item: Comment) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_description(self, item: Comment) -> str:
        return stand_alone(item.html, settings.SITE_URL + item.post.get_absolute_url())

    def item_author_name(self, item: Comment) -> str:
        """The name, and the credentials where it is one of the staff who replies."""
        return one_line(f"{item.name}, {item.credentials}" if item.credentials else item.name)

    def item_pubdate(self, item: Comment) -> datetime:
        return item.created_at

    def item_extra_kwargs(self, item: DatedComment) -> dict[str, object]:
        """When the list was last changed: by this reply, an edit, or what may have hidden or renamed another one."""
        changes = [item.created_at, item.edited_at, item.staff_edited_at, item.last_decision, item.last_erasure]
        return {"stored_at": max(filter(None, changes))}


@for_everybody()
@require_safe
def comment_feed(request: HttpRequest) -> HttpResponse:
    return CommentFeed(request, Comment.objects.visible())(request)


@for_everybody()
@require_safe
def post_comment_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The replies to one article; 410 where it was taken back, 404 where it is not public yet."""
    post = get_object_or_404(Post.objects.defer("body", "body_html"), slug=slug)
    if post.is_gone:
        sentence = _("This article was taken back, and its replies with it.")
        return render(request, "sentence.html", {"sentence": sentence}, status=HTTPStatus.GONE)
    if not post.is_published:
        raise Http404
    return CommentFeed(request, Comment.objects.visible().filter(post=post), post)(request)
