from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import gettext_lazy as _


class KetablogConfig(AppConfig):
    name = "ketablog"
    verbose_name = _("Site and staff")

    def ready(self) -> None:
        from ketablog import checks

        checks.register_all()
        # Packages that name themselves in English alone.
        apps.get_app_config("axes").verbose_name = _("Signing in")
        apps.get_app_config("django_tasks_database").verbose_name = _("Queue")


class AdminConfig(DjangoAdminConfig):
    default_site = "ketablog.admin_site.KetablogAdminSite"
