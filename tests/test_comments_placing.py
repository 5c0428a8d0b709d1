"""Where a reply stands is counted in plain SQL: as the pages are that readers see."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import placing, threads
from comments.models import Comment
from tests.base import make_comment, make_post

pytestmark = pytest.mark.django_db
STATUS = st.sampled_from(["approved", "pending", "spam", "removed"])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(STATUS, st.integers(0, 3), st.lists(STATUS, max_size=3)), min_size=1, max_size=6))
def test_a_reply_stands_behind_as_many_as_readers_find_before_it(replies):
    post, now = make_post(), timezone.now()
    for status, minute, answers in replies:
        top = above = make_comment(post, status=status, created_at=now + timedelta(minutes=minute))
        for number, answer in enumerate(answers):
            at = now + timedelta(minutes=9 + number // 2)
            above = make_comment(post, status=answer, parent=above if number else top, created_at=at)
    for comment in Comment.objects.filter(post=post):
        also = None if comment.is_approved else comment.pk
        shown = threads.read_page(post, depth=3, mine=also).threads
        top = comment.thread or comment
        assert [thread.top.pk for thread in shown].index(top.pk) == placing.tops_before(top)
        if comment.thread:
            answers = list(Comment.objects.filter(thread=top).order_by("created_at", "pk"))
            shown_below = {each.parent_id for each in answers if each.is_approved or each.pk == also}
            shown = [a.pk for a in answers if a.is_approved or a.pk == also or a.pk in shown_below]
            assert shown.index(comment.pk) == placing.answers_before(comment, also=also)
