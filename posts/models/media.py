from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ketablog.markup import ImageData


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
    # The smaller files made of it (posts/renditions.py): {"avif": [480, 960], "webp": [480, 960]}.
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
        return ImageData(self.file.url, self.width, self.height, self.alt)


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
