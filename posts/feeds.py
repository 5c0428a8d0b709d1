"""The newest articles with their full text: of all, of a category, of a tag, of a writer."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Enclosure, SyndicationFeed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ketablog import site
from ketablog.markup import one_line
from ketablog.pagecache.declared import for_everybody
from ketablog.prepared import Given, Prepared
from posts.feed_formats import AtomFeed, DatedFeed, JSONFeed, RssFeed
from posts.feed_text import Texts, columns
from posts.models import Category, Image, Person, Post, Tag
from posts.querysets import PostQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Withdrawal(TypedDict):
        last_withdrawal: datetime | None

    DatedPost = WithAnnotations[Post, _Withdrawal]

NEWEST = 20


def with_text(posts: PostQuerySet) -> PostQuerySet:
    """The newest of these articles with all that a feed tells of them, in one query."""
    withdrawals = Post.objects.withdrawn().order_by("-withdrawn_at").values("withdrawn_at")
    return posts.newest_first().for_feed().annotate(last_withdrawal=withdrawals[:1])[:NEWEST]


@Prepared
def _newest(now: Given) -> PostQuerySet:
    return with_text(Post.objects.published(now))


def enclosures_of(image: Image | None) -> list[Enclosure]:
    """A picture as a feed's enclosure; none where its file is missing."""
    if image is None:
        return []
    try:
        size = image.file.size
    except OSError:
        return []
    kind = mimetypes.guess_type(image.file.url)[0] or "application/octet-stream"
    return [Enclosure(settings.SITE_URL + image.file.url, str(size), kind)]


class PostFeed(DatedFeed):
    """One answer: these articles, all or those of a topic or writer."""

    item_guid_is_permalink = False

    def __init__(
        self,
        request: HttpRequest,
        posts: PostQuerySet,
        topic: Category | Tag | Person | None = None,
        *,
        form: type[SyndicationFeed] = RssFeed,
    ) -> None:
        self.site, self.posts, self.topic, self.feed_type = site.of(request), posts, topic, form
        self.texts = Texts(self.site)
        self.feed_url = settings.SITE_URL + request.path

    def title(self) -> str:
        name = one_line(self.site.name)
        return f"{one_line(str(self.topic))} · {name}" if self.topic else name

    def description(self) -> str:
        if self.topic:
            return _("The newest articles: %(name)s") % {"name": one_line(str(self.topic))}
        return one_line(self.site.tagline) or one_line(self.site.name)

    subtitle = description

    def link(self) -> str:
        return settings.SITE_URL + (self.topic.get_absolute_url() if self.topic else reverse("post_list"))

    def items(self) -> PostQuerySet:
        return self.posts

    def item_title(self, item: Post) -> str:
        return one_line(item.title)

    def item_description(self, item: Post) -> str:
        """The standfirst as HTML, which readers of feeds take it for."""
        return escape(one_line(item.standfirst), quote=False)

    def item_link(self, item: Post) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item: Post) -> str:
        """A name that stays when the title, the slug or the time of publication changes."""
        return f"tag:{urlsplit(settings.SITE_URL).hostname},{item.created_at:%Y-%m-%d}:posts/{item.pk}"

    def item_comments(self, item: Post) -> str:
        return f"{self.item_link(item)}#replies"

    def item_author_name(self, item: Post) -> str:
        return one_line(str(item.writer))

    def item_author_link(self, item: Post) -> str:
        return settings.SITE_URL + item.writer.get_absolute_url()

    def item_pubdate(self, item: Post) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Post) -> datetime | None:
        return item.changed_at

    def item_categories(self, item: Post) -> list[str]:
        topics = [item.category.name] if item.category else []
        tags = [tag.name for tag in item.tags.all()]
        return list(dict.fromkeys(one_line(name) for name in [*topics, *tags]))

    def item_enclosures(self, item: Post) -> list[Enclosure]:
        return enclosures_of(item.cover)

    def item_extra_kwargs(self, item: DatedPost) -> dict[str, object]:
        """The whole text, the picture, and the last change: of this article, or of the list by a withdrawal."""
        moments = [item.published_at, item.updated_at, item.last_withdrawal]
        return {
            "text": self.texts.of(item, self.item_link(item)),
            "image": settings.SITE_URL + item.cover.file.url if item.cover else "",
            "stored_at": max(moment for moment in moments if moment),
        }


@for_everybody()
@require_safe
def post_feed(request: HttpRequest) -> HttpResponse:
    return _feed_of_all(request, RssFeed)


@for_everybody()
@require_safe
def post_feed_atom(request: HttpRequest) -> HttpResponse:
    return _feed_of_all(request, AtomFeed)


@for_everybody()
@require_safe
def post_feed_json(request: HttpRequest) -> HttpResponse:
    return _feed_of_all(request, JSONFeed)


@dataclass(frozen=True, slots=True)
class _Written:
    """A feed as it was last written, and all that it was made of."""

    told: tuple[Any, ...]
    content: bytes
    headers: dict[str, str]


# By address. Of what moves the version of stored pages, hardly anything changes a feed: a reply never does.
_last_written: dict[str, _Written] = {}


def _feed_of_all(request: HttpRequest, form: type[SyndicationFeed]) -> HttpResponse:
    now = timezone.now()
    said, posts = _newest.answer(now)
    feed = PostFeed(request, posts, form=form)
    # The hour: a picture whose file could not be looked at is looked for again.
    told = (feed.feed_url, get_language(), columns(feed.site), f"{now:%Y-%m-%d %H}", said)
    written = _last_written.get(request.path)
    if written is None or written.told != told:
        answer = feed(request)
        written = _Written(told, answer.content, dict(answer.items()))
        _last_written[request.path] = written
    return HttpResponse(written.content, headers=written.headers)


@for_everybody()
@require_safe
def category_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return _topic_feed(request, get_object_or_404(Category, slug=slug))


@for_everybody()
@require_safe
def tag_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return _topic_feed(request, get_object_or_404(Tag, slug=slug))


@for_everybody()
@require_safe
def author_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return _topic_feed(request, get_object_or_404(Person, slug=slug))


def _topic_feed(request: HttpRequest, topic: Category | Tag | Person) -> HttpResponse:
    return PostFeed(request, with_text(topic.posts.published()), topic)(request)
