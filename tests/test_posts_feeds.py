"""Articles go out to feed readers, whole, in three formats."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date
from hypothesis import given
from hypothesis import strategies as st

from posts.feed_text import stand_alone
from posts.models import Correction, Image, Person, Post, Reference, Tag
from tests.base import make_category, make_image, make_person, make_post, make_site

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
FORMATS = ["/feed/", "/feed/atom/", "/feed.json"]
TOPICS = ["/category/depression/feed/", "/tag/research/feed/", "/author/ada-writer/feed/"]


def tree(client, address: str) -> ElementTree.Element:
    return ElementTree.fromstring(client.get(address).content)  # noqa: S314 (our own words)


def items(client) -> list[ElementTree.Element]:
    return tree(client, "/feed/").findall("channel/item")


def test_rss_carries_the_whole_text_with_writer_categories_and_address(client):
    post = make_post("Sleep", slug="sleep", standfirst="In short.", category=make_category("Depression"))
    post.tags.add(Tag.objects.create(name="Research"))
    (item,) = items(client)
    assert item.findtext("title") == "Sleep"
    assert item.findtext("link") == "http://testserver/posts/sleep/"
    assert item.findtext("description") == "In short."
    assert "What we know, and what we do not." in item.findtext(CONTENT)
    assert [found.text for found in item.findall("category")] == ["Depression", "Research"]
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Ada Writer, MD"


def test_atom_carries_the_same(client):
    make_post("Sleep", slug="sleep")
    entry = tree(client, "/feed/atom/").find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Sleep"
    assert "What we know" in entry.findtext(f"{ATOM}content")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada Writer, MD"
    assert entry.findtext(f"{ATOM}updated")


def test_the_name_of_an_item_stays_when_its_title_and_address_change(client):
    post = make_post("Sleep", slug="sleep")
    before = items(client)[0].findtext("guid")
    post.title, post.slug = "Rest", "rest"
    post.save()
    assert items(client)[0].findtext("guid") == before


def test_links_and_images_lead_home_from_anywhere(client):
    image = make_image()
    make_post(
        slug="sleep",
        cover=image,
        body=f'<p><a href="/about/">us</a> <a href="#more">more</a> <a href="https://fda.gov/?a=1&amp;b=2">FDA</a> '
        f'src="/x"</p><img src="/images/{image.pk}/" alt="1 > 0">',
    )
    text = items(client)[0].findtext(CONTENT)
    assert text.count(f'src="http://testserver{image.file.url}"') == 2
    assert 'href="http://testserver/about/"' in text
    assert 'href="http://testserver/posts/sleep/#more"' in text
    assert 'href="https://fda.gov/?a=1&amp;b=2"' in text
    assert 'src="/x"' in text


def test_characters_that_xml_cannot_hold_do_not_break_the_feed(client):
    make_post("Odd\x0b title", slug="odd", standfirst="a\x1fb", key_points="c\x0ed\x01")
    (item,) = items(client)
    assert item.findtext("title") == "Odd title"
    assert "<li>cd</li>" in item.findtext(CONTENT)


def test_feeds_hold_what_is_public_newest_first(client):
    make_post("Older", published=timedelta(days=2))
    make_post("Newer")
    make_post("Draft", published=None)
    make_post("Taken back", withdrawn_at=timezone.now())
    assert [item.findtext("title") for item in items(client)] == ["Newer", "Older"]


def test_pages_name_the_feeds(client):
    make_site(name="Harbor")
    text = client.get("/").text
    assert 'type="application/rss+xml" title="Harbor" href="http://testserver/feed/"' in text
    assert 'type="application/atom+xml" title="Harbor" href="http://testserver/feed/atom/"' in text
    assert 'type="application/feed+json" title="Harbor" href="http://testserver/feed.json"' in text


def full_post(**fields) -> Post:
    """An article with all that a feed can tell of one."""
    cover = Image(alt="A quiet harbor", width=1600, height=900)
    cover.file.save("harbor.webp", ContentFile(b"RIFF" + b"x" * 96))
    post = make_post(
        "Sleep", slug="sleep", standfirst="In short.", cover=cover, category=make_category("Depression"), **fields
    )
    post.tags.set([Tag.objects.create(name=name) for name in ("Research", "Infusions")])
    Reference.objects.create(post=post, position=2, title="A label", source="FDA", year=2021)
    Reference.objects.create(post=post, position=1, title="A trial", source="Pain", year=2020, doi="10.1000/1")
    Correction.objects.create(post=post, corrected_on="2026-01-02", text="It said 5, it is 6.")
    return post


def test_json_feed_carries_everything(client):
    post = full_post()
    response = client.get("/feed.json")
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "http://testserver/"
    assert feed["feed_url"] == "http://testserver/feed.json"
    (item,) = feed["items"]
    picture = f"http://testserver{post.cover.file.url}"
    assert item["url"] == "http://testserver/posts/sleep/"
    assert item["title"] == "Sleep"
    assert item["summary"] == "In short."
    assert item["authors"] == [{"name": "Ada Writer, MD", "url": "http://testserver/author/ada-writer/"}]
    assert item["tags"] == ["Depression", "Infusions", "Research"]
    assert item["image"] == picture
    assert item["attachments"] == [{"url": picture, "mime_type": "image/webp", "size_in_bytes": 100}]
    assert "What we know" in item["content_html"]
    assert datetime.fromisoformat(item["date_published"]) == post.published_at
    assert datetime.fromisoformat(item["date_modified"]) == post.changed_at


def test_the_cover_is_enclosed_with_its_size_and_type(client):
    post = full_post()
    picture = f"http://testserver{post.cover.file.url}"
    expected = {"url": picture, "length": "100", "type": "image/webp"}
    assert items(client)[0].find("enclosure").attrib == expected
    (link,) = tree(client, "/feed/atom/").findall(f"{ATOM}entry/{ATOM}link[@rel='enclosure']")
    assert link.attrib == {"rel": "enclosure", "href": picture, "length": "100", "type": "image/webp"}


def test_a_cover_whose_file_is_gone_breaks_no_feed(client):
    make_post(cover=make_image())
    assert items(client)[0].find("enclosure") is None
    assert "attachments" not in client.get("/feed.json").json()["items"][0]


def test_the_text_ends_with_references_in_their_order_corrections_and_the_disclaimer(client):
    make_site(name="Harbor", disclaimer="This is not advice.")
    full_post()
    text = items(client)[0].findtext(CONTENT)
    words = ["What we know", "References", "A trial", "A label", "Corrections", "It said 5", "This is not advice."]
    found = [text.index(word) for word in [*words, "Read it at Harbor"]]
    assert found == sorted(found)
    assert 'href="https://doi.org/10.1000/1"' in text
    assert "tel:988" not in text


def test_an_article_that_shows_the_help_lines_shows_them_in_feeds(client):
    make_post(shows_help_lines=True)
    assert 'href="tel:988"' in items(client)[0].findtext(CONTENT)


def test_a_title_for_sharing_changes_no_feed(client):
    make_post("Sleep", share_title="Something worth reading")
    for address in FORMATS:
        assert "Something worth reading" not in client.get(address).text


def test_an_item_says_when_its_text_last_changed(client):
    post = make_post("Sleep")
    post.body = "<p>What we know now.</p>"
    post.save()
    updated = datetime.fromisoformat(items(client)[0].findtext(f"{ATOM}updated"))
    assert updated == post.revised_at


HOSTILE = ["</script>&amp;<b>", "]]>", "&lt;!--", "a \"quoted\" 'title'", "\x08\x0b\x1f\ufffe\uffff", "🫀 心 سلام"]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_title_stays_a_title(client, words):
    make_site(name=f"Harbor {words}", tagline=words)
    make_person(name=f"Eve {words}", slug="eve")
    post = make_post(
        f"About {words}",
        slug="odd",
        standfirst=words,
        key_points=words,
        category=make_category(f"Topic {words}", slug="depression"),
    )
    shown = " ".join("".join(c for c in post.title if c.isprintable() or c.isspace()).split())
    assert items(client)[0].findtext("title") == shown
    assert tree(client, "/feed/atom/").findtext(f"{ATOM}entry/{ATOM}title") == shown
    (item,) = client.get("/feed.json").json()["items"]
    assert item["title"] == shown
    assert f"About {item.get('summary', '')}".strip() == shown
    assert html.unescape(items(client)[0].findtext("description")) == item.get("summary", "")
    assert tree(client, "/category/depression/feed/").find("channel/item") is not None


# The text on its own


def test_what_means_nothing_elsewhere_is_left_out():
    text = stand_alone(
        '<h2 id="dose">Dose</h2><div class="table-box" tabindex="0" role="region" aria-labelledby="t"><table><caption '
        'id="t">Doses</caption><tbody><tr><th scope="row">A</th><td colspan="2">1</td></tr></tbody></table></div>'
        '<aside class="callout callout-warning"><p>Careful &amp; slowly.</p></aside><svg><title>x</title></svg>'
        '<p>Known<sup><a href="#ref-1" id="mark-1">[1]</a></sup></p>',
        "https://clinic.example/posts/sleep/",
    )
    assert text == (
        '<h2>Dose</h2><div><table><caption>Doses</caption><tbody><tr><th scope="row">A</th><td colspan="2">1</td></tr>'
        "</tbody></table></div><blockquote><p>Careful &amp; slowly.</p></blockquote>"
        '<p>Known<sup><a href="https://clinic.example/posts/sleep/#ref-1">[1]</a></sup></p>'
    )


def test_a_picture_comes_in_its_one_plain_size():
    text = stand_alone(
        '<picture><source type="image/avif" srcset="/media/a-480.avif 480w, /media/a-960.avif 960w" sizes="100vw">'
        '<img src="/media/a.webp" alt="1 &gt; 0" width="9" height="9" loading="lazy" decoding="async"></picture>',
        "https://clinic.example/posts/sleep/",
    )
    assert text == '<img src="https://clinic.example/media/a.webp" alt="1 &gt; 0" width="9" height="9">'


@given(st.text())
def test_whatever_an_address_holds_the_text_comes_through(address):
    text = stand_alone(f'<p><a href="{html.escape(address)}">Words</a></p>', "https://clinic.example/posts/sleep/")
    assert "Words</a></p>" in text
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text)


# By topic and writer


@pytest.mark.parametrize("address", TOPICS)
def test_a_topic_has_a_feed_of_its_own_articles(client, address):
    full_post()
    make_post("Elsewhere", writer=make_person(name="Nora Quill"))
    channel = tree(client, address).find("channel")
    assert [item.findtext("title") for item in channel.findall("item")] == ["Sleep"]
    assert channel.findtext("link") == f"http://testserver{address.removesuffix('feed/')}"
    assert channel.find(f"{ATOM}link").attrib == {"rel": "self", "href": f"http://testserver{address}"}
    page = client.get(address.removesuffix("feed/")).text
    assert f'href="http://testserver{address}"' in page


@pytest.mark.parametrize("address", ["/category/none/feed/", "/tag/none/feed/", "/author/none/feed/"])
def test_an_unknown_topic_has_no_feed(client, db, address):
    assert client.get(address).status_code == 404


def test_an_empty_feed_is_a_feed(client):
    make_category("Depression")
    for address in [*FORMATS, TOPICS[0]]:
        response = client.get(address)
        assert response.status_code == 200
        assert "Last-Modified" not in response.headers
        assert client.get(address).content == response.content
    assert client.get("/feed.json").json()["items"] == []


# Asking again


@pytest.mark.parametrize("address", [*FORMATS, *TOPICS])
def test_who_has_the_newest_gets_no_second_copy(client, address):
    full_post()
    first = client.get(address)
    assert first.headers["ETag"].startswith('"')
    assert client.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    assert client.get(address, headers={"if-modified-since": first.headers["Last-Modified"]}).status_code == 304
    assert client.head(address).status_code == 200


def an_hour_later(post: Post) -> None:
    Post.objects.filter(pk=post.pk).update(updated_at=timezone.now() + timedelta(hours=1))


def withdraw_later(post: Post) -> None:
    Post.objects.filter(pk=post.pk).update(withdrawn_at=timezone.now() + timedelta(hours=1))


@pytest.mark.parametrize("change", [an_hour_later, withdraw_later])
def test_a_change_and_a_withdrawal_are_news(client, change):
    make_post("Stays", published=timedelta(days=2))
    post = make_post("Changes")
    before = client.get("/feed/").headers["Last-Modified"]
    change(post)
    assert client.get("/feed/", headers={"if-modified-since": before}).status_code == 200


@pytest.mark.parametrize("address", FORMATS)
def test_whatever_a_feed_tells_it_tells_anew_once_that_changed(client, address):
    post = make_post("Sleep", category=make_category("Depression"), cover=make_image(alt="A harbor"))
    post.tags.add(Tag.objects.create(name="Research"))
    reference = Reference.objects.create(post=post, position=1, title="A trial", year=2020)
    before = client.get(address).text
    assert client.get(address).text == before
    changes = {
        "Rest": lambda: Post.objects.update(title="Rest"),
        "Low mood": lambda: post.category.__class__.objects.update(name="Low mood"),
        "Studies": lambda: Tag.objects.update(name="Studies"),
        "A lake": lambda: Image.objects.update(alt="A lake"),
        "Ida": lambda: Person.objects.update(name="Ida"),
        "Two trials": lambda: Reference.objects.filter(pk=reference.pk).update(title="Two trials"),
        "Three, not two": lambda: Correction.objects.create(post=post, text="Three, not two"),
        "No advice": lambda: make_site(disclaimer="No advice"),
        "Another": lambda: make_post("Another"),
    }
    for words, change in changes.items():
        assert words not in client.get(address).text
        change()
        assert words in client.get(address).text


def test_an_article_that_is_public_again_is_news(client):
    long_ago = timezone.now() - timedelta(days=9)
    post = make_post(published=timedelta(days=9), withdrawn_at=long_ago + timedelta(days=1))
    Post.objects.update(updated_at=long_ago)
    Post.objects.publish_now()
    post.refresh_from_db()
    assert client.get("/feed/").headers["Last-Modified"] == http_date(post.updated_at.timestamp())
    assert post.updated_at > datetime.now(UTC) - timedelta(minutes=1)


@pytest.mark.parametrize("address", [*FORMATS, *TOPICS])
def test_a_feed_costs_three_queries_however_long(client, address):
    first = full_post()
    for number in range(6):
        post = make_post(category=first.category, cover=make_image(), writer=Person.objects.get())
        post.tags.set(first.tags.all())
        Reference.objects.create(post=post, position=1, title=f"Trial {number}", source="Pain", year=2020)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) <= 3
