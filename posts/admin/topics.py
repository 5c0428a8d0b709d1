from django.contrib import admin

from posts.admin.addresses import KeepsFormerAddress
from posts.forms import KeepsAddress
from posts.models import Category, Tag


class TopicAdmin(KeepsFormerAddress):
    form = KeepsAddress
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def view_on_site(self, topic: Category | Tag) -> str:
        return topic.get_absolute_url()


@admin.register(Category)
class CategoryAdmin(TopicAdmin):
    fields = ["name", "description", "slug"]


@admin.register(Tag)
class TagAdmin(TopicAdmin):
    fields = ["name", "slug"]
