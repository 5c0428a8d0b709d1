from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ketablog.secrets import CannotDecrypt, address_indexes

if TYPE_CHECKING:
    from comments.models import Comment
    from ketablog.models import User
    from ketablog.prepared import Given


class BanQuerySet(models.QuerySet["Ban"]):
    def in_force(self) -> BanQuerySet:
        return self.filter(lifted_at__isnull=True)

    def touching(self, comments: Iterable[Comment]) -> BanQuerySet:
        """Those that are in force against the writer of one of these replies."""
        comments = list(comments)
        writers = {comment.writer for comment in comments} - {""}
        addresses = {index for comment in comments for index in indexes_of(comment)}
        return self.naming(writers, addresses)

    def naming(self, writers: Iterable[str | Given], addresses: Iterable[str | Given]) -> BanQuerySet:
        """Those that are in force against one of these keys or addresses, as they are stored."""
        return self.in_force().filter(Q(writer__in=writers) | Q(email_index__in=addresses))

    def lift(self, *, by: User) -> int:
        """Let them end. What their writers were known by is erased. Returns how many were in force."""
        return self.in_force().update(writer="", email_index="", lifted_at=timezone.now(), lifted_by=by)


class Ban(models.Model):
    """What the writer of one reply sends from now on is spam. It knows the writer by codes, and holds no more."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.SET_NULL, null=True, related_name="bans", verbose_name=_("reply")
    )
    writer = models.CharField(max_length=32, blank=True, editable=False, db_index=True)
    email_index = models.CharField(max_length=90, blank=True, editable=False, db_index=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("lifted by"),
    )

    objects = BanQuerySet.as_manager()

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return _("Ban %(number)s") % {"number": self.pk}


def indexes_of(comment: Comment) -> list[str]:
    """The codes under which the address of a reply may be known; none where it has no address."""
    try:
        known = address_indexes(comment.email)
    except CannotDecrypt:
        known = []
    return known or ([comment.email_index] if comment.email_index else [])
