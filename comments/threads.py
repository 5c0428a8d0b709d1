"""Reading an article's replies: a page of threads, as a flat list in the order in which they stand.

A page is 50 threads: one query for their tops, one for their answers, and a tree in memory.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.core.paginator import EmptyPage, PageNotAnInteger

from comments.models import Comment
from ketablog.secrets import read_recent_id, sign_id, sign_id_for_now
from posts.models import Post

THREADS_A_PAGE = 50
NEW_FOR = timedelta(minutes=30)  # docs/decisions/0014-own-page.md
MOST_PAGES = 1_000_000  # What a database can count to has an end.


@dataclass(frozen=True, slots=True)
class ShownReply:
    """One reply in its place."""

    comment: Comment
    depth: int
    answers: Comment | None = None
    is_mine: bool = False
    is_placeholder: bool = False

    @property
    def is_declined(self) -> bool:
        """Whether its writer sees a reply here that a moderator decided not to publish."""
        return self.is_mine and self.comment.status == Comment.Status.REMOVED


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of an article's threads; `count` is the number of public replies on all pages."""

    replies: list[ShownReply]
    number: int
    pages: int
    count: int

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


def read_page(post: Post, number: int | str = 1, *, depth: int, mine: int | None = None) -> ThreadPage:
    """One page of an article's replies, in two queries however many there are.

    `mine` is the id of a held reply that is shown too, to its writer.
    Raises `django.core.paginator.InvalidPage` for a number that is no page.
    """
    number = _page_number(number)
    before = (number - 1) * THREADS_A_PAGE
    tops = list(_tops(post, mine).with_counts()[before : before + THREADS_A_PAGE])
    if not tops:
        if number > 1:
            raise EmptyPage
        return ThreadPage([], number, pages=1, count=0)
    answers = Comment.objects.answers_in(tops, also=mine).oldest_first().for_page()
    replies = _in_order([*tops, *answers], depth, mine)
    pages = math.ceil(tops[0].threads_in_all / THREADS_A_PAGE)
    return ThreadPage(replies, number, pages, tops[0].public_in_all)


def _page_number(asked: int | str) -> int:
    try:
        number = int(asked)
    except ValueError:
        raise PageNotAnInteger from None
    if not 1 <= number <= MOST_PAGES:
        raise EmptyPage
    return number


def address_on_page(comment: Comment, *, own: bool = False, new: bool = False) -> str:
    """Where a reply stands: its article, its page and its anchor.

    `own` shows a held reply to its writer. `new` shows, for a while, the link to the writer's own page too.
    """
    top = comment.thread or comment
    before = _tops(comment.post, comment.pk if own else None).before(top).count()
    number = before // THREADS_A_PAGE + 1
    query: dict[str, object] = {"comments": number} if number > 1 else {}
    if own:
        query["mine"] = sign_id("mine", comment.pk)
    if new:
        query["new"] = sign_id_for_now("new", comment.pk)
    return f"{comment.post.get_absolute_url()}{'?' if query else ''}{urlencode(query)}#comment-{comment.pk}"


def read_new(token: str) -> int | None:
    """The number of the reply whose writer may be shown the way to its own page; `None` where that was a while ago."""
    return read_recent_id("new", token, within=NEW_FOR)


def _tops(post: Post, mine: int | None):
    return Comment.objects.tops_of(post, also=mine).oldest_first().for_page()


def _in_order(comments: list[Comment], depth: int, mine: int | None) -> list[ShownReply]:
    """The comments as a tree, walked from the top; what is not public stays only above something that is."""
    by_id = {comment.pk: comment for comment in comments}
    answers: dict[int | None, list[Comment]] = defaultdict(list)
    for comment in comments:
        answers[comment.parent_id].append(comment)

    placed: list[ShownReply] = []
    waiting = [(top, 1) for top in reversed(answers[None])]
    while waiting:
        comment, level = waiting.pop()
        parent = by_id.get(comment.parent_id) if comment.parent_id else None
        is_public = comment.is_approved
        is_mine = comment.pk == mine and not is_public and not comment.is_withdrawn
        placed.append(
            ShownReply(
                comment,
                depth=min(level, depth),
                answers=parent if parent is not None and parent.is_approved else None,
                is_mine=is_mine,
                is_placeholder=not is_public and not is_mine,
            )
        )
        waiting.extend((answer, level + 1) for answer in reversed(answers[comment.pk]))
    return _without_bare_placeholders(placed, answers)


def _without_bare_placeholders(placed: list[ShownReply], answers: dict[int | None, list[Comment]]) -> list[ShownReply]:
    """Drop each placeholder with nothing left to show below it. Answers stand after what they answer."""
    kept_ids: set[int] = set()
    kept: list[ShownReply] = []
    for reply in reversed(placed):
        if not reply.is_placeholder or any(answer.pk in kept_ids for answer in answers[reply.comment.pk]):
            kept_ids.add(reply.comment.pk)
            kept.append(reply)
    kept.reverse()
    return kept
