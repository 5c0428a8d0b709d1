"""The library of images, and leaflets. A file never changes: another file is another row."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from ketablog import uploads
from ketablog.markup import one_line
from posts import appearances, renditions
from posts.forms import AttachmentForm, ImageForm
from posts.models import Attachment, Image, Page

IMAGES_A_PAGE = 24


class UploadAdmin(admin.ModelAdmin):
    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*self.readonly_fields, *(["file"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Image | Attachment, form: ModelForm, change: bool) -> None:
        if not change:
            obj.uploaded_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Image | Attachment) -> None:
        names = obj.file_names
        super().delete_model(request, obj)
        transaction.on_commit(partial(uploads.remove, names))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        names = [name for row in queryset for name in row.file_names]
        super().delete_queryset(request, queryset)
        transaction.on_commit(partial(uploads.remove, names))


@admin.register(Image)
class ImageAdmin(UploadAdmin):
    """With two addresses that answer the dialog in the forms: the library's pages, and an upload."""

    form = ImageForm
    list_display = ["thumbnail", "alt", "caption", "credit", "size", "uploaded_at", "uploaded_by"]
    list_display_links = ["alt"]
    list_select_related = ["uploaded_by"]
    list_per_page = 50
    search_fields = ["alt", "caption", "credit"]
    readonly_fields = ["preview", "size", "uploaded_at", "uploaded_by"]

    @admin.display(description=_("image"))
    def thumbnail(self, image: Image) -> SafeString:
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', image.thumbnail_url)

    @admin.display(description=_("image"))
    def preview(self, image: Image) -> SafeString:
        return format_html('<img class="preview" src="{}" alt="{}">', image.file.url, image.alt)

    @admin.display(description=_("size"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    def view_on_site(self, image: Image) -> str:
        return image.file.url

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        words = ["alt", "caption", "credit"]
        return ["preview", *words, "file", "size", "uploaded_at", "uploaded_by"] if obj else ["file", *words]

    def save_model(self, request: HttpRequest, obj: Image, form: ModelForm, change: bool) -> None:  # type: ignore[override]
        super().save_model(request, obj, form, change)
        if not change:
            renditions.make_later(obj)
        elif form.has_changed():
            appearances.render_again_later(obj.pk)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        """An image is not deleted while a text shows it; `protected` then names that text."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        shown = [_link(row) for row in appearances.showing(image.pk for image in objs)]
        return to_delete, counts, lacking, [*protected, *shown]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("library/", self.admin_site.admin_view(require_safe(self.library)), name="posts_image_library"),
            path("upload/", self.admin_site.admin_view(require_POST(self.upload)), name="posts_image_upload"),
        ]
        return [*own, *super().get_urls()]

    def library(self, request: HttpRequest) -> HttpResponse:
        """A page of the library, newest first: `?q=` searches, `?page=` counts from 1."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = one_line(request.GET.get("q", ""))
        found, _duplicates = self.get_search_results(request, self.get_queryset(request), asked)
        page = Paginator(found, IMAGES_A_PAGE).get_page(request.GET.get("page"))
        images = [as_data(image) for image in page]
        return JsonResponse({"images": images, "next": page.next_page_number() if page.has_next() else None})

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Take an image into the library: 201 with it, or 422 with a list of sentences for each wrong field."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImageForm(request.POST, request.FILES)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        image = form.save(commit=False)
        with transaction.atomic():
            self.save_model(request, image, form, change=False)
            self.log_addition(request, image, [{"added": {}}])
        return JsonResponse(as_data(image), status=HTTPStatus.CREATED)


def _link(row: appearances.Shows) -> SafeString:
    kind = _("text of the page") if isinstance(row, Page) else _("text of the article")
    address = reverse(f"admin:posts_{row._meta.model_name}_change", args=[row.pk])
    return format_html('{}: <a href="{}">{}</a>', kind, address, row)


def as_data(image: Image) -> dict[str, object]:
    """What the dialog needs of an image. `address` is what an article's source holds."""
    return {
        "id": image.pk,
        "address": image.get_absolute_url(),
        "src": image.file.url,
        "thumbnail": image.thumbnail_url,
        "alt": image.alt,
        "caption": f"{image.caption} ({image.credit})" if image.caption and image.credit else image.caption,
    }


@admin.register(Attachment)
class AttachmentAdmin(UploadAdmin):
    form = AttachmentForm
    list_display = ["title", "file", "pages", "shown_size", "uploaded_at", "uploaded_by"]
    list_select_related = ["uploaded_by"]
    search_fields = ["title"]
    fields = ["title", "file"]

    @admin.display(description=_("size"), ordering="size")
    def shown_size(self, leaflet: Attachment) -> str:
        return filesizeformat(leaflet.size)
