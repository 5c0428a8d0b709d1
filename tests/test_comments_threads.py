"""Replies stand in threads: in order, as deep as the site shows, page by page, at a constant cost."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import threads
from comments.models import Comment
from tests.base import make_comment, make_mo, make_post, make_site, reply_data

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


# Long threads


def make_thread(post, answers: int, **fields) -> Comment:
    """A thread with so many answers, `answer-000` first, each a second after the one before."""
    now = timezone.now()
    top = make_comment(post, "a long thread", created_at=now - timedelta(days=2))
    Comment.objects.bulk_create(
        Comment(
            post=post,
            parent=top,
            thread=top,
            name="Nora",
            html=f"<p>answer-{number:03}</p>",
            status="approved",
            created_at=now - timedelta(days=1) + timedelta(seconds=number),
            **fields,
        )
        for number in range(answers)
    )
    return top


def test_a_hundred_answers_of_a_thread_stand_under_the_article_and_the_rest_on_pages_of_their_own(client, post):
    top = make_thread(post, 237)
    article = client.get("/posts/sleep/").text
    assert "answer-099" in article
    assert "answer-100" not in article
    assert "238 replies" in article
    assert f'<a href="/comments/{top.pk}/thread/?page=2">137 more answers in this thread</a>' in article

    second, third = (client.get(f"/comments/{top.pk}/thread/", {"page": page}) for page in (2, 3))
    assert "a long thread" in second.text
    assert [f"answer-{n}" in second.text for n in ("099", "100", "199", "200")] == [False, True, True, False]
    assert [f"answer-{n}" in third.text for n in ("199", "200", "236")] == [False, True, True]
    assert "Page 3 of 3" in third.text
    assert second["X-Robots-Tag"] == "noindex"
    assert f'<link rel="canonical" href="http://testserver/comments/{top.pk}/thread/?page=2">' in second.text
    assert not second.cookies
    assert "answer-000" in client.get(f"/comments/{top.pk}/thread/").text


def test_one_answer_beyond_the_hundred_is_named_in_the_singular(client, post):
    make_thread(post, 101)
    assert "1 more answer in this thread" in client.get("/posts/sleep/").text


def test_exactly_a_hundred_answers_need_no_other_page(client, post):
    top = make_thread(post, 100)
    assert "more answer" not in client.get("/posts/sleep/").text
    assert client.get(f"/comments/{top.pk}/thread/?page=2").status_code == 404


def test_held_and_removed_answers_count_for_nothing_in_a_long_thread(client, post):
    top = make_thread(post, 102)
    last = Comment.objects.filter(thread=top).order_by("-created_at")
    Comment.objects.filter(pk=last[0].pk).update(status="pending")
    assert "1 more answer in this thread" in client.get("/posts/sleep/").text
    assert "answer-101" not in client.get(f"/comments/{top.pk}/thread/?page=2").text


def test_the_permalink_of_an_answer_beyond_the_hundredth_leads_to_the_page_of_its_thread(client, post):
    top = make_thread(post, 201)
    answers = list(Comment.objects.filter(thread=top).order_by("created_at"))
    places = {99: "/posts/sleep/", 100: f"/comments/{top.pk}/thread/?page=2", 200: f"/comments/{top.pk}/thread/?page=3"}
    for place, page in places.items():
        response = client.get(f"/comments/{answers[place].pk}/")
        assert response["Location"] == f"{page}#comment-{answers[place].pk}"
        assert f'id="comment-{answers[place].pk}"' in client.get(page).text


def test_an_answer_to_one_on_another_page_says_whom_it_answers_and_leads_there(client, post):
    top = make_thread(post, 100)
    first = Comment.objects.filter(thread=top).earliest("created_at")
    Comment.objects.filter(pk=first.pk).update(name="Omar")
    make_comment(post, "late words to Omar", parent=first)
    text = client.get(f"/comments/{top.pk}/thread/?page=2").text
    assert f'in answer to <a href="/comments/{first.pk}/" rel="nofollow"><bdi>Omar</bdi></a>' in text
    assert "late words to Omar" in text
    assert "depth-3" not in text


def test_a_reply_that_waits_beyond_the_hundredth_answer_is_shown_to_its_writer_there(client, post):
    top = make_thread(post, 100)
    held = make_comment(post, "my own words", parent=top, status="pending")
    address = threads.address_on_page(held, own=True)
    assert address.startswith(f"/comments/{top.pk}/thread/?page=2&mine=")
    response = client.get(address)
    assert "my own words" in response.text
    assert "awaiting moderation" in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert client.get(f"/comments/{top.pk}/thread/?page=2").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "9" * 40])
def test_a_page_of_a_thread_that_is_none_is_not_found(client, post, page):
    top = make_thread(post, 3)
    assert client.get(f"/comments/{top.pk}/thread/", {"page": page}).status_code == 404


def test_the_thread_of_a_reply_that_nobody_may_see_is_not_found(client, post):
    held = make_comment(post, status="pending")
    answer = make_comment(post, parent=make_comment(post))
    draft = make_comment(make_post(published=None))
    for number in (held.pk, answer.pk, draft.pk, 999_999, "9" * 30):
        assert client.get(f"/comments/{number}/thread/").status_code == 404


def test_a_removed_reply_heads_the_page_of_its_thread_as_a_placeholder(client, post):
    top = make_thread(post, 101)
    Comment.objects.filter(pk=top.pk).update(status="removed")
    text = client.get(f"/comments/{top.pk}/thread/?page=2").text
    assert "A reply that is no longer here" in text
    assert "a long thread" not in text
    assert "answer-100" in text


def test_the_first_page_costs_the_same_with_thousands_of_replies(client, post, django_assert_num_queries):
    make_thread(post, 1)
    with django_assert_num_queries(5):
        client.get("/posts/sleep/")
    for _ in range(3):
        top = make_thread(post, 1500)
    now = timezone.now()
    Comment.objects.bulk_create(
        Comment(post=post, name="Nora", status="approved", created_at=now + timedelta(seconds=n)) for n in range(1500)
    )
    for order in ("", "newest", "staff"):
        with rows_fetched() as fetched, django_assert_num_queries(5):
            assert "6005 replies" in client.get("/posts/sleep/", {"order": order} if order else {}).text
        assert max(fetched) <= threads.THREADS_A_PAGE * (threads.ANSWERS_A_PAGE + 1)
    with rows_fetched() as fetched, django_assert_num_queries(5):
        client.get(f"/comments/{top.pk}/thread/?page=15")
    assert max(fetched) <= threads.ANSWERS_A_PAGE


@contextmanager
def rows_fetched():
    """How many rows each SELECT gives, asked once more."""
    with CaptureQueriesContext(connection) as captured:
        fetched: list[int] = []
        yield fetched
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({query['sql']}) AS found")  # noqa: S608 (our own SQL)
            fetched.append(cursor.fetchone()[0])


# The order


@pytest.fixture
def three_threads(post):
    now = timezone.now()
    old, middle, new = (
        make_comment(post, f"{word}-top", created_at=now - timedelta(hours=hours))
        for word, hours in (("old", 5), ("middle", 4), ("new", 3))
    )
    make_comment(post, "a reading answer", parent=middle, created_at=now - timedelta(hours=2))
    make_comment(post, "a staff answer", parent=middle, user=make_mo(), created_at=now - timedelta(hours=1))
    return old, middle, new


def test_the_reader_chooses_the_order_by_a_link(client, three_threads):
    default = client.get("/posts/sleep/").text
    newest = client.get("/posts/sleep/?order=newest").text
    staff = client.get("/posts/sleep/?order=staff").text

    tops = ("old-top", "middle-top", "new-top")
    assert places(default, *tops) == sorted(places(default, *tops))
    assert places(newest, *reversed(tops)) == sorted(places(newest, *tops))
    assert places(staff, "middle-top", "old-top", "new-top") == sorted(places(staff, *tops))
    answers = ("a reading answer", "a staff answer")
    assert places(default, *answers) == sorted(places(default, *answers))
    assert places(newest, *answers) == sorted(places(newest, *answers))
    assert places(staff, *answers) == sorted(places(staff, *answers), reverse=True)


def test_the_links_to_other_orders_are_not_followed_and_the_default_page_is_the_canonical_one(client, three_threads):
    response = client.get("/posts/sleep/?order=newest")
    assert '<a href="/posts/sleep/?order=staff#replies" rel="nofollow">Staff replies first</a>' in response.text
    assert '<a href="/posts/sleep/#replies" rel="nofollow">Oldest first</a>' in response.text
    current = '<a href="/posts/sleep/?order=newest#replies" rel="nofollow" aria-current="true">Newest first</a>'
    assert current in response.text
    assert '<link rel="canonical" href="http://testserver/posts/sleep/">' in response.text
    assert not response.cookies


def test_one_thread_has_no_order_to_choose(client, post):
    make_comment(post, parent=make_comment(post))
    assert "Newest first" not in client.get("/posts/sleep/").text


def test_pages_keep_the_order_and_the_permalink_leads_to_the_default_one(client, post):
    now = timezone.now()
    tops = [make_comment(post, f"top-{n:03}", created_at=now - timedelta(minutes=200 - n)) for n in range(51)]
    first = client.get("/posts/sleep/?order=newest").text
    assert "top-050" in first
    assert "top-000" not in first
    assert 'href="/posts/sleep/?comments=2&amp;order=newest#replies">Older replies</a>' in first
    second = client.get("/posts/sleep/?comments=2&order=newest").text
    assert "top-000" in second
    assert 'href="/posts/sleep/?order=newest#replies">Newer replies</a>' in second
    assert '<link rel="canonical" href="http://testserver/posts/sleep/">' in second
    assert client.get(f"/comments/{tops[0].pk}/")["Location"] == f"/posts/sleep/#comment-{tops[0].pk}"


@pytest.mark.parametrize("order", ["oldest", "NEWEST", "-created_at", "x\0"])
def test_an_order_that_there_is_not_is_not_found(client, post, order):
    response = client.get("/posts/sleep/", {"order": order})
    assert response.status_code == 404
    assert "no such order of replies" in response.text


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Sam (Dr.)", "SD"), ("(Sam)", "S"), ("  7 of Nine", "ON"), ("ängström øre x", "ÄØ"), ("42", "4"), ("🙂 !", "🙂")],
)
def test_the_avatar_shows_letters_only_where_there_are_any(name, initials):
    assert Comment(name=name).initials == initials


def test_who_just_answered_in_a_long_thread_finds_the_private_link_there(client, post):
    make_site(moderation_policy="publish_clean")
    top = make_comment(post)
    for _number in range(100):
        make_comment(post, parent=top)
    sent = client.post(f"/posts/{post.slug}/comments/", reply_data(post, parent=str(top.pk)))
    assert sent.status_code == 303
    assert sent["Location"].startswith(f"/comments/{top.pk}/thread/?page=2&new=")
    there = client.get(sent["Location"])
    assert 'href="/replies/' in there.text
    assert "no-store" in there.headers["Cache-Control"]
    assert 'href="/replies/' not in client.get(f"/comments/{top.pk}/thread/?page=2").text
