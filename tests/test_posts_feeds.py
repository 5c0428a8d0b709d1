"""Articles go out to feed readers and search engines."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from posts.models import Tag
from tests.base import make_category, make_image, make_page, make_post, make_site

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
PLACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


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


def test_the_sitemap_lists_what_can_be_read_with_its_last_change(client):
    make_post("Sleep", slug="sleep", category=make_category("Depression")).tags.add(Tag.objects.create(name="Research"))
    make_post(slug="draft", published=None, category=make_category("Unused"))
    make_page("about")
    found = tree(client, "/sitemap.xml")
    dated = {url.findtext(f"{PLACE}loc"): url.findtext(f"{PLACE}lastmod") for url in found}
    assert set(dated) == {
        f"http://testserver{path}"
        for path in ("/", "/posts/sleep/", "/category/depression/", "/tag/research/", "/author/ada-writer/", "/about/")
    }
    assert dated["http://testserver/posts/sleep/"] == timezone.now().date().isoformat()


def test_robots_stay_out_of_the_admin_and_private_pages(client):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    for line in ("Disallow: /admin/", "Disallow: /replies/", "Sitemap: http://testserver/sitemap.xml"):
        assert line in response.text.splitlines()
