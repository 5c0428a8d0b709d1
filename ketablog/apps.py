from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KetablogConfig(AppConfig):
    name = "ketablog"
    verbose_name = _("Site and staff")
    # Models whose rows no reader ever sees, so that writing to them leaves stored pages as they are.
    never_shown = {
        "Change",
        "DemoRow",
        "Tally",
        "User_groups",
        "User_user_permissions",
    }

    def ready(self) -> None:
        from ketablog import checks
        from ketablog.pagecache import freshness

        checks.register_all()
        connection_created.connect(freshness.watch)
        post_migrate.connect(freshness.renew_after_migrating, sender=self)
        # Packages that name themselves in English alone.
        apps.get_app_config("axes").verbose_name = _("Signing in")
        apps.get_app_config("django_tasks_database").verbose_name = _("Queue")


class AdminConfig(DjangoAdminConfig):
    default_site = "ketablog.admin_site.KetablogAdminSite"
