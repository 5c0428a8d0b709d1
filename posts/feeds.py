"""The newest articles with their full text, as RSS and as Atom."""

import re
from datetime import datetime
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.template import loader
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from ketablog import site
from ketablog.markup import one_line
from ketablog.site import SiteSettings
from posts.models import Post

NEWEST = 20
LINKED = re.compile(r'(<(?:a|img)(?:\s[\w-]+="[^"]*")*?\s(?:href|src)=")([^"]*)"')
SIZES = re.compile(r"</?picture>|<source [^>]*>")
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def stand_alone(html: str, address: str) -> str:
    """Safe HTML as it can be read elsewhere: its links and images lead to `address`, in characters XML allows.

    An image comes in its one plain size: the addresses of the others would lead nowhere.
    """
    absolute = LINKED.sub(lambda m: f'{m[1]}{escape(urljoin(address, unescape(m[2])))}"', SIZES.sub("", html))
    return NOT_IN_XML.sub("", absolute)


class RssWithText(Rss201rev2Feed):
    """RSS with the full text beside the summary."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["text"])


class AtomWithText(Atom1Feed):
    """Atom with the full text beside the summary."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["text"], {"type": "html"})


class PostFeed(Feed):
    feed_type: type[SyndicationFeed] = RssWithText
    route = "post_feed"

    def get_object(self, request: HttpRequest) -> SiteSettings:
        return site.of(request)

    def title(self, site: SiteSettings) -> str:
        return one_line(site.name)

    def description(self, site: SiteSettings) -> str:
        return one_line(site.tagline)

    subtitle = description

    def link(self) -> str:
        return settings.SITE_URL + reverse("post_list")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse(self.route)

    def items(self):
        return Post.objects.published().newest_first().for_page()[:NEWEST]

    def item_title(self, item: Post) -> str:
        return one_line(item.title)

    def item_description(self, item: Post) -> str:
        return one_line(item.standfirst)

    def item_link(self, item: Post) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    item_guid_is_permalink = False

    def item_guid(self, item: Post) -> str:
        """A name that stays when the title, the slug or the time of publication changes."""
        return f"tag:{urlsplit(settings.SITE_URL).hostname},{item.created_at:%Y-%m-%d}:posts/{item.pk}"

    def item_author_name(self, item: Post) -> str:
        return one_line(str(item.writer))

    def item_pubdate(self, item: Post) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Post) -> datetime | None:
        return item.changed_at

    def item_categories(self, item: Post) -> list[str]:
        topics = [item.category] if item.category else []
        return [one_line(topic.name) for topic in [*topics, *item.tags.all()]]

    def item_extra_kwargs(self, item: Post) -> dict[str, str]:
        text = loader.render_to_string("posts/_feed_text.html", {"post": item})
        return {"text": stand_alone(text, self.item_link(item))}


class PostFeedAtom(PostFeed):
    feed_type = AtomWithText
    route = "post_feed_atom"


post_feed = require_safe(PostFeed())
post_feed_atom = require_safe(PostFeedAtom())
