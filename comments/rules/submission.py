from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comments.rules.known import Known

if TYPE_CHECKING:
    from comments.models import Comment
    from posts.models import Post


@dataclass(frozen=True, slots=True)
class Submission:
    """What the rules see of a reply. `known` is what the clinic itself has made public."""

    name: str
    email: str
    website: str
    source: str
    html: str
    honeypot: str = ""
    known: Known = field(default_factory=Known)
    post: Post | None = None

    @classmethod
    def of(cls, comment: Comment, honeypot: str, known: Known | None = None) -> Submission:
        comment.render()
        texts = comment.name, comment.email, comment.website, comment.source, comment.html
        return cls(*texts, honeypot, known or Known(), comment.post)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a reply is held: which rule in which version, how heavy, and what it saw."""

    rule: str
    points: int = 1
    fragment: str = ""
    version: int = 1
