"""How notices are forgotten: with what they are about, when nobody said that they are wanted, and on demand."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from comments.models import Comment
from comments.notices.models import Notice, NoticeAddress, NoticeAddressQuerySet, Watch
from comments.querysets import CommentQuerySet
from ketablog.batches import in_batches


def unconfirmed(until: datetime) -> NoticeAddressQuerySet:
    """Those that nobody confirmed until then, asked or not; while a reply of theirs waits they may yet be asked."""
    waiting = Watch.objects.filter(address=OuterRef("pk"), comment__status=Comment.Status.PENDING)
    begun = NoticeAddress.objects.unconfirmed().alias(begun=Coalesce("asked_at", "created_at"))
    return begun.filter(begun__lte=until).filter(~Exists(waiting))


def forget(until: datetime) -> int:
    """Forget addresses that were not confirmed until then, and those for which nothing is watched any longer. A reply
    whose own address was erased is watched no longer. Returns how many addresses went."""
    done = 0
    for watches in in_batches(Watch.objects.filter(comment__email_encrypted="").only("comment")):
        Watch.objects.filter(pk__in=[watch.pk for watch in watches]).delete()
    for batch in in_batches(unconfirmed(until).only("pk")):
        with transaction.atomic():
            picked = unconfirmed(until).filter(pk__in=[row.pk for row in batch]).order_by("pk").select_for_update()
            ids = list(picked.values_list("pk", flat=True))
            Watch.objects.filter(address__in=ids).delete()
            done += NoticeAddress.objects.let_go(ids)
    for batch in in_batches(NoticeAddress.objects.not_stopped().unwatched().only("pk")):
        with transaction.atomic():
            done += NoticeAddress.objects.let_go([row.pk for row in batch])
    return done


def count(until: datetime, gone: CommentQuerySet) -> int:
    """How many addresses `forget` would forget, once these replies and their addresses are gone."""
    kept = Watch.objects.filter(address=OuterRef("pk")).exclude(comment__email_encrypted="").exclude(comment__in=gone)
    due = ~Exists(kept) | Q(pk__in=unconfirmed(until).values("pk"))
    lately = NoticeAddress.objects.asked_lately().values("pk")
    return NoticeAddress.objects.not_stopped().filter(due).exclude(pk__in=lately).count()


def forget_address(indexes: Collection[str]) -> int:
    """Erase all that is kept of a mail address for its notices, what waits to be sent included; `indexes` are those of
    `secrets.address_indexes`. Returns how many rows held something of it.

    Where its owner said stop, the code alone stays, so that the word holds; so it does, for a day, where the address
    was just asked, or it would be asked again too soon.
    """
    with transaction.atomic():
        rows = NoticeAddress.objects.filter(email_index__in=indexes).order_by("pk")
        ids = list(rows.select_for_update().values_list("pk", flat=True))
        Watch.objects.filter(address__in=ids).delete()
        Notice.objects.filter(address__in=ids).delete()
        NoticeAddress.objects.let_go(ids)
    return len(ids)
