from django.urls import path

import posts.converters  # noqa: F401 (registers "uslug")
from comments import feeds, views
from comments.mail_buttons.views import mail_button
from comments.mydata import views as mydata
from comments.notices.views import notices
from comments.own.views import own_reply
from comments.reports import views as reports

urlpatterns = [
    path("posts/<uslug:slug>/comments/", views.comment_create, name="comment_create"),
    path("comments/<int:pk>/", views.comment_detail, name="comment_detail"),
    path("comments/<int:pk>/thread/", views.thread_detail, name="thread_detail"),
    path("comments/<int:pk>/report/", reports.report_create, name="report_create"),
    path("posts/<uslug:slug>/reported/", reports.report_thanks, name="report_thanks"),
    path("replies/<str:token>/", own_reply, name="own_reply"),
    path("moderate/<str:token>/", mail_button, name="mail_button"),
    path("privacy/my-data/", mydata.ask, name="my_data"),
    path("privacy/my-data/asked/", mydata.asked, name="my_data_asked"),
    path("privacy/my-data/replies/", mydata.act, name="my_data_act"),
    path("privacy/my-data/<str:token>/", mydata.open_link, name="my_data_link"),
    path("notices/<str:token>/", notices, name="notices"),
    path("comments/feed/", feeds.comment_feed, name="comment_feed"),
    path("comments/names/", views.neutral_names, name="neutral_names"),
    path("posts/<uslug:slug>/feed/", feeds.post_comment_feed, name="post_comment_feed"),
]
