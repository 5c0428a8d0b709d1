"""Former addresses: kept whenever staff change one, and a list of them all."""

import re
from typing import Any
from urllib.parse import unquote

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from posts import addresses
from posts.models import FormerAddress

# A second slash, or a backslash, which browsers take for one, would lead to another host.
OWN_ADDRESS = re.compile(r"/(?![/\\])[^\s\\#\x00-\x1f\x7f]*")
ASKED_AT_HOME = re.compile(rf"(?:{'|'.join(addresses.ASKED_AT_HOME)})=[^&]+")


class KeepsFormerAddress(ModelAdmin):
    """For the admin of a model whose rows have addresses: a changed one's former address leads to its new one."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        before = addresses.known_address(obj) if change else ""
        super().save_model(request, obj, form, change)
        addresses.keep(obj, before)


class FormerAddressForm(ModelForm):
    """An old address that somebody knows of, such as one of the clinic's former website."""

    class Meta:
        model = FormerAddress
        fields = ["path", "target"]
        help_texts = {
            "path": _("As it was on this host, such as /2019/05/on-sleep/ or /?p=123"),
            "target": _("An address of this site, such as /posts/on-sleep/"),
        }

    def clean_path(self) -> str:
        path = own_address(self.cleaned_data["path"])
        before, _mark, query = path.partition("?")
        if query and (before != "/" or not ASKED_AT_HOME.fullmatch(query)):
            raise ValidationError(gettext("With a question mark, only addresses such as /?p=123 can be followed."))
        if not query and addresses.is_served(path):
            raise ValidationError(gettext("Readers find something at this address now, so it is not a former one."))
        return path

    def clean_target(self) -> str:
        target = own_address(self.cleaned_data["target"])
        if not addresses.is_served(target.partition("?")[0]):
            target = addresses.followed(target)
        if target == self.cleaned_data.get("path"):
            raise ValidationError(gettext("An address cannot lead to itself."))
        return target


def own_address(text: str) -> str:
    """A path on this host, with its query where there is one, in its own letters. Raises `ValidationError`."""
    path, mark, query = text.partition("?")
    address = unquote(path) + mark + query
    if not OWN_ADDRESS.fullmatch(address):
        raise ValidationError(gettext("Write it like /about/team/, with a slash first and without the site's name."))
    return address


@admin.register(FormerAddress)
class FormerAddressAdmin(ModelAdmin):
    form = FormerAddressForm
    list_display = ["path", "target"]
    list_display_links = None
    list_per_page = 100
    search_fields = ["path", "target"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: FormerAddress, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        addresses.moved(obj.path, obj.target)
