"""Pages that are no articles: written with the same editor, found by their paths, linked from head and foot."""

import pytest

from ketablog.models import SiteSettings
from posts.models import FormerAddress, Page
from tests.base import make_category, make_page, make_post
from tests.test_site_settings import FORM as SITE
from tests.test_site_settings import settings_data

pytestmark = pytest.mark.django_db
ADD = "/admin/posts/page/add/"


def page_data(**fields: str) -> dict[str, str]:
    return {"title": "About us", "path": "about/team", "body": "<p>Three doctors.</p>", **fields}


def test_a_page_is_written_read_changed_and_deleted(client, meg):
    assert "data-editor" in client.get(ADD).text
    client.post(ADD, page_data())
    page = Page.objects.get()
    assert page.get_absolute_url() == "/about/team/"
    assert "<p>Three doctors.</p>" in client.get("/about/team/").text
    change = f"/admin/posts/page/{page.pk}/change/"
    client.post(change, page_data(title="Our team", body="<p>Four doctors.</p><script>x()</script>"))
    text = client.get("/about/team/").text
    assert "<h1>Our team</h1>" in text
    assert "Four doctors." in text
    assert "x()" not in text
    client.post(f"/admin/posts/page/{page.pk}/delete/", {"post": "yes"})
    assert client.get("/about/team/").status_code == 404


def test_a_page_may_stand_below_another_or_below_none(client):
    make_page("about", title="About")
    make_page("about/team", title="Our team")
    make_page("a/b/c", title="Deep down")
    for path, title in (("about", "About"), ("about/team", "Our team"), ("a/b/c", "Deep down")):
        assert f"<h1>{title}</h1>" in client.get(f"/{path}/").text
    assert client.get("/a/b/").status_code == 404


def test_two_pages_cannot_share_a_path(client, meg):
    make_page("about")
    assert "Page with this Address already exists." in client.post(ADD, page_data(path="about")).text


@pytest.mark.parametrize("path", ["/x/", "x/", "a//b", "a b", "a.html", "../x", ""])
def test_what_is_no_path_is_refused(client, meg, path):
    response = client.post(ADD, page_data(path=path))
    assert response.status_code == 200
    assert "errornote" in response.text
    assert not Page.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "posts/x",
        "posts/x/comments",
        "admin",
        "admin/x/y",
        "feed",
        "feed/atom",
        "archive",
        "archive/2024",
        "archive/2024/05",
        "category/x",
        "tag/x",
        "author/x",
        "comments/feed",
        "comments/7",
        "images/7",
        "media/x",
        "static/x",
    ],
)
def test_a_path_that_belongs_to_something_else_is_refused_with_a_sentence(client, meg, path):
    response = client.post(ADD, page_data(path=path))
    assert f"Readers would never see a page at /{path}/: another part of the site answers there." in response.text
    assert "Three doctors." in response.text
    assert not Page.objects.exists()


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("", "About us"),
        ("<p>Who we are.</p>", "Who we are."),
        ("<h2>Our team</h2><p>Three <em>doctors</em> &amp; a nurse.</p>", "Three doctors &amp; a nurse."),
        (
            f"<p>Dr. Ada Writer and her team have treated pain since 1999. {'And more. ' * 30}</p>",
            "Dr. Ada Writer and her team have treated pain since 1999.",
        ),
        (f"<p>{'seven77 ' * 40}</p>", " ".join(["seven77"] * 20) + "…"),
        (f"<p>{'睡' * 300}</p>", "睡" * 159 + "…"),
    ],
)
def test_search_engines_are_told_how_a_page_begins(client, body, summary):
    make_page("about", body=body)
    assert f'<meta name="description" content="{summary}">' in client.get("/about/").text


@pytest.mark.parametrize("length", [1, 159, 160, 161, 400])
@pytest.mark.parametrize("word", ["a", "word", "long" * 45])
def test_a_summary_is_never_longer_than_search_engines_show(word, length):
    page = Page(body_html=f"<p>{' '.join([word] * length)}</p>")
    assert len(page.summary) <= 160


# Links from the Site settings


def test_links_that_lead_nowhere_are_saved_and_told(client, meg):
    make_page("privacy")
    fields = {"navigation": "Home | /\nAbout | /about/", "footer_links": "Privacy | /privacy/\nAbout | /about/"}
    response = client.post(SITE, settings_data(**fields, form_links="Rules | /rules/"), follow=True)
    assert "The site settings are saved." in response.text
    assert SiteSettings.objects.get().footer_links == "Privacy | /privacy/\nAbout | /about/"
    told = [str(message) for message in response.context["messages"] if message.level_tag == "warning"]
    assert told == [
        f"Saved, but there is nothing at {path} for readers yet. Add the page, or correct the link."
        for path in ("/about/", "/rules/")
    ]


def test_links_that_lead_somewhere_are_not_spoken_of(client, meg):
    make_page("about")
    make_category("Pain")
    make_post(slug="one")
    FormerAddress.objects.create(path="/old/", target="/about/")
    links = ["/", "/about/", "/about", "/about/?x=1#team", "/category/pain/", "/posts/one/", "/archive/", "/feed/"]
    links += ["/old/", "https://elsewhere.example/none/"]
    fields = {"navigation": "\n".join(f"Link | {link}" for link in links)}
    response = client.post(SITE, settings_data(**fields), follow=True)
    assert "for readers yet" not in response.text


@pytest.mark.parametrize("link", ["/posts/draft/", "/category/none/", "/tag/none/", "/author/none/", "/a/b/", "/a.b"])
def test_every_kind_of_link_is_looked_at(client, meg, link):
    make_post(slug="draft", published=None)
    response = client.post(SITE, settings_data(navigation=f"Link | {link}"), follow=True)
    assert f"there is nothing at {link} for readers yet" in response.text
