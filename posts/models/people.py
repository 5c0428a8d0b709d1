from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ketablog.paths import path_of
from posts.models.slugs import free_slug


class Person(models.Model):
    """Somebody who writes or reviews, with or without an account of their own."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(
        _("slug"), max_length=120, unique=True, blank=True, allow_unicode=True, help_text=_("Made from the name.")
    )
    credentials = models.CharField(
        _("credentials"), max_length=80, blank=True, help_text=_("As they stand behind the name, such as: MD, PhD")
    )
    role = models.CharField(_("role"), max_length=100, blank=True, help_text=_("Such as: Anesthesiologist"))
    bio = models.TextField(_("about"), blank=True, help_text=_("Two or three sentences for readers."))
    photo = models.ForeignKey(
        "posts.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
        help_text=_("Lets this person sign reviews and hear of replies to own articles."),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def save(self, *args, **kwargs) -> None:
        self.slug = self.slug or free_slug(self, self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return path_of("author_detail", self.slug)
