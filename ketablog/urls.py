from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path, re_path

from ketablog import icons, views
from ketablog.passwords import NewPasswordView

urlpatterns = [
    # Named as Django's admin looks for them; the first name puts the link on its sign-in page.
    path("admin/password/", NewPasswordView.as_view(), name="admin_password_reset"),
    path("admin/password/sent/", auth_views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "admin/password/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("admin/password/done/", auth_views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    re_path(r"^theme-(?P<digest>[0-9a-f]{12})\.css$", views.theme_css, name="theme_css"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", icons.favicon, name="favicon"),
    path("manifest.webmanifest", icons.manifest, name="manifest"),
    path("media/<path:path>", views.media, name="media"),
    path("", include("comments.urls")),
    path("", include("posts.urls")),
]

handler400 = "ketablog.views.bad_request"
handler403 = "ketablog.views.permission_denied"
handler404 = "posts.views.not_found"
handler500 = "ketablog.views.server_error"
