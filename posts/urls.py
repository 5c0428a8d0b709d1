from django.urls import path, re_path

import posts.converters  # noqa: F401 (registers what stands in the addresses below)
from posts import cards, feeds, mastodon, sitemaps, views
from posts.search import views as search_views

urlpatterns = [
    path("", views.post_list, name="post_list"),
    path("posts/<uslug:slug>/", views.post_detail, name="post_detail"),
    path("posts/<uslug:slug>/share/mastodon/", mastodon.share_on_mastodon, name="share_on_mastodon"),
    re_path(r"^posts/(?P<slug>[-\w]+)/card-(?P<digest>[0-9a-f]{16})\.png$", cards.post_card, name="post_card"),
    path("category/<uslug:slug>/", views.category_detail, name="category_detail"),
    path("tag/<uslug:slug>/", views.tag_detail, name="tag_detail"),
    path("author/<uslug:slug>/", views.author_detail, name="author_detail"),
    path("archive/", views.archive_list, name="archive_list"),
    path("archive/<yyyy:year>/", views.archive_year, name="archive_year"),
    path("archive/<yyyy:year>/<mm:month>/", views.archive_month, name="archive_month"),
    path("images/<int:pk>/", views.image_detail, name="image_detail"),
    path("search/", search_views.search, name="search"),
    path("opensearch.xml", search_views.opensearch, name="opensearch"),
    path("feed/", feeds.post_feed, name="post_feed"),
    path("feed/atom/", feeds.post_feed_atom, name="post_feed_atom"),
    path("feed.json", feeds.post_feed_json, name="post_feed_json"),
    path("category/<uslug:slug>/feed/", feeds.category_feed, name="category_feed"),
    path("tag/<uslug:slug>/feed/", feeds.tag_feed, name="tag_feed"),
    path("author/<uslug:slug>/feed/", feeds.author_feed, name="author_feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap_part, name="sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
    # Last: whatever else looks like an address may be a page.
    path("<upath:path>/", views.page_detail, name="page_detail"),
]
