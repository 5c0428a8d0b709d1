"""Choosing an image from the library, in any form that shows one."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.db.models import ForeignKey
from django.forms import Media, Script
from django.http import HttpRequest


class ImagePicker(ForeignKeyRawIdWidget):
    """The number of an image, for which `admin-images.js` puts the image itself and the library's dialog."""

    @property
    def media(self) -> Media:
        return super().media + Media(
            css={"all": ["css/admin-editor.css"]},
            js=[Script("js/admin-images.js", type="module")],  # type: ignore[list-item]
        )


class PicksImages(ModelAdmin):
    """For the admin of a model whose `raw_id_fields` are images."""

    change_form_template = "admin/posts/with_images.html"

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.raw_id_fields:
            kwargs["widget"] = ImagePicker(db_field.remote_field, self.admin_site, attrs={"data-image-picker": ""})
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
