from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ketablog import markup, site
from posts.models.media import Image


class HasBody(models.Model):
    """A text from the editor: its source as given, and the safe HTML made of it at save."""

    body = models.TextField(_("text"), blank=True)
    body_html = models.TextField(editable=False, blank=True)
    body_policy = models.PositiveSmallIntegerField(editable=False, default=0)
    contents = models.JSONField(editable=False, default=list)

    class Meta:
        abstract = True

    def render_body(self) -> None:
        """Fill the derived columns from the source. A query for the site's language, one where the source shows images,
        one for the references.
        """
        ids = markup.image_ids(self.body)
        images = {image.pk: image.data for image in Image.objects.filter(pk__in=ids)} if ids else {}
        with site.in_force(site.current()):  # Commands, too, set the words that readers see.
            article = markup.render_article(self.body, images, self.reference_count)
        self.body_html, self.contents = article.html, article.contents
        self.body_policy = markup.POLICY_VERSION

    @property
    def reference_count(self) -> int:
        """How many references the text's marks can lead to."""
        return 0

    @property
    def marked(self) -> set[int]:
        """The numbers of the references that marks in the text lead to: `#mark-<number>` leads back."""
        return markup.linked_marks(self.body_html)

    @property
    def content(self) -> SafeString:
        """The text, for a template."""
        return markup.stored(self.body_html)
