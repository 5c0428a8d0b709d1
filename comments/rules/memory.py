"""What past spam left behind: its text, the hosts it linked to, its address. All of it keyed hashes.

Moderators teach it: a reply they mark as spam leaves traces, and one they take back out of the spam takes them along.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from comments.rules.models import SpamTrace
from comments.rules.submission import Reason, Submission
from ketablog.prepared import Given, Prepared
from ketablog.secrets import keyed_hash

if TYPE_CHECKING:
    from comments.models import Comment

KEPT_FOR = timedelta(days=365)
SHORTEST_TEXT = 24  # Letters. “Thank you so much!” is nobody's own.
POINTS = {SpamTrace.Kind.TEXT: 5, SpamTrace.Kind.HOST: 3, SpamTrace.Kind.ADDRESS: 3}
RULES = {SpamTrace.Kind.TEXT: "spam_text", SpamTrace.Kind.HOST: "spam_host", SpamTrace.Kind.ADDRESS: "spam_address"}


def traces_of(submission: Submission) -> dict[tuple[str, str], str]:
    """The traces of a reply, by kind and digest, each with what it stands for; the address stands for nothing."""
    found = {}
    if text := fingerprint(submission.source):
        found[SpamTrace.Kind.TEXT.value, text] = ""
    for host in submission.foreign_hosts:
        found[SpamTrace.Kind.HOST.value, keyed_hash("spam-host", host)] = host
    if submission.email:
        folded = submission.email.strip().casefold()
        found[SpamTrace.Kind.ADDRESS.value, keyed_hash("spam-address", folded)] = ""
    return found


def look_up(submission: Submission) -> dict[str, str]:
    """The kinds of traces that past spam left and this reply has too, each with what it stands for."""
    traces = traces_of(submission)
    known = _left([digest for _kind, digest in traces], timezone.now() - KEPT_FOR)
    return {kind: traces[kind, digest] for kind, digest in known if (kind, digest) in traces}


@Prepared
def _left(digests: list[Given], since: Given) -> QuerySet[SpamTrace, tuple[str, str]]:
    return SpamTrace.objects.filter(digest__in=digests, at__gte=since).values_list("kind", "digest")


def seen_text(submission: Submission) -> Iterator[Reason]:
    """The very text was spam before."""
    yield from _seen(submission, SpamTrace.Kind.TEXT)


def seen_host(submission: Submission) -> Iterator[Reason]:
    """Spam linked there before."""
    yield from _seen(submission, SpamTrace.Kind.HOST)


def seen_address(submission: Submission) -> Iterator[Reason]:
    """Spam came from this address before."""
    yield from _seen(submission, SpamTrace.Kind.ADDRESS)


def remember(comment: "Comment", submission: Submission) -> None:
    """Keep the traces of a reply that a moderator marked as spam."""
    forget(comment)
    SpamTrace.objects.bulk_create(
        SpamTrace(comment=comment, kind=kind, digest=digest) for kind, digest in traces_of(submission)
    )


def forget(comment: "Comment") -> None:
    """Take back what `remember` kept of a reply."""
    SpamTrace.objects.filter(comment=comment).delete()


def forget_addresses(ids: Collection[int]) -> None:
    """Take back what tells the writers of these replies. What spam says and where it leads is nobody's own."""
    SpamTrace.objects.filter(comment__in=ids, kind=SpamTrace.Kind.ADDRESS).delete()


def fingerprint(text: str) -> str:
    """A keyed hash of the letters of a text, however they are written; empty for a text too short to be one's own."""
    letters = _letters(text)
    return keyed_hash("spam-text", letters) if len(letters) >= SHORTEST_TEXT else ""


@lru_cache(16)
def _letters(text: str) -> str:
    # Asked three times of each reply.
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text).casefold())


def _seen(submission: Submission, kind: SpamTrace.Kind) -> Iterator[Reason]:
    if kind in submission.known.spam_traces:
        yield Reason(RULES[kind], points=POINTS[kind], fragment=submission.known.spam_traces[kind][:200])
