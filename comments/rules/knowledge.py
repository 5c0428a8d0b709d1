"""Gathering what the rules know beyond the reply itself, in few queries, and counting what came in."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from comments import clinic
from comments.rules import memory
from comments.rules.models import WordList
from comments.rules.submission import Submission
from ketablog.counters import count_all, numbers
from ketablog.prepared import Prepared
from ketablog.site import SiteSettings

if TYPE_CHECKING:
    from comments.models import Comment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """How a reply came in: what stood in the field that people do not see, how long the typing took, and the key of who
    sent it."""

    honeypot: str = ""
    seconds: int | None = None
    client: str = ""


UNKNOWN = Sent()


def gather(comment: "Comment", site_settings: SiteSettings, sent: Sent = UNKNOWN) -> Submission:
    """The submission of a reply with what is known. Nothing is written."""
    known = replace(
        clinic.known(site_settings),
        word_lists=tuple(_word_lists()),
    )
    submission = Submission.of(comment, sent.honeypot, sent.seconds, known)
    known = replace(known, spam_traces=memory.look_up(submission))
    if sent.client:
        sender, text = _keys(comment, sent)
        before = numbers([(sender, HOUR), (text, DAY)])
        known = replace(known, sent_this_hour=before[sender], same_text_today=before[text])
    return replace(submission, known=known)


@Prepared
def _word_lists() -> QuerySet[WordList, str]:
    return WordList.objects.filter(is_on=True).values_list("lines", flat=True)


def count_in(comment: "Comment", sent: Sent) -> None:
    """Count a reply that was taken, for those that will come after it."""
    if sent.client:
        sender, text = _keys(comment, sent)
        count_all([(sender, HOUR), *([(text, DAY)] if text else [])])


def _keys(comment: "Comment", sent: Sent) -> tuple[str, str]:
    text = memory.fingerprint(comment.source)
    return f"sent:{sent.client}", text and f"text:{text}"
