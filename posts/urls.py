from django.urls import path, re_path

import posts.converters  # noqa: F401 (registers what stands in the addresses below)
from posts import cards, feeds, sitemaps, views

urlpatterns = [
    path("", views.post_list, name="post_list"),
    path("posts/<uslug:slug>/", views.post_detail, name="post_detail"),
    re_path(r"^posts/(?P<slug>[-\w]+)/card-(?P<digest>[0-9a-f]{16})\.png$", cards.post_card, name="post_card"),
    path("category/<uslug:slug>/", views.category_detail, name="category_detail"),
    path("tag/<uslug:slug>/", views.tag_detail, name="tag_detail"),
    path("author/<uslug:slug>/", views.author_detail, name="author_detail"),
    path("images/<int:pk>/", views.image_detail, name="image_detail"),
    path("feed/", feeds.post_feed, name="post_feed"),
    path("feed/atom/", feeds.post_feed_atom, name="post_feed_atom"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    # Last: whatever else looks like an address may be a page.
    path("<upath:path>/", views.page_detail, name="page_detail"),
]
