from django.contrib import admin

from posts.admin.addresses import KeepsFormerAddress
from posts.admin.image_picker import PicksImages
from posts.forms import PageForm
from posts.models import Page


@admin.register(Page)
class PageAdmin(KeepsFormerAddress, PicksImages):
    form = PageForm
    list_display = ["title", "path", "updated_at"]
    search_fields = ["title", "path", "body"]

    def view_on_site(self, page: Page) -> str:
        return page.get_absolute_url()
