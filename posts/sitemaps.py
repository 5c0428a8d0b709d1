"""For search engines: which pages there are, and which are not for them."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from posts.models import Category, Page, Person, Post, Tag


class OwnAddress(Sitemap):
    """Addresses as readers know them, whatever host was asked."""

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
        return Post.objects.published().newest_first().only("slug", "published_at", "revised_at")

    def lastmod(self, item: Post) -> datetime | None:
        return item.changed_at


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
            *Category.objects.filter(pk__in=posts.values("category")),
            *Tag.objects.filter(pk__in=posts.values("tags")),
            *Person.objects.filter(pk__in=posts.values("writer")),
        ]


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {
    "home": HomeSitemap,
    "posts": PostSitemap,
    "topics": TopicSitemap,
    "pages": PageSitemap,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemap_view(request, sitemaps=SITEMAPS)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /replies/", ""]
    lines += [f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
