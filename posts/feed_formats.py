"""How a feed is written: RSS 2.0, Atom, and JSON Feed 1.1.

Beyond what Django knows of an item, `text` is its whole HTML and `stored_at` the last time it was changed in any way.
"""

import json
from datetime import UTC, datetime
from html import unescape
from typing import IO

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.http import http_date
from django.utils.xmlutils import SimplerXMLGenerator

from posts.metadata import without_gaps

BEFORE_ALL = datetime.fromtimestamp(0, UTC)


class _Dated(SyndicationFeed):
    def latest_post_date(self) -> datetime:
        """The newest change, and never the present time: the same articles give the same bytes."""
        return max((item["stored_at"] for item in self.items), default=BEFORE_ALL)


class RssFeed(_Dated, Rss201rev2Feed):
    """RSS with the whole text beside the summary, and with the time of the last change."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        if item["updateddate"]:
            handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        if "text" in item:
            handler.addQuickElement("content:encoded", item["text"])


class AtomFeed(_Dated, Atom1Feed):
    """Atom with the whole text beside the summary."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["text"], {"type": "html"})


class JSONFeed(_Dated):
    """JSON Feed, https://www.jsonfeed.org/version/1.1/"""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO, encoding: str) -> None:
        whole: dict[str, object] = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
        }
        # A feed without items has an empty list of them.
        whole = {**without_gaps(whole), "items": [without_gaps(self._item(item)) for item in self.items]}
        outfile.write(json.dumps(whole, ensure_ascii=False).encode(encoding))

    def _item(self, item: dict) -> dict[str, object]:
        attachments = [
            {"url": file.url, "mime_type": file.mime_type, "size_in_bytes": int(file.length)}
            for file in item["enclosures"]
        ]
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": unescape(item["description"]),
            "content_html": item["text"],
            "image": item["image"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": [{"name": item["author_name"], "url": item["author_link"]}],
            "tags": item["categories"],
            "attachments": attachments,
        }


class DatedFeed(Feed):
    """A feed that tells when it last changed; an empty one does not know."""

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        if response.headers["Last-Modified"] == http_date(0):
            del response.headers["Last-Modified"]
        return response
