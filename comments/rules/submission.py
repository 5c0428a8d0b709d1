from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comments.models import Comment


@dataclass(frozen=True, slots=True)
class Submission:
    """What the rules see of a reply."""

    name: str
    email: str
    website: str
    source: str
    html: str
    honeypot: str = ""

    @classmethod
    def of(cls, comment: Comment, honeypot: str) -> Submission:
        comment.render()
        return cls(comment.name, comment.email, comment.website, comment.source, comment.html, honeypot)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a reply is held: which rule in which version, how heavy, and what it saw."""

    rule: str
    points: int = 1
    fragment: str = ""
    version: int = 1
