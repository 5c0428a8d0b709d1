"""What to read after an article: related ones, and its neighbors in time."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.models import Post, SearchEntry
from posts.publishing import settle
from posts.related import neighbors, related_to
from tests.base import make_category, make_post

pytestmark = pytest.mark.django_db


def read(post: Post) -> Post:
    """The article as its own page reads it."""
    return Post.objects.for_page().get(pk=post.pk)


def titles(posts: list[Post]) -> list[str]:
    return [post.title for post in posts]


def test_shared_tags_come_before_the_category_and_that_before_the_text(put):
    pain = make_category("Pain")
    put("Says much the same", body="<p>Capsaicin patches warm the skin.</p>", published=timedelta(days=5))
    put("Same category", category=pain, published=timedelta(days=30))
    put("One tag", tags=("Skin",), published=timedelta(days=40))
    put("Two tags", tags=("Skin", "Nerves"), published=timedelta(days=50))
    put("Nothing in common", published=timedelta(hours=1))
    post = put(
        "Patches", tags=("Skin", "Nerves"), category=pain, body="<p>Capsaicin patches warm the skin of some.</p>"
    )
    assert titles(related_to(read(post))) == ["Two tags", "One tag", "Same category"]
    Post.objects.get(title="Two tags").tags.clear()
    assert titles(related_to(read(post))) == ["One tag", "Same category", "Says much the same"]


def test_among_those_that_share_as_much_the_one_that_says_most_alike_comes_first(put):
    pain = make_category("Pain")
    put("Far", category=pain, body="<p>Something about horses and harbors.</p>", published=timedelta(hours=1))
    put("Near", category=pain, body="<p>Capsaicin patches warm the skin.</p>", published=timedelta(days=9))
    put("Elsewhere", body="<p>Horses.</p>")
    post = put("Patches", category=pain, body="<p>Capsaicin patches warm the skin of some.</p>")
    assert titles(related_to(read(post))) == ["Near", "Far"]


def test_only_what_the_public_may_read_now_is_related_and_never_the_article_itself(put):
    for name, fields in {
        "Draft": {"published": None},
        "Scheduled": {"published": -timedelta(days=1)},
        "Withdrawn": {"withdrawn_at": timezone.now()},
    }.items():
        put(name, tags=("Sleep",), body="<p>Melatonin and the night.</p>", **fields)
    post = put("Melatonin", tags=("Sleep",), body="<p>Melatonin and the night.</p>")
    assert related_to(read(post)) == []


def test_without_tags_and_category_the_text_alone_decides(put):
    for number in range(3):
        put(f"Horses {number}", category=make_category(f"Topic {number}"), tags=(f"Tag {number}",))
    put("Near", body="<p>Capsaicin patches warm the skin.</p>")
    post = put("Patches", body="<p>Capsaicin patches warm the skin of some.</p>")
    assert titles(related_to(read(post))) == ["Near"]


def test_an_article_alone_has_no_related_ones_and_nothing_is_shown(put):
    post = put("Alone")
    assert related_to(read(post)) == []
    assert related_to(make_post("Never indexed")) == []
    assert render_to_string("posts/_related.html", {"related": []}).strip() == ""


def test_likeness_goes_by_telling_words_not_by_those_that_all_articles_have(put):
    for number in range(6):
        put(f"Patient report {number}", body="<p>Patients in our clinic receive treatment with care.</p>")
    near = put("Ringing ears", body="<p>Tinnitus is a ringing. Patients in our clinic receive care.</p>")
    post = put("What tinnitus is", body="<p>Tinnitus rings. Patients in our clinic receive treatment.</p>")
    assert SearchEntry.objects.get(pk=post.pk).similar[0] == near.pk


def test_saving_renews_an_articles_own_likeness_and_rebuilding_that_of_all(put, django_capture_on_commit_callbacks):
    for number in range(4):
        put(f"Other {number}")
    first = put("Tinnitus", body="<p>Tinnitus at night.</p>")
    second = put("Hearing", body="<p>Tinnitus by day.</p>")
    assert SearchEntry.objects.get(pk=first.pk).similar == []
    assert SearchEntry.objects.get(pk=second.pk).similar == [first.pk]
    with django_capture_on_commit_callbacks(execute=True):
        settle(first)
    assert SearchEntry.objects.get(pk=first.pk).similar == [second.pk]
    SearchEntry.objects.update(similar=[])
    call_command("rebuild_search")
    assert SearchEntry.objects.get(pk=first.pk).similar == [second.pk]


def test_a_failure_to_compare_loses_no_article(put, monkeypatch, caplog):
    def fail(pk: int) -> None:
        raise RuntimeError

    monkeypatch.setattr("posts.search.likeness.renew", fail)
    post = put("Kept")
    assert Post.objects.filter(pk=post.pk).exists()
    assert "Error calling" in caplog.text


def test_neighbors_are_the_public_articles_published_just_before_and_after(put):
    old, middle, new = (make_post(f"Day {days}", published=timedelta(days=days)) for days in (9, 6, 3))
    make_post("Draft", published=None)
    make_post("Taken back", published=timedelta(days=5), withdrawn_at=timezone.now())
    assert neighbors(middle) == (old, new)
    assert neighbors(old) == (None, middle)
    assert neighbors(new) == (middle, None)
    assert neighbors(make_post("Tomorrow", published=-timedelta(days=1))) == (new, None)
    assert neighbors(make_post("Never", published=None)) == (None, None)


def test_articles_of_one_moment_are_gone_through_one_by_one():
    at = timezone.now() - timedelta(days=1)
    posts = [make_post(f"Part {number}", published=at) for number in range(4)]
    walked = [posts[0]]
    while (newer := neighbors(walked[-1])[1]) is not None:
        walked.append(newer)
    assert walked == posts
    assert neighbors(posts[2])[0] == posts[1]


def test_each_takes_one_query_and_what_a_card_shows_takes_none(put):
    category = make_category()
    for number in range(8):
        put(f"Pain {number}", tags=("Pain", "Sleep"), category=category, standfirst="Words.")
    post = read(Post.objects.order_by("published_at")[4])
    with CaptureQueriesContext(connection) as captured:
        related, (older, newer) = related_to(post), neighbors(post)
        text = render_to_string("posts/_related.html", {"related": related})
        text += render_to_string("posts/_neighbors.html", {"older": older, "newer": newer})
    assert len(captured) == 2
    assert len(re.findall("<h3>", text)) == 3


def test_cards_show_title_standfirst_and_date_and_neighbors_say_which_way_they_lead():
    older = make_post("<Older>", standfirst="In <short>.", published=timedelta(days=3))
    newer = make_post("Newer", published=timedelta(days=1))
    related = render_to_string("posts/_related.html", {"related": [older]})
    assert f'<a href="{older.get_absolute_url()}">&lt;Older&gt;</a>' in related
    assert "In &lt;short&gt;." in related
    assert "<time datetime=" in related
    both = render_to_string("posts/_neighbors.html", {"older": older, "newer": newer})
    assert re.search(r'rel="prev" href="/posts/older/">.*Previous article.*&lt;Older&gt;', both)
    assert re.search(r'rel="next" href="/posts/newer/">.*Next article.*Newer', both)
    assert render_to_string("posts/_neighbors.html", {"older": None, "newer": None}).strip() == ""
