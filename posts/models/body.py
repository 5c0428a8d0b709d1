from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ketablog import markup
from posts.models.media import Image


class HasBody(models.Model):
    """A text from the editor: its source as given, and the safe HTML made of it at save."""

    body = models.TextField(_("text"), blank=True)
    body_html = models.TextField(editable=False, blank=True)
    body_policy = models.PositiveSmallIntegerField(editable=False, default=0)

    class Meta:
        abstract = True

    def render_body(self) -> None:
        """Fill the derived columns from the source. One query where the source shows images."""
        ids = markup.image_ids(self.body)
        images = {image.pk: image.data for image in Image.objects.filter(pk__in=ids)} if ids else {}
        self.body_html = markup.render_article(self.body, images)
        self.body_policy = markup.POLICY_VERSION

    @property
    def content(self) -> SafeString:
        """The text, for a template."""
        return markup.stored(self.body_html)
