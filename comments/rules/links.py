import re
from collections.abc import Iterator

from comments.rules.submission import Reason, Submission

LINK = re.compile(r'<a href="([^"]+)"')
MOST = 1  # WordPress holds a comment from its second link on; readers and spammers are used to that.


def many(submission: Submission) -> Iterator[Reason]:
    """More links than a reader needs to make a point. The website field is not counted."""
    addresses = LINK.findall(submission.html)
    if len(addresses) > MOST:
        yield Reason("links", points=len(addresses), fragment=" ".join(addresses)[:200])
