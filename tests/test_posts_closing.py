"""Replies close: by hand, with their category, by age; and can be opened again."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from django.utils.formats import date_format

from comments.models import Comment
from ketablog import roles
from posts.models import Category, Post
from tests.base import make_category, make_comment, make_mo, make_post, make_site, make_user, reply_data

pytestmark = pytest.mark.django_db
LIST = "/admin/posts/post/"


def is_open(client, slug="sleep") -> bool:
    return 'id="reply-form"' in client.get(f"/posts/{slug}/").text


def day(moment) -> str:
    return date_format(timezone.localtime(moment))


def test_replies_close_so_many_days_after_the_article_came_out(client):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        post = make_post(slug="sleep", published=timedelta(0))
        make_comment(post)
        make_site(close_after_days=30)
        closes_at = timezone.now() + timedelta(days=30)
        clock.shift(timedelta(days=30) - timedelta(seconds=1))
        assert is_open(client)
        clock.shift(timedelta(seconds=1))
        text = client.get("/posts/sleep/").text
        assert 'id="reply-form"' not in text
        assert f'closed since <time datetime="{closes_at:%Y-%m-%d}">{day(closes_at)}</time>' in text
        assert "Thank you for this." in text
        assert f"{day(closes_at)}</time>" in client.get("/posts/sleep/comments/").text
        response = client.post("/posts/sleep/comments/", reply_data(post))
        assert response.status_code == 403
        assert "I had the same question." in response.text
        assert Comment.objects.count() == 1
        make_site(close_after_days=0)
        assert is_open(client)


def test_what_was_written_can_be_withdrawn_and_not_changed_once_replies_closed(client):
    comment = make_comment(make_post(slug="sleep", published=timedelta(days=40)))
    make_site(close_after_days=30)
    page = client.get(comment.get_own_url()).text
    assert "It can no longer be changed." in page
    assert "Withdraw it for good" in page


def test_a_category_closes_the_replies_of_its_articles(client):
    category = make_category("Depression", replies_open=False)
    make_post(slug="sleep", category=category)
    make_post(slug="other", category=make_category("Pain"))
    assert "Replies to this article are closed." in client.get("/posts/sleep/").text
    assert is_open(client, "other")
    comment = make_comment(Post.objects.get(slug="sleep"))
    assert "reply-link" not in client.get(f"/comments/{comment.pk}/thread/").text
    Category.objects.update(replies_open=True)
    assert is_open(client)


def test_the_switch_of_a_category_is_in_its_form(client, meg):
    category = make_category("Depression")
    data = {"name": "Depression", "slug": "depression", "description": ""}
    client.post(f"/admin/posts/category/{category.pk}/change/", data)
    assert Category.objects.get().replies_open is False


def test_the_page_says_since_when_replies_are_closed_by_hand(client):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        post = make_post(slug="sleep")
        post.replies_open = False
        post.save()
        closed_at = timezone.now()
        clock.shift(timedelta(days=3))
        post.save()
        assert f"{day(closed_at)}</time>" in client.get("/posts/sleep/").text
        post.replies_open = True
        post.save()
        assert is_open(client)
        assert post.replies_closed_at is None


def test_the_earlier_of_two_reasons_to_close_is_told(client):
    post = make_post(slug="sleep", published=timedelta(days=40), replies_open=False)
    make_site(close_after_days=30)
    assert f"{day(post.published_at + timedelta(days=30))}</time>" in client.get("/posts/sleep/").text


# In the list of articles


def press(client, action: str, *posts: Post):
    data = {"action": action, "_selected_action": [post.pk for post in posts]}
    return client.post(LIST, data, follow=True).text


def test_selected_articles_close_and_an_undo_opens_just_those_again(client, meg):
    first, second, third = make_post("One"), make_post("Two"), make_post("Three", replies_open=False)
    page = press(client, "close_replies", first, second, third)
    assert "Replies to 2 articles are closed." in page
    assert not Post.objects.filter(replies_open=True).exists()
    assert LogEntry.objects.filter(change_message__contains="closed").count() == 2

    undo = page.partition('class="undo"')[2].partition("</form>")[0]
    fields = re.findall(r'name="(\w+)" value="(\w+)"', undo)
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    assert "Replies to 2 articles are open" in client.post(LIST, data, follow=True).text
    assert list(Post.objects.filter(replies_open=False)) == [third]
    assert Post.objects.get(pk=first.pk).replies_closed_at is None


def test_what_is_closed_already_is_told(client, meg):
    assert "Nothing changed" in press(client, "close_replies", make_post(replies_open=False))


def test_moderators_may_close_replies_and_nothing_else(client):
    client.force_login(make_mo())
    post = make_post()
    page = client.get(LIST).text
    assert "Close the replies" in page
    assert "Publish now" not in page
    assert "Replies to 1 article are closed." in press(client, "close_replies", post)
    assert not Post.objects.get().replies_open


def test_who_may_only_look_does_not_close(client):
    client.force_login(make_user("jonas", roles.REVIEWERS))
    post = make_post()
    assert "Close the replies" not in client.get(LIST).text
    press(client, "close_replies", post)
    assert Post.objects.get().replies_open
