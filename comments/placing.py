"""How many replies readers find before one, oldest first: that says on which page it stands."""

from typing import Any

from django.db.models import Count, F, QuerySet

from comments.models import Comment, ReplyCount
from comments.querysets import number_of
from ketablog.prepared import Given, Prepared


def tops_before(top: Comment) -> int:
    """How many threads of its article stand before this one."""
    return next(iter(_tops_before(top.post_id, top.created_at, top.pk)), 0)


def answers_before(comment: Comment, *, also: int | None = None) -> int:
    """How many answers of its thread stand before this one; `also` is shown with what it answers, to its writer."""
    return next(iter(_answers_before(comment.thread_id, comment.created_at, comment.pk, also)), 0)


@Prepared
def _tops_before(post_id: Given, at: Given, pk: Given) -> QuerySet[Any, int]:
    # Most that is asked about is new: all threads, whose number is kept, without the few from there on. Public and
    # hidden ones are counted apart, as an index finds either by its status from a moment on.
    rest = Comment.objects.from_place(at, pk).tops_of(post_id)
    before = F("threads") - number_of(rest.approved(), "post") - number_of(rest.hidden(), "post")
    return ReplyCount.objects.filter(post=post_id).values_list(before, flat=True)


@Prepared
def _answers_before(thread_id: Given, at: Given, pk: Given, also: Given | None) -> QuerySet[Any, int]:
    answers = Comment.objects.before_place(at, pk).answers_in([thread_id], also=also)
    return answers.order_by().values("thread").annotate(n=Count("pk")).values_list("n", flat=True)
