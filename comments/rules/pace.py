"""How fast replies come: of one, how fast it was typed; of many, how they follow on one another.

The first is measured by the reader's own browser and may be missing: a form can come from a page that was stored for a
week, so no time of ours says when it was opened.
"""

from collections.abc import Iterator

from comments.rules.submission import Reason, Submission

SIGNS_A_SECOND = 40  # A fast typist has 10. A text that was pasted is not typed, so only long ones count.
LONG = 200
MOST_AN_HOUR = 6


def typed_too_fast(submission: Submission) -> Iterator[Reason]:
    """A long text that was there within seconds."""
    if submission.seconds is None or len(submission.source) < LONG:
        return
    if len(submission.source) > SIGNS_A_SECOND * max(submission.seconds, 1):
        yield Reason("speed", points=1, fragment=str(submission.seconds))


def sent_often(submission: Submission) -> Iterator[Reason]:
    """More replies from one sender in an hour than a conversation needs."""
    if submission.known.sent_this_hour >= MOST_AN_HOUR:
        yield Reason("often", points=2, fragment=str(submission.known.sent_this_hour))


def sent_again(submission: Submission) -> Iterator[Reason]:
    """The same longer text that came somewhere else today."""
    if submission.known.same_text_today:
        yield Reason("again", points=3, fragment=str(submission.known.same_text_today))
