"""Where a reply stands: on the page where readers find it."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import placing, threads
from comments.models import Comment
from posts.models import Post
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
            answers = Comment.objects.answers_in([top.pk], also=also).oldest_first()
            assert list(answers).index(comment) == placing.answers_before(comment, also=also)


def test_the_address_of_an_answer_leads_to_where_it_is_shown(client):
    post = make_post()
    with patch.object(threads, "ANSWERS_A_PAGE", 2):
        top = make_comment(post)
        # Whatever is answered takes a place, even where nobody sees it.
        make_comment(post, status="pending", parent=make_comment(post, status="spam", parent=top))
        answers = [make_comment(post, parent=top) for _ in range(4)]
        assert [threads.address_on_page(answer).rpartition("#")[0] for answer in answers] == [
            post.get_absolute_url(),
            *[f"/comments/{top.pk}/thread/?page=2"] * 2,
            f"/comments/{top.pk}/thread/?page=3",
        ]
        for answer in answers:
            assert f'id="comment-{answer.pk}"' in client.get(threads.address_on_page(answer)).text


def test_a_reply_of_an_article_that_was_deleted_stands_first():
    top = make_comment(make_post())
    answer = make_comment(top.post, parent=top)
    Comment.objects.all().delete()
    Post.objects.all().delete()
    assert (placing.tops_before(top), placing.answers_before(answer)) == (0, 0)
