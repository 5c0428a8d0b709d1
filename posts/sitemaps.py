"""For search engines: which pages there are, and which are not for them."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.core.paginator import Paginator
from django.db.models import Case, Exists, OuterRef, QuerySet, TextField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ketablog.pagecache.declared import for_everybody
from posts import archive
from posts.models import Category, Page, Person, Post, Tag

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Illustrated(TypedDict):
        illustrated: str

    IllustratedPost = WithAnnotations[Post, _Illustrated]

PICTURE = re.compile(r'<img\s[^>]*?\bsrc="([^"]+)"')


class OwnAddress(Sitemap):
    """Addresses as readers know them, whatever host was asked."""

    limit = 5000

    def parts(self) -> Paginator:
        return Paginator(self.items(), self.limit)  # type: ignore[arg-type]  # (lists and querysets, not any iterable)

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class HomeSitemap(OwnAddress):
    def items(self) -> list[str]:
        return ["post_list"]

    def location(self, item: str) -> str:
        return reverse(item)


class PostSitemap(OwnAddress):
    def items(self) -> QuerySet[Post]:
        illustrated = Case(
            When(body_html__contains="<img", then="body_html"), default=Value(""), output_field=TextField()
        )
        posts = Post.objects.published().newest_first().select_related("cover").annotate(illustrated=illustrated)
        return posts.only("slug", "published_at", "revised_at", "cover__file")

    def lastmod(self, item: Post) -> datetime | None:
        return item.changed_at

    def images(self, item: IllustratedPost) -> list[str]:
        """The addresses of an article's cover and of the pictures in its text, each once."""
        cover = [item.cover.file.url] if item.cover else []
        shown = [*cover, *map(unescape, PICTURE.findall(item.illustrated))]
        return [urljoin(settings.SITE_URL, address) for address in dict.fromkeys(shown)]

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict]:
        urls = super().get_urls(page, site, protocol)
        return [{**url, "images": self.images(url["item"])} for url in urls]


class PageSitemap(OwnAddress):
    def items(self) -> QuerySet[Page]:
        return Page.objects.only("path", "updated_at")

    def lastmod(self, item: Page) -> datetime:
        return item.updated_at


class TopicSitemap(OwnAddress):
    """What has at least one article that the public may read."""

    def items(self) -> list[Category | Tag | Person]:
        posts = Post.objects.published()
        return [
            *Category.objects.filter(Exists(posts.filter(category=OuterRef("pk")))),
            *Tag.objects.filter(Exists(posts.filter(tags=OuterRef("pk")))),
            *Person.objects.filter(Exists(posts.filter(writer=OuterRef("pk")))),
        ]


class ArchiveSitemap(OwnAddress):
    """The years and the months in which articles came out."""

    def items(self) -> list[archive.Year | archive.Month]:
        years = archive.years()
        return [*years, *(month for year in years for month in year.months)]


SITEMAPS: dict[str, type[OwnAddress]] = {
    "home": HomeSitemap,
    "posts": PostSitemap,
    "topics": TopicSitemap,
    "archive": ArchiveSitemap,
    "pages": PageSitemap,
}


@for_everybody()
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All addresses; where they are more than one file should hold, the list of its parts."""
    paginators = {section: kind().parts() for section, kind in SITEMAPS.items()}
    if sum(paginator.count for paginator in paginators.values()) <= OwnAddress.limit:
        return sitemap_view(request, sitemaps={**SITEMAPS}, template_name="posts/sitemap.xml")
    parts = [
        f"{settings.SITE_URL}{reverse('sitemap_part', args=[section])}{f'?p={number}' if number > 1 else ''}"
        for section, paginator in paginators.items()
        if paginator.count
        for number in paginator.page_range
    ]
    return render(request, "posts/sitemap_index.xml", {"parts": parts}, content_type="application/xml")


@for_everybody()
@require_safe
def sitemap_part(request: HttpRequest, section: str) -> HttpResponse:
    """One part of the list; 404 for one that there is not."""
    return sitemap_view(request, sitemaps={**SITEMAPS}, section=section, template_name="posts/sitemap.xml")


@for_everybody()
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /replies/",
        "Disallow: /posts/*/comments/",
        "Disallow: /comments/*/report/",
        "Disallow: /search/?",
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
