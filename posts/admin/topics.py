from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from posts import search
from posts.admin.addresses import KeepsFormerAddress
from posts.forms import KeepsAddress
from posts.models import Category, Post, Tag


class TopicAdmin(KeepsFormerAddress):
    form = KeepsAddress
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def view_on_site(self, topic: Category | Tag) -> str:
        return topic.get_absolute_url()


@admin.register(Category)
class CategoryAdmin(TopicAdmin):
    fields = ["name", "description", "replies_open", "slug"]
    list_display = ["name", "slug", "replies_open"]


@admin.register(Tag)
class TagAdmin(TopicAdmin):
    """Articles are found by the names of their tags, so the search hears of each change."""

    fields = ["name", "slug"]

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        search.index(obj.posts.all(), and_likeness=False)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        posts = list(obj.posts.all())
        super().delete_model(request, obj)
        search.index(posts, and_likeness=False)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        posts = list(Post.objects.having_tags(queryset))
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            search.index(posts, and_likeness=False)
