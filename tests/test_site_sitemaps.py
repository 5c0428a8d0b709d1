"""Search engines and finders of faults learn what there is, what is not for them, and whom to tell."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ketablog import roles
from posts import sitemaps
from posts.models import Tag
from tests.base import make_category, make_image, make_page, make_post, make_site, make_user

pytestmark = pytest.mark.django_db

PLACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PICTURE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def tree(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.headers["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(response.content)  # noqa: S314 (our own words)


def places(client, address: str) -> list[str]:
    return [place.text for place in tree(client, address).iter(f"{PLACE}loc")]


def test_the_sitemap_lists_what_can_be_read_with_its_last_change(client):
    post = make_post("Sleep", slug="sleep", category=make_category("Depression"))
    post.tags.add(Tag.objects.create(name="Research"))
    year, month = post.published_at.strftime("%Y %m").split()
    make_post(slug="draft", published=None, category=make_category("Unused"))
    make_post(slug="gone", withdrawn_at=timezone.now())
    make_page("about")
    found = tree(client, "/sitemap.xml")
    dated = {url.findtext(f"{PLACE}loc"): url.findtext(f"{PLACE}lastmod") for url in found}
    topics = ["/category/depression/", "/tag/research/", "/author/ada-writer/"]
    archive = [f"/archive/{year}/", f"/archive/{year}/{month}/"]
    wanted = ["/", "/posts/sleep/", *topics, *archive, "/about/"]
    assert set(dated) == {f"http://testserver{path}" for path in wanted}
    assert dated["http://testserver/posts/sleep/"] == timezone.now().date().isoformat()


def test_the_sitemap_shows_the_pictures_of_an_article_once_each(client):
    cover, inside = make_image(), make_image()
    make_post(cover=cover, body=f'<img src="/images/{inside.pk}/" alt="1 > 0"><img src="/images/{cover.pk}/">')
    make_post()
    found = [place.text for place in tree(client, "/sitemap.xml").iter(f"{PICTURE}loc")]
    assert found == [f"http://testserver{image.file.url}" for image in (cover, inside)]


def test_beyond_the_limit_the_sitemap_is_a_list_of_its_parts(client, monkeypatch):
    monkeypatch.setattr(sitemaps.OwnAddress, "limit", 3)
    for number in range(4):
        make_post(slug=f"post-{number}", published=datetime(2026, 3, number + 1, tzinfo=UTC))
    index = tree(client, "/sitemap.xml")
    assert index.tag == f"{PLACE}sitemapindex"
    parts = places(client, "/sitemap.xml")
    files = ["home.xml", "posts.xml", "posts.xml?p=2", "topics.xml", "archive.xml"]
    assert parts == [f"http://testserver/sitemap-{file}" for file in files]
    listed = [place for part in parts for place in places(client, part.removeprefix("http://testserver"))]
    lists = ["/", "/author/ada-writer/", "/archive/2026/", "/archive/2026/03/"]
    wanted = [*lists, *(f"/posts/post-{number}/" for number in range(4))]
    assert sorted(listed) == sorted(f"http://testserver{path}" for path in wanted)


@pytest.mark.parametrize("address", ["/sitemap-none.xml", "/sitemap-posts.xml?p=9", "/sitemap-posts.xml?p=x"])
def test_a_part_that_is_none_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_the_sitemap_is_not_sent_twice(client):
    make_post()
    tag = client.get("/sitemap.xml").headers["ETag"]
    assert client.get("/sitemap.xml", headers={"if-none-match": tag}).status_code == 304


def test_robots_stay_out_of_the_admin_the_forms_the_search_and_private_pages(client):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.text.splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /replies/",
        "Disallow: /posts/*/comments/",
        "Disallow: /comments/*/report/",
        "Disallow: /search/?",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_who_finds_a_weakness_learns_whom_to_tell(client):
    make_site(security_contact="mailto:security@clinic.example")
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert fields == {
        "Contact": "mailto:security@clinic.example",
        "Preferred-Languages": "en",
        "Canonical": "http://testserver/.well-known/security.txt",
    }
    assert timedelta(days=200) < expires - datetime.now(UTC) < timedelta(days=365)
    assert client.get("/.well-known/security.txt").content == response.content


def test_staff_fill_in_the_contact_in_site_settings(client):
    client.force_login(make_user("meg", roles.SITE_MANAGERS), "django.contrib.auth.backends.ModelBackend")
    text = client.get("/admin/ketablog/sitesettings/1/change/").text
    assert 'name="security_contact"' in text
    assert "/.well-known/security.txt" in text


def test_without_a_contact_there_is_no_security_txt(client):
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("contact", ["", "mailto:security@clinic.example", "https://clinic.example/report"])
def test_a_security_contact_is_an_address(contact):
    make_site(security_contact=contact).full_clean()


@pytest.mark.parametrize(
    "contact",
    ["security@clinic.example", "mailto:nobody", "http://clinic.example", "https://x\nContact: y", "mailto:a@b c"],
)
def test_what_is_no_security_contact_is_refused_with_an_example(contact):
    with pytest.raises(ValidationError) as refused:
        make_site(security_contact=contact).full_clean()
    assert re.match("Write it like mailto:", refused.value.message_dict["security_contact"][0])
