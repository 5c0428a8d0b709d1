from collections.abc import Iterator

from comments.rules.submission import Reason, Submission


def filled(submission: Submission) -> Iterator[Reason]:
    """The field that people do not see was filled in."""
    if submission.honeypot:
        yield Reason("honeypot", points=5, fragment=submission.honeypot[:80])
