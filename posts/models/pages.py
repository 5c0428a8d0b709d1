import re

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ketablog.markup import plain_text
from posts.models.body import HasBody

LONGEST_SUMMARY = 160
# Not after a few letters, or "Dr." would be a sentence.
FIRST_SENTENCE = re.compile(r".{40,159}?[.!?…。！？؟۔](?=\s|$)")
HEADING = re.compile(r"<h\d\b.*?</h\d>", re.DOTALL)


class Page(HasBody):
    """A page that is no article: about, privacy, contact."""

    path = models.CharField(
        _("address"),
        max_length=100,
        unique=True,
        validators=[RegexValidator(r"^[\w-]+(/[\w-]+)*\Z", _("Write it like: about or about/team."))],
        help_text=_("Without slashes at its ends, such as: about or about/team"),
    )
    title = models.CharField(_("title"), max_length=150)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.render_body()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"/{self.path}/"

    @property
    def summary(self) -> str:
        """How its text begins: the first sentence, or as many words as search engines show."""
        text = " ".join(plain_text(HEADING.sub("", self.body_html)).split())
        if len(text) <= LONGEST_SUMMARY:
            return text
        if sentence := FIRST_SENTENCE.match(text):
            return sentence[0]
        beginning = text[:LONGEST_SUMMARY]
        return (beginning.rpartition(" ")[0] or beginning[:-1]) + "…"
