from django.urls import path

import posts.converters  # noqa: F401 (registers what stands in the addresses below)
from posts import feeds, sitemaps, views
from posts.search import views as search_views

urlpatterns = [
    path("", views.post_list, name="post_list"),
    path("posts/<uslug:slug>/", views.post_detail, name="post_detail"),
    path("category/<uslug:slug>/", views.category_detail, name="category_detail"),
    path("tag/<uslug:slug>/", views.tag_detail, name="tag_detail"),
    path("author/<uslug:slug>/", views.author_detail, name="author_detail"),
    path("images/<int:pk>/", views.image_detail, name="image_detail"),
    path("search/", search_views.search, name="search"),
    path("opensearch.xml", search_views.opensearch, name="opensearch"),
    path("feed/", feeds.post_feed, name="post_feed"),
    path("feed/atom/", feeds.post_feed_atom, name="post_feed_atom"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    # Last: whatever else looks like an address may be a page.
    path("<upath:path>/", views.page_detail, name="page_detail"),
]
