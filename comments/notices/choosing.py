"""What the owner of an address may choose about its notices. Each act may be done again and then changes nothing."""

from django.db import transaction
from django.utils import timezone

from comments.notices.models import Notice, NoticeAddress
from ketablog.mail import send_later
from ketablog.secrets import new_writer, read_writer_key


def confirm(address: NoticeAddress, *, key: str = "") -> bool:
    """Notices are wanted: what was answered meanwhile is told at once. Whose browser has a writer's key is known by it
    from other browsers too. Returns whether this call did it."""
    with transaction.atomic():
        asked = NoticeAddress.objects.unconfirmed().filter(pk=address.pk).exclude(email_encrypted="")
        writer = read_writer_key(key) or address.writer or new_writer()
        if not asked.update(confirmed_at=timezone.now(), writer=writer):
            return False
        if Notice.objects.unsent().about_answers().filter(address=address).exists():
            send_later("comments.notices.mails.digest_mail", address.pk)
    return True


def set_pace(address: NoticeAddress, pace: NoticeAddress.Pace) -> None:
    """A mail for each answer from now on, or one a day. What waits for a day's mail comes at once."""
    with transaction.atomic():
        rows = NoticeAddress.objects.not_stopped().filter(pk=address.pk)
        if not rows.exclude(pace=pace).update(pace=pace) or pace == NoticeAddress.Pace.DAILY:
            return
        if Notice.objects.unsent().about_answers().filter(address=address).exists():
            send_later("comments.notices.mails.digest_mail", address.pk)


def leave(address: NoticeAddress, comment_id: int) -> None:
    """Nothing more about one reply of this address. Where that was the last, the address goes with the day, so that
    the link in a mail still opens its page."""
    address.watches.filter(comment=comment_id).delete()


def stop(address: NoticeAddress) -> None:
    """Never write to it again. The address is erased; its code stays, so that the word holds."""
    with transaction.atomic():
        NoticeAddress.objects.not_stopped().filter(pk=address.pk).update(
            stopped_at=timezone.now(), confirmed_at=None, email_encrypted="", writer=""
        )
        Notice.objects.filter(address=address).unsent().delete()


def start(address: NoticeAddress) -> None:
    """Take a stop back. Who has the link got it at this address, so the notices are on for what is still watched and
    has the address still; where nothing has, the next wish for notices is asked about as if it were the first."""
    with transaction.atomic():
        watch = address.watches.select_related("comment").exclude(comment__email_encrypted="").first()
        known = {"email_encrypted": watch.comment.email_encrypted, "confirmed_at": timezone.now()} if watch else {}
        NoticeAddress.objects.filter(pk=address.pk, stopped_at__isnull=False).update(stopped_at=None, **known)
