"""Replies stand in threads: in order, as deep as the site shows, page by page, at a constant cost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment
from tests.base import make_comment, make_mo, make_post, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(slug="sleep")


def places(text: str, *words: str) -> list[int]:
    return [text.index(word) for word in words]


def test_answers_stand_below_what_they_answer_oldest_first(client, post):
    now = timezone.now()
    first = make_comment(post, "first-top", created_at=now - timedelta(hours=5))
    make_comment(post, "second-top", created_at=now - timedelta(hours=4))
    early = make_comment(post, "early-answer", parent=first, created_at=now - timedelta(hours=3))
    make_comment(post, "late-answer", parent=first, created_at=now - timedelta(hours=2))
    make_comment(post, "deep-answer", parent=early, created_at=now - timedelta(hours=1))
    text = client.get("/posts/sleep/").text
    found = places(text, "first-top", "early-answer", "deep-answer", "late-answer", "second-top")
    assert found == sorted(found)
    assert "5 replies" in text


def test_a_deeper_answer_stands_at_the_last_level_and_says_whom_it_answers(client, post):
    make_site(thread_depth=2)
    parent = make_comment(post, "one", name="Nora")
    for name in ("Omar", "Pia"):
        parent = make_comment(post, f"by {name}", name=name, parent=parent)
    text = client.get("/posts/sleep/").text
    assert "depth-3" not in text
    assert text.count("depth-2") == 2
    pia = text[text.index("by Pia") - 900 : text.index("by Pia")]
    assert "in answer to" in pia
    assert "Omar" in pia


def test_a_removed_reply_with_answers_leaves_a_placeholder_without_its_words(client, post):
    gone = make_comment(post, "words that went", name="Gone Person", status="removed")
    make_comment(post, "an answer that stays", parent=gone)
    text = client.get("/posts/sleep/").text
    assert "A reply that is no longer here" in text
    assert "words that went" not in text
    assert "Gone Person" not in text
    assert "an answer that stays" in text
    assert "One reply" in text


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_what_is_not_approved_is_nowhere(client, post, status):
    hidden = make_comment(post, "not for the public", status=status)
    make_comment(post, "hidden below", parent=hidden, status=status)
    for address in ("/posts/sleep/", "/comments/feed/"):
        text = client.get(address).text
        assert "not for the public" not in text
        assert "hidden below" not in text
    assert client.get(f"/comments/{hidden.pk}/").status_code == 404
    assert "No replies yet" in client.get("/posts/sleep/").text


def test_fifty_threads_make_a_page_and_the_permalink_opens_the_right_one(client, post):
    now = timezone.now()
    tops = [make_comment(post, f"top-{n:03}", created_at=now - timedelta(minutes=200 - n)) for n in range(51)]
    answer = make_comment(post, "late answer to the last", parent=tops[50])
    first, second = client.get("/posts/sleep/").text, client.get("/posts/sleep/?comments=2").text
    assert "top-049" in first
    assert "top-050" not in first
    assert "top-050" in second
    assert "late answer to the last" in second
    for comment in (tops[50], answer):
        assert client.get(f"/comments/{comment.pk}/")["Location"] == f"/posts/sleep/?comments=2#comment-{comment.pk}"
    assert client.get(f"/comments/{tops[0].pk}/")["Location"] == f"/posts/sleep/#comment-{tops[0].pk}"


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "1.5", "9" * 40])
def test_a_page_of_replies_that_is_none_is_not_found(client, post, number):
    response = client.get("/posts/sleep/", {"comments": number})
    assert response.status_code == 404
    assert "no such page of replies" in response.text


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 30])
def test_a_permalink_that_is_none_is_not_found(client, number):
    assert client.get(f"/comments/{number}/").status_code == 404


def test_the_permalink_of_a_withdrawn_article_is_not_found(client, post):
    comment = make_comment(post)
    type(post).objects.update(withdrawn_at=timezone.now())
    assert client.get(f"/comments/{comment.pk}/").status_code == 404


def test_the_cost_of_a_page_does_not_grow_with_the_replies(client, post, django_assert_num_queries):
    mo = make_mo()
    make_comment(post, user=mo)
    with django_assert_num_queries(5) as few:
        client.get("/posts/sleep/")
    for _ in range(30):
        top = make_comment(post, user=mo)
        make_comment(post, parent=make_comment(post, parent=top), user=mo)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get("/posts/sleep/")


def test_the_feed_of_replies_holds_the_newest_and_no_address(client, post):
    make_comment(post, "In the *feed*", name="Rita & Co")
    response = client.get("/comments/feed/")
    assert response["Content-Type"].startswith("application/rss+xml")
    assert "Rita &amp; Co" in response.text
    assert "&lt;em&gt;feed&lt;/em&gt;" in response.text
    assert "rita@example.org" not in response.text


def test_the_same_name_has_the_same_avatar_and_the_address_plays_no_part(post):
    one, other = make_comment(post, name="Rita Reader"), make_comment(post, name="rita reader", email="x@example.org")
    assert (one.initials, one.hue) == ("RR", other.hue)


def test_visible_and_shown_agree(client, post):
    for status in Comment.Status.values:
        make_comment(post, f"state-{status}", status=status)
    shown = {status for status in Comment.Status.values if f"state-{status}" in client.get("/posts/sleep/").text}
    assert shown == set(Comment.objects.visible().values_list("status", flat=True)) == {"approved"}
