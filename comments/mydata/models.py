from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ketablog.secrets import address_index, address_indexes, decrypt, encrypt

KEPT_FOR = timedelta(days=1)


def new_number() -> int:
    """Drawn, not counted: after an older backup, no link that is still on its way opens somebody else's request."""
    return secrets.randbelow(2**62)


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def unused(self) -> DataRequestQuerySet:
        return self.filter(used_at__isnull=True)

    def opened_since(self, moment: datetime) -> DataRequestQuerySet:
        return self.filter(used_at__gt=moment)

    def old(self) -> DataRequestQuerySet:
        """What is to be forgotten."""
        return self.filter(asked_at__lte=timezone.now() - KEPT_FOR)

    def young(self) -> DataRequestQuerySet:
        """What is still to be answered."""
        return self.filter(asked_at__gt=timezone.now() - KEPT_FOR)

    def before_on_its_day(self, request: DataRequest) -> DataRequestQuerySet:
        """What was asked for the same address on the same UTC day, and earlier."""
        midnight = request.asked_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        same = self.filter(email_index__in=address_indexes(request.email), asked_at__gte=midnight)
        earlier = models.Q(asked_at__lt=request.asked_at) | models.Q(asked_at=request.asked_at, pk__lt=request.pk)
        return same.filter(earlier)


class DataRequest(models.Model):
    """Somebody typed an address and asked what is stored of it: written down whether or not we know it."""

    id = models.BigIntegerField(primary_key=True, default=new_number, editable=False)
    email_encrypted = models.CharField(max_length=600, editable=False)
    email_index = models.CharField(max_length=90, editable=False, db_index=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    used_at = models.DateTimeField(null=True, editable=False)

    objects = DataRequestQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def email(self) -> str:
        """The address in clear. Raises `secrets.CannotDecrypt`."""
        return decrypt(self.email_encrypted)

    @email.setter
    def email(self, address: str) -> None:
        self.email_encrypted, self.email_index = encrypt(address), address_index(address)


class Kind(models.TextChoices):
    """How replies were erased."""

    WITHDRAWN = "withdrawn", _("withdrawn on its own page")
    ERASED = "erased", _("erased with the texts")
    UNNAMED = "unnamed", _("erased without the texts")
    RENAMED = "renamed", _("given a neutral name")
    DELETED = "deleted", _("deleted by staff")


class DataAct(models.Model):
    """That a reader did something to all own replies: how many they were, and nothing that says whose."""

    kind = models.CharField(_("what was done"), max_length=10, choices=Kind.choices)
    replies = models.PositiveIntegerField(_("replies"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("request to erase")
        verbose_name_plural = _("requests to erase")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"


class Erasure(models.Model):
    """That one reply was erased, so that it is again after an older backup was restored.

    It points to no row, as it outlives the reply. `written_at` tells the reply from another one that got its number
    after an older backup; `name` is the neutral one that it was given.
    """

    reply = models.BigIntegerField()
    written_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["reply", "written_at", "kind"], name="erasure_once")]

    def __str__(self) -> str:
        return f"{self.reply}: {self.kind}"
