"""Reading replies: a page of an article's threads, a page of one long thread, and where a reply stands.

An article's page is 50 threads with 100 answers of each at most: one query for their tops, one for their answers, and
trees in memory. The rest of a longer thread is on pages of its own.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import Q, TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from comments.placing import answers_before, tops_before
from comments.querysets import CommentQuerySet
from comments.tree import Shape, Thread, grow
from ketablog.prepared import Given, Prepared
from ketablog.secrets import read_recent_id, sign_id, sign_id_for_now
from posts.models import Post

THREADS_A_PAGE = 50
ANSWERS_A_PAGE = 100
NEW_FOR = timedelta(minutes=30)  # docs/decisions/0014-own-page.md
MOST_PAGES = 1_000_000  # What a database can count to has an end.


class Order(TextChoices):
    """In which order an article's threads stand. The value is what an address says."""

    OLDEST = "", _("Oldest first")
    NEWEST = "newest", _("Newest first")
    STAFF = "staff", _("Staff replies first")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the orders that a reader may choose."""

    label: str | Promise
    query: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of an article's threads; `count` is the number of public replies on all pages."""

    threads: list[Thread]
    number: int
    pages: int
    count: int
    order: Order = Order.OLDEST
    threads_in_all: int = 0

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def previous_query(self) -> str:
        return _query(self.number - 1, self.order)

    @property
    def next_query(self) -> str:
        return _query(self.number + 1, self.order)

    @property
    def choices(self) -> list[Choice]:
        """The orders to choose from; none where there is nothing to put in order."""
        if self.threads_in_all < 2:
            return []
        return [Choice(order.label, _query(1, order), order == self.order) for order in Order]


@dataclass(frozen=True, slots=True)
class PartOfThread:
    """A page of one thread."""

    thread: Thread
    number: int
    pages: int

    @property
    def threads(self) -> list[Thread]:
        return [self.thread]


def read_page(
    post: Post, number: int | str = 1, *, depth: int, mine: int | None = None, order: Order = Order.OLDEST
) -> ThreadPage:
    """One page of an article's replies, in two queries however many there are.

    `mine` is the id of a held reply that is shown too, to its writer.
    Raises `django.core.paginator.InvalidPage` for a number that is no page.
    """
    number = _page_number(number)
    tops = _read_tops(post, number, order, mine)
    if not tops:
        if number > 1:
            raise EmptyPage
        return ThreadPage([], number, pages=1, count=0, order=order)
    answers: dict[int | None, list[Comment]] = defaultdict(list)
    for answer in _first_answers([top.pk for top in tops], mine, most=ANSWERS_A_PAGE):
        answers[answer.thread_id].append(answer)
    shape = Shape(depth, mine, is_staff_first=order == Order.STAFF)
    threads = [_thread(top, answers[top.pk], shape) for top in tops]
    in_all = tops[0].threads_in_all
    return ThreadPage(
        threads, number, math.ceil(in_all / THREADS_A_PAGE), tops[0].public_in_all, order, threads_in_all=in_all
    )


def _read_tops(post: Post, number: int, order: Order, mine: int | None) -> list:
    return list(_tops(post.pk, mine, order=order, before=(number - 1) * THREADS_A_PAGE, most=THREADS_A_PAGE))


def _tops_up_to(stop: int, post_id: Given, mine: Given | None, order: Order) -> CommentQuerySet:
    """At least so many of the tops that come first, or all there are."""
    if order == Order.STAFF:
        return Comment.objects.tops_of(post_id, also=mine)
    # Public ones stand in an index in just this order; of the others there are few. Each is picked by its own index.
    public = _in_order(Comment.objects.public_tops_of(post_id), order, post_id)[:stop]
    hidden = Comment.objects.hidden_tops_of(post_id, also=mine)
    return Comment.objects.filter(Q(pk__in=public.values("pk")) | Q(pk__in=hidden.values("pk")))


@Prepared
def _tops(post_id: Given, mine: Given | None, *, order: Order, before: int, most: int) -> CommentQuerySet:
    stop = before + most
    tops = _in_order(_tops_up_to(stop, post_id, mine, order), order, post_id)
    # Which they are is told by an index alone; what costs more is read of these few.
    picked = Comment.objects.filter(pk__in=tops.values("pk")[before:stop])
    return _in_order(picked, order, post_id).with_counts(post_id, also=mine).for_page()


@Prepared
def _first_answers(top_ids: list[Given], mine: Given | None, *, most: int) -> CommentQuerySet:
    answers = Comment.objects.answers_in(top_ids, also=mine)
    return answers.first_of_each_thread(most).oldest_first().for_page()


def _in_order(tops: CommentQuerySet, order: Order, post_id: Given) -> CommentQuerySet:
    if order == Order.NEWEST:
        return tops.newest_first()
    return tops.staff_first(post_id) if order == Order.STAFF else tops.oldest_first()


def _thread(top, answers: list[Comment], shape: Shape) -> Thread:
    # A pinned answer is read wherever it stands; beyond the first page of its thread it is not shown here.
    here = answers[:ANSWERS_A_PAGE]
    more = top.answers_in_all - sum(answer.is_approved for answer in here)
    answer = next((answer for answer in answers if answer.is_the_answer), None)
    return Thread(top, grow(top, here, shape), more, answer)


def read_thread(top: Comment, number: int | str = 1, *, depth: int, mine: int | None = None) -> PartOfThread:
    """One page of a thread, oldest first, below its top; `mine` as above. Three queries.

    Raises `django.core.paginator.InvalidPage` for a number that is no page.
    """
    number = _page_number(number)
    answers = Comment.objects.answers_in([top.pk], also=mine).oldest_first()
    pages = math.ceil(answers.count() / ANSWERS_A_PAGE) or 1
    if number > pages:
        raise EmptyPage
    before = (number - 1) * ANSWERS_A_PAGE
    here = list(answers.for_page()[before : before + ANSWERS_A_PAGE])
    elsewhere = Comment.objects.beside(here, top).for_page().in_bulk()
    replies = grow(top, here, Shape(depth, mine, elsewhere=elsewhere))
    answer = next((comment for comment in [*here, *elsewhere.values()] if comment.is_the_answer), None)
    return PartOfThread(Thread(top, replies, answer=answer), number, pages)


def _page_number(asked: int | str) -> int:
    try:
        number = int(asked)
    except ValueError:
        raise PageNotAnInteger from None
    if not 1 <= number <= MOST_PAGES:
        raise EmptyPage
    return number


def address_on_page(comment: Comment, *, own: bool = False, new: bool = False) -> str:
    """Where a reply stands: the page of its article or its thread, and the anchor.

    `own` shows a held reply to its writer. `new` shows, for a while, the link to the writer's own page too.
    """
    mine = comment.pk if own else None
    top = comment.thread or comment
    place = answers_before(comment, also=mine) if comment.thread else 0
    if place >= ANSWERS_A_PAGE:
        path, name, number = reverse("thread_detail", args=[top.pk]), "page", place // ANSWERS_A_PAGE + 1
    else:
        path, name, number = comment.post.get_absolute_url(), "comments", tops_before(top) // THREADS_A_PAGE + 1
    query: dict[str, object] = {name: number} if number > 1 else {}
    if own:
        query["mine"] = sign_id("mine", comment.pk)
    if new:
        query["new"] = sign_id_for_now("new", comment.pk)
    return f"{path}{'?' if query else ''}{urlencode(query)}#comment-{comment.pk}"


def read_new(token: str) -> int | None:
    """The number of the reply whose writer may be shown the way to its own page; `None` where that was a while ago."""
    return read_recent_id("new", token, within=NEW_FOR)


def _query(number: int, order: Order) -> str:
    query = {**({"comments": number} if number > 1 else {}), **({"order": order.value} if order else {})}
    return f"?{urlencode(query)}" if query else ""
