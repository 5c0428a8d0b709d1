"""A thread as readers see it: answers below what they answer, as a flat list in the order in which they stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comments.models import Comment


@dataclass(frozen=True, slots=True)
class ShownReply:
    """One reply in its place. `answers` is what it answers, which may stand on another page."""

    comment: Comment
    depth: int
    answers: Comment | None = None
    answered_is_here: bool = True
    is_mine: bool = False
    is_placeholder: bool = False

    @property
    def is_declined(self) -> bool:
        """Whether its writer sees a reply here that a moderator decided not to publish."""
        return self.is_mine and self.comment.status == Comment.Status.REMOVED


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread, or a part of one.

    `more` is how many public answers stand on other pages; `answer` is the pinned one, wherever it stands.
    """

    top: Comment
    replies: list[ShownReply]
    more: int = 0
    answer: Comment | None = None

    @property
    def answer_is_here(self) -> bool:
        return any(reply.comment == self.answer for reply in self.replies)


@dataclass(frozen=True, slots=True)
class Shape:
    """How trees are shown: how deep, to whom (`mine` is the held reply of the reader's own), in which order."""

    depth: int
    mine: int | None = None
    is_staff_first: bool = False
    elsewhere: Mapping[int, Comment] = field(default_factory=dict)


def grow(top: Comment, answers: Iterable[Comment], shape: Shape) -> list[ShownReply]:
    """A top and answers of it, oldest first, as a tree walked from the top.

    What is not public stays only above something that is. An answer to one that is not among these stands below the
    top, and says whom it answers where that one is known from `shape.elsewhere`.
    """
    here = {comment.pk: comment for comment in (top, *answers)}
    below: dict[int, list[Comment]] = defaultdict(list)
    for answer in answers:
        below[answer.parent_id if answer.parent_id in here else top.pk].append(answer)
    if shape.is_staff_first:
        for siblings in below.values():
            siblings.sort(key=lambda comment: not comment.is_by_staff)

    placed: list[ShownReply] = []
    waiting = [(top, 1)]
    while waiting:
        comment, level = waiting.pop()
        placed.append(_place(comment, level, here, shape))
        waiting.extend((answer, level + 1) for answer in reversed(below[comment.pk]))
    return _without_bare_placeholders(placed, below)


def _place(comment: Comment, level: int, here: Mapping[int, Comment], shape: Shape) -> ShownReply:
    number = comment.parent_id or 0
    parent = here.get(number) or shape.elsewhere.get(number)
    is_mine = comment.pk == shape.mine and not comment.is_approved and not comment.is_empty
    return ShownReply(
        comment,
        depth=min(level, shape.depth),
        answers=parent if parent is not None and parent.is_approved else None,
        answered_is_here=number in here,
        is_mine=is_mine,
        is_placeholder=not comment.is_approved and not is_mine,
    )


def _without_bare_placeholders(placed: list[ShownReply], below: Mapping[int, list[Comment]]) -> list[ShownReply]:
    """Drop each placeholder with nothing left to show below it. Answers stand after what they answer."""
    kept_ids: set[int] = set()
    kept: list[ShownReply] = []
    for reply in reversed(placed):
        if not reply.is_placeholder or any(answer.pk in kept_ids for answer in below[reply.comment.pk]):
            kept_ids.add(reply.comment.pk)
            kept.append(reply)
    kept.reverse()
    return kept
