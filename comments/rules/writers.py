"""What shows in the name and the address that a writer gives."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from comments.rules.submission import Reason, Submission

ADDRESS_AS_NAME = re.compile(r"https?://|www\.|\.(?:com|net|org|info|biz|online|shop|site|xyz|ru|top)\b", re.IGNORECASE)
KEYWORDS = re.compile(
    r"\b(?:seo|casino|betting|loans?|payday|viagra|cialis|escorts?|crypto|bitcoin|forex|backlinks?|cheap|discount|"
    r"coupon|buy|for\s+sale|near\s+me|online\s+(?:pharmacy|store|shop)|best\s+\w+\s+(?:in|company|services?))\b",
    re.IGNORECASE,
)


def advertising_name(submission: Submission) -> Iterator[Reason]:
    """A name that sells something."""
    hit = ADDRESS_AS_NAME.search(submission.name) or KEYWORDS.search(submission.name)
    if hit:
        yield Reason("name", points=3, fragment=submission.name[:80])


def disposable_address(submission: Submission) -> Iterator[Reason]:
    """An address of a provider whose mailboxes last some minutes. Many have a good reason for one."""
    domain = submission.email.rpartition("@")[2].casefold()
    if domain and any(domain == known or domain.endswith("." + known) for known in disposable_domains()):
        yield Reason("disposable", points=1, fragment=domain[:80])


@cache
def disposable_domains() -> frozenset[str]:
    """The list in the file beside this one: a domain a line."""
    lines = Path(__file__).with_name("disposable_domains.txt").read_text(encoding="ascii").split()
    return frozenset(lines)
