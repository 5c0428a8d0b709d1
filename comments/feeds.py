from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.models import Comment
from ketablog import site
from ketablog.markup import one_line
from posts.feeds import stand_alone

NEWEST = 30


class CommentFeed(Feed):
    """The newest replies of all articles: names and texts, never an address."""

    def get_object(self, request: HttpRequest) -> site.SiteSettings:
        return site.of(request)

    def title(self, obj: site.SiteSettings) -> str:
        return _("%(name)s: replies") % {"name": obj.name}

    def description(self, obj: site.SiteSettings) -> str:
        return _("The newest replies to all articles.")

    def link(self) -> str:
        return reverse("post_list")

    def items(self):
        return Comment.objects.visible().select_related("post").order_by("-created_at", "-pk")[:NEWEST]

    def item_title(self, item: Comment) -> str:
        return _("%(name)s on “%(title)s”") % {"name": item.name, "title": one_line(item.post.title)}

    def item_description(self, item: Comment) -> str:
        return stand_alone(item.html, f"{settings.SITE_URL}{item.post.get_absolute_url()}")

    def item_author_name(self, item: Comment) -> str:
        return item.name

    def item_pubdate(self, item: Comment):
        return item.created_at
