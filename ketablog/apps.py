from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import gettext_lazy as _


class KetablogConfig(AppConfig):
    name = "ketablog"
    verbose_name = _("Site and staff")

    def ready(self) -> None:
        from ketablog import checks

        checks.register_all()


class AdminConfig(DjangoAdminConfig):
    default_site = "ketablog.admin_site.KetablogAdminSite"
