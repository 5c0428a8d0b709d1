from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from ketablog.markup import plain_text
from posts.models.body import HasBody

SUMMARY_LENGTH = 160


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

    @property
    def summary(self) -> str:
        """The first words of its text, for search engines and shared links."""
        return Truncator(plain_text(self.body_html).replace("\n", " ")).chars(SUMMARY_LENGTH)

    def get_absolute_url(self) -> str:
        return f"/{self.path}/"
