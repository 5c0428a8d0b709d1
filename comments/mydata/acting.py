"""What a reader does to all own replies. Each act is one transaction: all of them, or none."""

from collections.abc import Callable, Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import erasing, ledger, pseudonyms
from comments.models import Comment, DataAct
from comments.mydata.models import Kind
from comments.mydata.opening import Opened
from comments.notices.forgetting import forget_address
from ketablog import secrets
from ketablog.batches import SIZE


def erase(opened: Opened) -> int:
    """Texts and all. A place stays where others answered. Returns how many replies that were."""
    now, why = timezone.now(), erasing.because(Kind.ERASED)
    return _to_all(opened, Kind.ERASED, lambda ids: erasing.empty(ids, at=now, because=why))


def unname(opened: Opened) -> int:
    """All but the texts; nothing tells any more that one person wrote them. Returns how many replies that were."""
    name = _("Former reader")
    return _to_all(opened, Kind.UNNAMED, lambda ids: erasing.unname(ids, name=name), name)


def rename(opened: Opened) -> tuple[int, str]:
    """All but the texts, which bear one neutral name then. Returns how many replies that were, and the name."""
    name = pseudonyms.draw(Comment.objects.beside_those_of(opened.replies))
    return _to_all(opened, Kind.RENAMED, lambda ids: erasing.unname(ids, name=name), name), name


def _to_all(opened: Opened, kind: Kind, act: Callable[[Collection[int]], int], name: str = "") -> int:
    now = timezone.now()
    with transaction.atomic():
        replies = opened.replies.lock()
        for start in range(0, len(replies), SIZE):
            act([pk for pk, _written_at in replies[start : start + SIZE]])
        forget_address(secrets.address_indexes(opened.address))
        if replies:
            ledger.write(kind, replies, at=now, name=name)
            DataAct.objects.create(kind=kind, replies=len(replies), at=now)
    return len(replies)
