from django.db import models
from django.utils.translation import gettext_lazy as _

from ketablog.paths import path_of
from posts.models.slugs import free_slug
from posts.querysets import TopicQuerySet


class Topic(models.Model):
    """What categories and tags have in common: a name and an address of their own."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, blank=True, allow_unicode=True, help_text=_("Made from the name.")
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.slug = self.slug or free_slug(self, self.name)
        super().save(*args, **kwargs)


class Category(Topic):
    description = models.TextField(_("description"), blank=True, help_text=_("A sentence or two under its heading."))

    replies_open = models.BooleanField(
        _("replies are open"), default=True, help_text=_("Off closes the replies of all its articles at once.")
    )

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name"]

    def get_absolute_url(self) -> str:
        return path_of("category_detail", self.slug)


class Tag(Topic):
    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def get_absolute_url(self) -> str:
        return path_of("tag_detail", self.slug)
