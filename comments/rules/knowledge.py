"""Gathering what the rules know beyond the reply itself: three queries, and two counts where it just came in."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from comments.rules import memory
from comments.rules.models import WordList
from comments.rules.submission import Known, Submission
from ketablog.counters import count

if TYPE_CHECKING:
    from comments.models import Comment


def gather(comment: "Comment", *, honeypot: str = "", seconds: int | None = None, client: str = "") -> Submission:
    """The submission of a reply with what is known. `client` is the key of who just sent it; it is counted."""
    known = Known(
        own_hosts=frozenset({(urlsplit(settings.SITE_URL).hostname or "").removeprefix("www.")}),
        word_lists=tuple(WordList.objects.filter(is_on=True).values_list("lines", flat=True)),
    )
    submission = Submission.of(comment, honeypot, seconds, known)
    known = replace(known, spam_traces=memory.look_up(submission))
    if client:
        text = memory.fingerprint(submission.source)
        known = replace(
            known,
            sent_this_hour=count(f"sent:{client}", timedelta(hours=1))[0],
            same_text_today=count(f"text:{text}", timedelta(days=1))[0] if text else 0,
        )
    return replace(submission, known=known)
