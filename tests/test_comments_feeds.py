"""Replies go out to feed readers: of all articles, and of one."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation
from tests.base import make_comment, make_mo, make_person, make_post, make_site, make_user

pytestmark = pytest.mark.django_db

CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
ALL, ONE = "/comments/feed/", "/posts/sleep/feed/"


@pytest.fixture
def post():
    return make_post("Sleep", slug="sleep")


def channel(client, address: str) -> ElementTree.Element:
    return ElementTree.fromstring(client.get(address).content).find("channel")  # noqa: S314 (our own words)


def test_all_replies_name_their_article_and_lead_to_their_place(client, post):
    make_site(name="Harbor")
    reply = make_comment(post, "Thank [you](/about/), see #x.")
    found = channel(client, ALL)
    assert found.findtext("title") == "Harbor: replies"
    assert found.findtext("link") == "http://testserver/"
    (item,) = found.findall("item")
    assert item.findtext("title") == "Rita on “Sleep”"
    assert item.findtext("link") == f"http://testserver/comments/{reply.pk}/"
    assert item.findtext(CREATOR) == "Rita"
    assert "Thank" in item.findtext("description")


def test_an_article_has_a_feed_of_its_own_replies_and_its_page_names_it(client, post):
    make_comment(post, "Here.")
    make_comment(make_post("Another"), "There.")
    found = channel(client, ONE)
    assert found.findtext("title") == "Sleep: replies"
    assert found.findtext("link") == "http://testserver/posts/sleep/"
    (item,) = found.findall("item")
    assert item.findtext("title") == "Rita"
    assert "Here." in item.findtext("description")
    assert 'title="Replies to “Sleep”" href="http://testserver/posts/sleep/feed/"' in client.get("/posts/sleep/").text


def test_one_of_the_staff_replies_with_credentials(client, post):
    user = make_user("jonas")
    make_person(name="Jonas Weber", credentials="PhD", user=user)
    make_comment(post, name="Jonas Weber", user=user)
    assert channel(client, ONE).findtext(f"item/{CREATOR}") == "Jonas Weber, PhD"


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_what_is_not_public_is_in_no_feed(client, post, status):
    make_comment(post, "Secret.", status=status)
    for address in (ALL, ONE):
        assert "Secret." not in client.get(address).text


def test_replies_of_an_article_that_is_not_public_are_never_given_out(client):
    for slug, fields in {
        "draft": {"published": None},
        "tomorrow": {"published": -timedelta(days=1)},
        "gone": {"withdrawn_at": timezone.now()},
    }.items():
        make_comment(make_post(slug=slug, **fields), "Secret.")
    assert "Secret." not in client.get(ALL).text
    answers = {slug: client.get(f"/posts/{slug}/feed/") for slug in ("draft", "tomorrow", "gone", "nowhere")}
    assert {slug: answer.status_code for slug, answer in answers.items()} == {
        "draft": 404,
        "tomorrow": 404,
        "gone": 410,
        "nowhere": 404,
    }
    assert "This article was taken back" in answers["gone"].text
    assert not any("Secret." in answer.text for answer in answers.values())


@pytest.mark.parametrize("address", [ALL, ONE])
def test_who_has_the_newest_gets_no_second_copy_until_a_reply_is_taken_away(client, post, address):
    make_comment(post, "Stays.")
    reply = make_comment(post, "Goes.")
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    assert client.get(address, headers={"if-modified-since": first.headers["Last-Modified"]}).status_code == 304
    moderation.remove(reply, by=make_mo(), text_version=1)
    after = client.get(address, headers={"if-modified-since": first.headers["Last-Modified"]})
    assert after.status_code == 200
    assert "Goes." not in after.text


def test_characters_that_xml_cannot_hold_do_not_break_the_feed(client, post):
    make_comment(post, "Odd\x0b \ufffe text ]]> </item>", name="Ri\x01ta </title>")
    (item,) = channel(client, ONE).findall("item")
    assert item.findtext("title") == "Rita </title>"
    assert "]]&gt; &lt;/item&gt;" in item.findtext("description")


@pytest.mark.parametrize("address", [ALL, ONE])
def test_a_feed_of_replies_costs_three_queries_however_long(client, post, address):
    for number in range(5):
        make_comment(post, user=make_user(f"staff-{number}"))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) <= 3


@pytest.mark.parametrize("address", [ALL, ONE])
def test_a_feed_is_only_read(client, post, address):
    assert client.post(address).status_code == 405
