"""The mails of notices. None holds a word of a reply, a name or an address of anybody but its receiver.

A builder marks as sent what its mail tells, before it is sent; where the server did not take it, the mark is taken
back. So two workers never send the same, and a worker that is killed in between loses one mail rather than sending two.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comments.notices.models import Notice, NoticeAddress
from ketablog.mail import Mail, compose
from ketablog.markup import one_line
from ketablog.secrets import keyed_hash


def own_reply_mail(notice_id: int) -> Mail | None:
    """The mail that a reply is public; to an address that nobody confirmed yet, the one that asks. `None` where the
    reply is no longer public or watched, and where the address was asked less than a day ago."""
    with transaction.atomic():
        address = NoticeAddress.objects.not_stopped().filter(notices=notice_id).hold()
        notice = Notice.objects.that_ones_own_is_public().to_send().filter(pk=notice_id).first()
        if address is None or notice is None:
            return None
        title = one_line(notice.comment.post.title)
        if address.is_confirmed:
            return _once("notice_published", address, [notice], title=title, path=notice.comment.get_absolute_url())
        return _ask(address, title) if address.may_be_asked else None


def answer_mail(notice_id: int) -> Mail | None:
    """The mail that somebody answered; `None` where the answer is no longer public, or not wanted one by one."""
    with transaction.atomic():
        address = NoticeAddress.objects.not_stopped().filter(notices=notice_id).hold()
        if address is None or not address.is_confirmed or address.pace != NoticeAddress.Pace.EACH:
            return None
        notice = Notice.objects.about_answers().to_send().filter(pk=notice_id).first()
        if notice is None:
            return None
        answer = notice.comment
        title, path = one_line(answer.post.title), answer.get_absolute_url()
        return _once("notice_answer", address, [notice], title=title, path=path, is_by_staff=answer.is_by_staff)


def digest_mail(address_id: int) -> Mail | None:
    """One mail about all answers that an address was not told of yet; `None` where there are none."""
    with transaction.atomic():
        address = NoticeAddress.objects.filter(pk=address_id).hold()
        if address is None or not address.is_confirmed:
            return None
        notices = list(Notice.objects.about_answers().to_send().filter(address=address))
        if not notices:
            return None
        answers = [(one_line(each.comment.post.title), each.comment.get_absolute_url()) for each in notices]
        return _once("notice_digest", address, notices, answers=answers)


def _once(template: str, address: NoticeAddress, notices: list[Notice], **context: object) -> Mail:
    mail = _compose(template, address, f"{template}:{notices[0].pk}:{notices[-1].pk}", **context)
    sent = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    sent.update(sent_at=timezone.now())
    mail.when_refused = lambda: sent.update(sent_at=None)
    return mail


def _ask(address: NoticeAddress, title: str) -> Mail:
    now, before = timezone.now(), address.asked_at
    mail = _compose("notice_confirm", address, f"confirm:{address.pk}:{before}", title=title)
    asked = NoticeAddress.objects.filter(pk=address.pk)
    asked.update(asked_at=now)
    mail.when_refused = lambda: asked.filter(asked_at=now).update(asked_at=before)
    return mail


def _compose(template: str, address: NoticeAddress, number: str, **context: object) -> Mail:
    mail = compose(template, address.email, manage=address.url, **context)
    # RFC 8058: a mail program may stop the notices with one POST, without opening a page.
    mail.extra_headers["List-Unsubscribe"] = f"<{address.url}>"
    mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # The same each time it is tried: where a server took a mail and could not say so, the second one is known as such.
    host = urlsplit(settings.SITE_URL).hostname
    mail.extra_headers["Message-ID"] = f"<{keyed_hash('notice', number)[:32]}@{host}>"
    return mail
