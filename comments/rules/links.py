"""Links: too many, ones that hide where they lead, and ones that say they lead elsewhere."""

import re
from collections.abc import Iterator

from comments.rules.submission import Reason, Submission, host_of

MOST = 1  # WordPress holds a comment from its second link on; readers and spammers are used to that.
# Hosts that lead anywhere, and those that lead to a private chat. Read from the services' own pages, 2026-11.
SHORTENERS = frozenset(
    "bit.ly buff.ly cutt.ly goo.gl is.gd lnkd.in ow.ly rb.gy rebrand.ly s.id shorturl.at snip.ly t.co t.ly tiny.cc "
    "tinyurl.com v.gd adf.ly bl.ink clck.ru u.to vk.cc t.me telegram.me wa.me chat.whatsapp.com".split()
)
NAMED_HOST = re.compile(r"(?:https?://|www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#]\S*)?", re.IGNORECASE)


def many(submission: Submission) -> Iterator[Reason]:
    """More links than a reader needs to make a point. The website field is not counted."""
    foreign = [link.url for link in submission.links if link.host not in submission.known.own_hosts]
    if len(foreign) > MOST:
        yield Reason("links", points=len(foreign), fragment=" ".join(foreign)[:200])


def shortened(submission: Submission) -> Iterator[Reason]:
    """An address that does not tell where it leads."""
    hidden = [host for host in submission.foreign_hosts if host in SHORTENERS]
    if hidden:
        yield Reason("shortener", points=3, fragment=" ".join(hidden)[:200])


def mismatched(submission: Submission) -> Iterator[Reason]:
    """Words that name one site and lead to another."""
    for link in submission.links:
        named = NAMED_HOST.fullmatch(link.words)
        if named and not _is_same_site(named[1].lower().removeprefix("www."), link.host):
            yield Reason("mismatch", points=4, fragment=f"{link.words} → {host_of(link.url)}"[:200])


def _is_same_site(one: str, other: str) -> bool:
    return one == other or one.endswith("." + other) or other.endswith("." + one)
