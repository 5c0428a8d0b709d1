from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class KetablogAdminSite(AdminSite):
    """Where staff write and moderate."""

    site_title = _("Staff")
    index_title = _("Start")

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        """With the clinic's name at the head of each page."""
        return {**super().each_context(request), "site_header": request.site.name}
