from django.urls import path

import posts.converters  # noqa: F401 (registers "uslug")
from comments import feeds, views

urlpatterns = [
    path("posts/<uslug:slug>/comments/", views.comment_create, name="comment_create"),
    path("comments/<int:pk>/", views.comment_detail, name="comment_detail"),
    path("comments/feed/", feeds.CommentFeed(), name="comment_feed"),
]
