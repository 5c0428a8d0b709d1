"""The one mail a day for those who chose it."""

from comments.notices.models import Notice, NoticeAddress
from ketablog.mail import send_later


def send() -> None:
    """Queue the mail of the day for each address that has one coming. Repeatable: a notice is in one mail only."""
    daily = NoticeAddress.objects.not_stopped().filter(pace=NoticeAddress.Pace.DAILY, confirmed_at__isnull=False)
    waiting = Notice.objects.unsent().about_answers().filter(address__in=daily)
    for address in waiting.values_list("address", flat=True).distinct().order_by("address"):
        send_later("comments.notices.mails.digest_mail", address)
