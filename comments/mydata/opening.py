"""The link in the mail, which works once, and the key to the pages behind it, which works for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from comments.models import Comment, DataRequest
from comments.querysets import CommentQuerySet
from ketablog.secrets import CannotDecrypt, read_id, read_recent_id, sign_id, sign_id_for_now

LINK_WORKS_FOR = timedelta(hours=1)
OPEN_FOR = timedelta(minutes=30)
LINK, KEY = "my-data-link", "my-data-key"


@dataclass(frozen=True, slots=True)
class Opened:
    """Whoever has the `key` has opened the mailbox of the address within the last half hour."""

    key: str
    address: str
    until: datetime

    @property
    def replies(self) -> CommentQuerySet:
        """All replies of the address, on all articles, whatever became of them."""
        return Comment.objects.of_address(self.address)


def token_for(asked: DataRequest) -> str:
    """What makes the link. It is made with the mail, so that its hour begins then and no queue holds it."""
    return sign_id_for_now(LINK, asked.pk)


def find(token: str) -> DataRequest | None:
    """The request whose link this is; `None` where it is too old, was used, or is none. Nothing is changed."""
    number = read_recent_id(LINK, token, within=LINK_WORKS_FOR)
    return DataRequest.objects.unused().filter(pk=number).first() if number is not None else None


def use(asked: DataRequest) -> Opened | None:
    """Use the link up. `None` where somebody was quicker, and where no key opens the address any more."""
    now = timezone.now()
    if not DataRequest.objects.unused().filter(pk=asked.pk).update(used_at=now):
        return None
    return _opened(asked, now)


def opened_by(key: str) -> Opened | None:
    """What a key opens; `None` where that was a while ago, and for any other text."""
    number, since = read_id(KEY, key), timezone.now() - OPEN_FOR
    asked = DataRequest.objects.opened_since(since).filter(pk=number).first() if number is not None else None
    return _opened(asked, asked.used_at) if asked and asked.used_at else None


def _opened(asked: DataRequest, at: datetime) -> Opened | None:
    try:
        return Opened(sign_id(KEY, asked.pk), asked.email, at + OPEN_FOR)
    except CannotDecrypt:
        return None
