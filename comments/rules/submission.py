from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.html import strip_tags

from comments.known import Known
from ketablog.secrets import CannotDecrypt

if TYPE_CHECKING:
    from comments.models import Comment
    from posts.models import Post

LINK = re.compile(r'<a href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """An address and the words that lead to it."""

    url: str
    words: str

    @property
    def host(self) -> str:
        return host_of(self.url)


@dataclass(frozen=True)
class Submission:
    """What the rules see of a reply. `known` is what the clinic itself has made public."""

    name: str = ""
    email: str = ""
    website: str = ""
    source: str = ""
    html: str = ""
    honeypot: str = ""
    # Seconds from the first key to the sending as the reader's browser measured them; only a hint.
    seconds: int | None = None
    known: Known = field(default_factory=Known)
    post: Post | None = None

    @classmethod
    def of(
        cls, comment: Comment, honeypot: str = "", seconds: int | None = None, known: Known | None = None
    ) -> Submission:
        """The submission of a reply, which is rendered first where it was not."""
        comment.render()
        return cls(
            comment.name,
            _address(comment),
            comment.website,
            comment.source,
            comment.html,
            honeypot,
            seconds,
            known or Known(),
            comment.post if comment.post_id else None,
        )

    @cached_property
    def links(self) -> list[Link]:
        """The links of the text; the website field is not among them."""
        return [Link(unescape(url), unescape(strip_tags(words)).strip()) for url, words in LINK.findall(self.html)]

    @cached_property
    def foreign_hosts(self) -> list[str]:
        """The hosts of all its addresses, each once, without the clinic's own."""
        hosts = [link.host for link in self.links] + [host_of(self.website)]
        return [host for host in dict.fromkeys(hosts) if host and host not in self.known.own_hosts]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a reply is held: which rule in which version, how heavy, and what it saw.

    `outcome` is what follows: "note", "hold" or "spam". A rule leaves it empty where its place in the table says it.
    """

    rule: str
    points: int = 1
    fragment: str = ""
    version: int = 1
    outcome: str = ""


def _address(comment: Comment) -> str:
    try:
        return comment.email
    except CannotDecrypt:
        return ""


def host_of(url: str) -> str:
    """The host of a web address, without "www."; empty where there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")
