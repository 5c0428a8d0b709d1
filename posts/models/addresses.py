from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerAddress(models.Model):
    """An address that something public had, and the one it has now: paths, with a query where one is needed."""

    path = models.CharField(_("old address"), max_length=500, unique=True)
    target = models.CharField(_("leads to"), max_length=500, db_index=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path
