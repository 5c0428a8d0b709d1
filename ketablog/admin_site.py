from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class KetablogAdminSite(AdminSite):
    """Where staff write and moderate."""

    site_title = _("Staff")
    index_title = _("Start")
