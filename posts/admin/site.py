"""Site settings know no pages, so what their links lead to is looked at here."""

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ketablog.admin import SiteSettingsAdmin
from ketablog.site import SiteSettings, in_force
from posts import addresses, appearances

admin.site.unregister(SiteSettings)


@admin.register(SiteSettings)
class LinkedSiteSettingsAdmin(SiteSettingsAdmin):
    def save_model(self, request: HttpRequest, obj: SiteSettings, form: ModelForm, change: bool) -> None:
        """Afterwards tell which of the links lead nowhere; they are saved all the same."""
        super().save_model(request, obj, form, change)
        if "language" in form.changed_data:
            appearances.render_all_again_later()
            with in_force(obj):
                messages.info(request, _("Our own words in your articles, such as “Note”, follow in a moment."))
        links = [*obj.navigation_links, *obj.footer_link_list, *obj.form_link_list]
        own = dict.fromkeys(link.url for link in links if link.url.startswith("/"))
        for url in addresses.leading_nowhere(own):
            sentence = _("Saved, but there is nothing at %(url)s for readers yet. Add the page, or correct the link.")
            messages.warning(request, sentence % {"url": url})
