"""Whom a reply that has just become public is told of. Called in the transaction of what made it public."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from comments.notices.models import Notice, NoticeAddress, Watch
from ketablog import secrets
from ketablog.mail import send_later

if TYPE_CHECKING:
    from comments.models import Comment

# So long a decision can be taken back before anybody hears of it.
SECOND_THOUGHTS = timedelta(seconds=15)


def tell(comment: Comment) -> None:
    """Queue the mails that a reply is public: to its own writer, and to the writer of the reply that it answers.

    Only who is answered hears of an answer, not everybody above: whoever began a long thread would get a mail for each
    word that others change.
    """
    tell_its_writer(comment)
    if comment.parent_id is None:
        return
    above = Watch.objects.select_related("address").filter(comment=comment.parent_id).first()
    if above is None or above.address.is_stopped or above.address.email_index in _own_indexes(comment):
        return
    _queue("answer_mail", above.address, comment, Notice.Kind.ANSWER)


def tell_its_writer(comment: Comment) -> None:
    """Queue the mail that a reply is public, to its own writer, or the one that asks whether notices are wanted."""
    own = Watch.objects.select_related("address").filter(comment=comment).first()
    if own is not None and not own.address.is_stopped:
        _queue("own_reply_mail", own.address, comment, Notice.Kind.PUBLISHED)


def _queue(builder: str, address: NoticeAddress, comment: Comment, kind: Notice.Kind) -> None:
    notice, _is_new = Notice.objects.get_or_create(address=address, comment=comment, kind=kind)
    # A digest takes what is not sent; but who changes to a mail for each meanwhile is not forgotten.
    if notice.sent_at is None:
        send_later(f"comments.notices.mails.{builder}", notice.pk, at=timezone.now() + SECOND_THOUGHTS)


def _own_indexes(comment: Comment) -> set[str]:
    """The codes of all addresses that are known to be those of who wrote a reply."""
    own = {comment.email_index}
    if comment.user is not None:
        own |= set(secrets.address_indexes(comment.user.email))
    # Without its key, the code that is stored with it is all there is.
    with suppress(secrets.CannotDecrypt):
        own |= set(secrets.address_indexes(comment.email))
    return own
