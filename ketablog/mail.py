"""Mail: what must be sent is first a row in the queue, and is tried again until it went out.

A row names a function that builds the mail and numbers that say what it is about, such as the ids of rows, never a
text or an address. It is written in the transaction of what it tells of, so that nothing is told that did not happen.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import quote
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist, loader
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from ketablog import site
from ketablog.markup import one_line
from ketablog.tasks import TaskFailed, task

logger = logging.getLogger("ketablog.mail")

# How long to wait after each failure: a server that is away for a day loses no mail.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 960)]
LONGEST_LINE = 998  # RFC 5322
LATE = timedelta(minutes=15)


class MailFailed(TaskFailed):
    """A mail was tried as often as it is worth."""


class Mail(EmailMultiAlternatives):
    """A mail as `compose` makes it. `when_refused` is called each time the server did not take it."""

    when_refused: Callable[[], object] | None = None

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """Each header on one line: not every program that reads List-Unsubscribe puts one together again."""
        message = super().message(*args, **kwargs)
        message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
        return message


def send_later(builder: str, *ids: int, at: datetime | None = None) -> None:
    """Queue a mail, for now or for later. `builder` is the dotted path of a function of these numbers that returns the
    mail, or `None` where it is no longer wanted."""
    deliver.using(run_after=at).enqueue(builder, list(ids))


def compose(name: str, to: str, **context: object) -> Mail:
    """The mail of `templates/emails/<name>.txt`, in the site's language; its first line is the subject. Where there is
    a `<name>.html` too, a mail program may choose between the two."""
    settings_row = site.current()
    context = {"site": settings_row, "SITE_URL": settings.SITE_URL, **context}
    with site.in_force(settings_row):
        text = loader.render_to_string(f"emails/{name}.txt", context)
        subject, _newline, body = (part.strip() for part in text.strip().partition("\n"))
        html = _html_of(name, {**context, "subject": subject})
    sender = settings_row.mail_from or settings.DEFAULT_FROM_EMAIL
    mail = Mail(
        subject=subject,
        body=body + "\n",
        # What the server is told is where bounces go (Return-Path); readers see the header.
        from_email=settings_row.bounces_to or sender,
        to=[to],
        headers={"From": f'"{quote(one_line(settings_row.name))}" <{sender}>', "Auto-Submitted": "auto-generated"},
    )
    if html:
        mail.attach_alternative(html, "text/html")
    return mail


def _html_of(name: str, context: dict[str, object]) -> str:
    try:
        template = loader.get_template(f"emails/{name}.html")
    except TemplateDoesNotExist:
        return ""
    return template.render(context)


@task()
def deliver(builder: str, ids: list[int], attempt: int = 1) -> None:
    """Send one queued mail; queue it again after a pause where the server does not take it."""
    message = import_string(builder)(*ids)
    if message is None:
        return
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("mail %s %s: attempt %s failed: %s", builder, ids, attempt, type(error).__name__)
        if when_refused := getattr(message, "when_refused", None):
            when_refused()
        if attempt > len(PAUSES):
            # The queue keeps what an exception says, and a mail server's answer can hold an address.
            raise MailFailed(type(error).__name__) from None
        deliver.using(run_after=timezone.now() + PAUSES[attempt - 1]).enqueue(builder, ids, attempt + 1)


def backlog_is_fresh() -> bool:
    """Whether no mail has been due for more than a quarter of an hour."""
    due = timezone.now() - LATE
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=due)
    return not waiting.exclude(run_after__range=(due, timezone.now())).exists()
