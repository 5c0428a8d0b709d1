from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class KetablogAdminSite(AdminSite):
    """Where staff write and moderate. The clinic's name at its head is in `templates/admin/base_site.html`."""

    index_title = _("Start")
