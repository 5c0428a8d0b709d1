"""Which replies are watched for their writers: begun with the form or on the own page, ended with the reply."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction

from comments.notices.models import NoticeAddress, Watch
from ketablog import secrets

if TYPE_CHECKING:
    from comments.models import Comment


def begin(comment: Comment) -> None:
    """Watch a reply for its writer, who gave an address with it. Nothing is sent by this.

    An address that was stopped stays so: only its owner starts it again.
    """
    email = comment.email
    with transaction.atomic():
        row = NoticeAddress.objects.of(email).hold()
        if row is None:
            index, stored = secrets.address_index(email), secrets.encrypt(email)
            row, _is_new = NoticeAddress.objects.get_or_create(email_index=index, defaults={"email_encrypted": stored})
        elif not row.is_stopped and not row.email_encrypted:
            row.email = email
            row.save(update_fields=["email_encrypted", "email_index"])
        Watch.objects.get_or_create(comment=comment, defaults={"address": row})


def end(replies: Collection[int]) -> None:
    """Watch these replies no longer, and forget the addresses of which that was all."""
    with transaction.atomic():
        watched = NoticeAddress.objects.filter(watches__comment__in=replies).values("pk")
        addresses = NoticeAddress.objects.filter(pk__in=watched).order_by("pk").select_for_update()
        if ids := list(addresses.values_list("pk", flat=True)):
            Watch.objects.filter(comment__in=replies).delete()
            NoticeAddress.objects.let_go(ids)


def state(comment: Comment) -> str:
    """What the writer of a reply is told of its notices: none, off, asked, written or on.

    "on" is said only where the owner of the address said so after this reply asked for it. Otherwise who typed the
    address of somebody else would learn from it that this person writes here.
    """
    if comment.user_id is not None or not comment.email_encrypted:
        return "none"
    watch = Watch.objects.select_related("address").filter(comment=comment).first()
    if watch is None:
        return "off"
    if watch.address.is_confirmed and watch.was_confirmed_by(watch.address.confirmed_at):
        return "on"
    return "written" if comment.is_approved else "asked"
