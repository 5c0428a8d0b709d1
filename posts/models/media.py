from functools import lru_cache

from django.conf import settings
from django.core.files.storage import Storage
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ketablog.markup import ImageData, ImageSource

FORMATS = ("avif", "webp")  # Of the smaller files of an image, best first.


class Upload(models.Model):
    """A file that staff brought in. The file never changes; another file is another row."""

    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    class Meta:
        abstract = True


class Image(Upload):
    """A picture, re-encoded by us (`ketablog/uploads.py`), with the words that belong to it."""

    file = models.FileField(
        _("file"),
        upload_to="images/",
        help_text=_("JPEG, PNG, WebP, AVIF or GIF, up to 15 MB. Location data is removed."),
    )
    alt = models.CharField(
        _("description"),
        max_length=300,
        help_text=_("What the picture shows, for readers who cannot see it. One sentence."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=150, blank=True, help_text=_("Who made it."))
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    # The widths of the smaller files made of it (posts/renditions.py): {"avif": [320, 480], "webp": [320, 480]}.
    renditions = models.JSONField(editable=False, default=dict)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        """The address that stands in an article's source; it leads to the file."""
        return reverse("image_detail", args=[self.pk])

    @property
    def data(self) -> ImageData:
        return ImageData(self.file.url, self.width, self.height, self.alt, self.sources)

    @property
    def sources(self) -> tuple[ImageSource, ...]:
        """Its sizes, best format first, for the `source` elements of a picture; none before they are made."""
        found = []
        for format in FORMATS:
            sizes = [f"{self._url(width, format)} {width}w" for width in self.renditions.get(format, [])]
            if sizes and format == "webp":
                sizes.append(f"{self.file.url} {self.width}w")
            if sizes:
                found.append(ImageSource(f"image/{format}", ", ".join(sizes)))
        return tuple(found)

    @property
    def thumbnail_url(self) -> str:
        """The smallest file that every browser shows."""
        widths = self.renditions.get("webp")
        return self._url(widths[0], "webp") if widths else self.file.url

    def rendition_name(self, width: int, format: str) -> str:
        """The name of a smaller file, which derives from its own."""
        return f"{(self.file.name or '').rpartition('.')[0]}-{width}.{format}"

    @property
    def file_names(self) -> list[str]:
        """Its own file, and the smaller ones that are noted."""
        smaller = [self.rendition_name(width, format) for format, widths in self.renditions.items() for width in widths]
        return [self.file.name or "", *smaller]

    def _url(self, width: int, format: str) -> str:
        return _address(self.file.storage, self.rendition_name(width, format))


@lru_cache(5000)
def _address(storage: Storage, name: str) -> str:
    """Where a file of this name is, which never changes."""
    return storage.url(name)


class Attachment(Upload):
    """A leaflet to download."""

    file = models.FileField(_("file"), upload_to="leaflets/", help_text=_("PDF, up to 15 MB."))
    title = models.CharField(_("title"), max_length=150)
    size = models.PositiveIntegerField(_("size"), editable=False)
    pages = models.PositiveIntegerField(_("pages"), editable=False, null=True)

    class Meta:
        verbose_name = _("leaflet")
        verbose_name_plural = _("leaflets")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def file_names(self) -> list[str]:
        """All files that go with the row."""
        return [self.file.name or ""]
