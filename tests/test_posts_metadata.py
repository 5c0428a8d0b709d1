"""What pages say to search engines and to those a reader shares them with: what the page shows, and no more."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments.threads import ThreadPage
from ketablog.markup import script_json
from ketablog.secrets import sign_id
from posts.models import Correction, Reference, Tag
from tests.base import (
    make_category,
    make_comment,
    make_image,
    make_page,
    make_person,
    make_post,
    make_review,
    make_site,
)

HOME, SLEEP = "http://testserver/", "http://testserver/posts/sleep/"
PATIENT = {"@type": "MedicalAudience", "audienceType": "Patient"}


@pytest.fixture
def post(db):
    post = make_post(
        "Ketamine and sleep",
        slug="sleep",
        standfirst="What is known.",
        category=make_category("Depression"),
        cover=make_image(caption="A bed", credit="Our own"),
        writer=make_person(role="Anesthesiologist"),
    )
    post.tags.add(Tag.objects.create(name="Research"))
    return post


def graph(client, address: str) -> dict[str, dict]:
    """The nodes of a page's graph by their type."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(address).text)
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def meta(client, address: str) -> dict[str, str]:
    """What the page's head says, by property or name; what is said several times as one line each."""
    found: dict[str, str] = {}
    for name, content in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', client.get(address).text):
        found[name] = "\n".join(filter(None, [found.get(name), html.unescape(content)]))
    return found


# The article


def test_a_reviewed_article_is_a_posting_on_a_medical_page(client, post):
    make_review(post)
    make_site(name="Harbor", tagline="Plain words")
    make_comment(post)
    make_comment(post, status="pending")
    nodes = graph(client, "/posts/sleep/")
    page, posting = nodes["MedicalWebPage"], nodes["BlogPosting"]
    assert page["url"] == page["@id"] == SLEEP
    assert page["name"] == "Ketamine and sleep"
    assert page["description"] == "What is known."
    assert page["inLanguage"] == "en"
    assert page["about"] == [{"@type": "Thing", "name": "Depression"}, {"@type": "Thing", "name": "Research"}]
    assert page["medicalAudience"] == PATIENT
    assert page["mainEntity"] == {"@id": posting["@id"]}
    assert page["isPartOf"] == {"@id": nodes["WebSite"]["@id"]}
    assert posting["mainEntityOfPage"] == posting["url"] == SLEEP
    assert posting["headline"] == "Ketamine and sleep"
    assert posting["author"] == {
        "@type": "Person",
        "@id": "http://testserver/author/ada-writer/#person",
        "name": "Ada Writer",
        "honorificSuffix": "MD",
        "jobTitle": "Anesthesiologist",
        "url": "http://testserver/author/ada-writer/",
    }
    assert posting["datePublished"] == post.published_at.isoformat(timespec="seconds")
    assert posting["dateModified"] == post.changed_at.isoformat(timespec="seconds")
    assert posting["articleSection"] == "Depression"
    assert posting["keywords"] == ["Research"]
    assert posting["wordCount"] == 8
    assert posting["commentCount"] == 1
    assert posting["image"]["url"] == f"http://testserver{post.cover.file.url}"
    assert posting["publisher"] == {"@id": nodes["Organization"]["@id"]}


def test_an_article_without_replies_counts_none(client, post):
    assert graph(client, "/posts/sleep/")["BlogPosting"]["commentCount"] == 0


def test_the_citations_are_the_list_of_references(client, post):
    Reference.objects.create(
        post=post, position=1, title="Sleep", authors="Smith J", source="Pain", year=2020, doi="10.1000/1", kind="trial"
    )
    Reference.objects.create(post=post, position=2, title="Trial", source="JAMA", year=2019, pmid="123", kind="review")
    Reference.objects.create(
        post=post, position=3, title="A label", source="FDA", year=2021, url="https://fda.gov/", kind="regulator"
    )
    first, second, third = graph(client, "/posts/sleep/")["BlogPosting"]["citation"]
    assert first == {
        "@type": "ScholarlyArticle",
        "name": "Sleep",
        "author": "Smith J",
        "copyrightYear": 2020,
        "url": "https://doi.org/10.1000/1",
        "isPartOf": {"@type": "Periodical", "name": "Pain"},
    }
    assert second["url"] == "https://pubmed.ncbi.nlm.nih.gov/123/"
    assert third == {
        "@type": "CreativeWork",
        "name": "A label",
        "copyrightYear": 2021,
        "url": "https://fda.gov/",
        "publisher": "FDA",
    }


def test_a_correction_is_told(client, post):
    Correction.objects.create(post=post, corrected_on="2026-01-02", text="It said 5, it is 6.")
    (correction,) = graph(client, "/posts/sleep/")["BlogPosting"]["correction"]
    assert correction == {
        "@type": "CorrectionComment",
        "text": "It said 5, it is 6.",
        "datePublished": "2026-01-02",
    }


def test_a_review_of_exactly_this_text_is_claimed(client, post):
    make_review(post, reviewed_on=timezone.localdate() - timedelta(days=3))
    page = graph(client, "/posts/sleep/")["MedicalWebPage"]
    assert page["lastReviewed"] == (timezone.localdate() - timedelta(days=3)).isoformat()
    assert page["reviewedBy"]["name"] == "Jonas Weber"
    assert page["reviewedBy"]["honorificSuffix"] == "PhD"


def test_a_text_changed_since_its_review_claims_none(client, post):
    make_review(post)
    post.body = "<p>Another claim.</p>"
    post.save()
    nodes = graph(client, "/posts/sleep/")
    assert "MedicalWebPage" not in nodes
    assert not {"lastReviewed", "reviewedBy"} & set(nodes["WebPage"])


def test_the_way_here_is_the_one_that_the_page_shows(client, post):
    items = graph(client, "/posts/sleep/")["BreadcrumbList"]["itemListElement"]
    assert [(item["position"], item["name"], item.get("item")) for item in items] == [
        (1, "Home", HOME),
        (2, "Depression", "http://testserver/category/depression/"),
        (3, "Ketamine and sleep", None),
    ]


def test_an_article_without_anything_claims_nothing_empty(client, db):
    make_post("Bare", slug="bare")
    nodes = graph(client, "/posts/bare/")
    assert "about" not in nodes["WebPage"]
    assert not {"image", "citation", "keywords", "articleSection", "correction"} & set(nodes["BlogPosting"])
    assert len(nodes["BreadcrumbList"]["itemListElement"]) == 2


# The site and its lists


def test_the_clinic_is_told_as_the_foot_of_the_page_shows_it(client, db):
    make_site(name="Harbor", tagline="Plain words", contact="12 Quay\r\n\r\nPortland")
    nodes = graph(client, "/")
    organization, site, blog = nodes["Organization"], nodes["WebSite"], nodes["Blog"]
    assert organization["name"] == "Harbor"
    assert organization["url"] == HOME
    assert organization["address"] == "12 Quay, Portland"
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://testserver/search/?q={search_term_string}"
    assert (blog["name"], blog["description"], blog["url"]) == ("Harbor", "Plain words", HOME)


def test_a_list_is_told_page_by_page(client, db):
    pain = make_category("Pain", description="When it stays.")
    for number in range(11):
        make_post(f"Part {number}", slug=f"part-{number}", category=pain, published=timedelta(days=number + 1))
    page = graph(client, "/category/pain/?page=2")["CollectionPage"]
    assert page["url"] == "http://testserver/category/pain/?page=2"
    assert page["description"] == "When it stays."
    (item,) = page["mainEntity"]["itemListElement"]
    assert item == {
        "@type": "ListItem",
        "position": 11,
        "url": "http://testserver/posts/part-10/",
        "name": "Part 10",
    }


def test_a_writer_is_a_person_with_a_profile(client, db):
    make_person(role="Nurse", bio="Ada listens.", photo=make_image())
    person = graph(client, "/author/ada-writer/")["ProfilePage"]["mainEntity"]
    assert person["@type"] == "Person"
    assert (person["name"], person["honorificSuffix"], person["jobTitle"]) == ("Ada Writer", "MD", "Nurse")
    assert person["description"] == "Ada listens."
    assert person["image"]["url"].startswith("http://testserver/media/images/")


# Hostile words


def test_words_cannot_leave_the_script_element(client, db):
    title = "</script><script>alert(1)</script> <!-- & ]]>\u2028 🫀"
    make_post(title, slug="odd", standfirst=title)
    text = client.get("/posts/odd/").text
    assert "<script>alert" not in text
    assert graph(client, "/posts/odd/")["BlogPosting"]["headline"] == title.replace("\u2028", "")


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_data_comes_back_and_nothing_of_it_is_markup(data):
    text = script_json(data)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == data


@pytest.mark.browser
@pytest.mark.django_db
def test_the_browser_takes_it_as_data_that_its_policy_allows(page):
    make_post("</script><script>alert(1)</script>", slug="odd")
    page.goto("/posts/odd/")
    (text,) = page.locator('script[type="application/ld+json"]').all_text_contents()
    assert json.loads(text)["@graph"][0]["name"] == "</script><script>alert(1)</script>"


# Cards for those a reader shares it with


def test_an_article_shows_itself_where_it_is_shared(client, post):
    make_site(name="Harbor")
    head = meta(client, "/posts/sleep/")
    assert head["og:type"] == "article"
    assert head["og:site_name"] == "Harbor"
    assert head["og:locale"] == "en_US"
    assert head["og:title"] == "Ketamine and sleep"
    assert head["og:description"] == "What is known."
    assert head["og:url"] == SLEEP
    assert head["og:image"].startswith("http://testserver/posts/sleep/card-")
    assert head["twitter:card"] == "summary_large_image"
    assert head["twitter:image:alt"] == head["og:image:alt"] == "Ketamine and sleep"
    assert head["article:section"] == "Depression"
    assert head["article:tag"] == "Research"
    assert head["article:author"] == "http://testserver/author/ada-writer/"
    assert "article:published_time" in head
    assert "article:modified_time" in head


def test_an_article_with_a_title_for_sharing_shows_nothing_of_itself(client, post):
    make_site(name="Harbor", tagline="Plain words")
    post.share_title = "Something worth reading"
    post.save()
    head = meta(client, "/posts/sleep/")
    shared = {name: words for name, words in head.items() if name.startswith(("og:", "twitter:", "article:"))}
    assert shared.pop("og:image").startswith("http://testserver/posts/sleep/card-")
    assert shared == {
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Something worth reading",
        "twitter:image:alt": "Something worth reading",
        "og:type": "article",
        "og:site_name": "Harbor",
        "og:locale": "en_US",
        "og:title": "Something worth reading",
        "og:description": "Plain words",
        "og:url": SLEEP,
        "twitter:card": "summary_large_image",
    }
    assert graph(client, "/posts/sleep/")["BlogPosting"]["headline"] == "Ketamine and sleep"


@pytest.mark.parametrize(("share_title", "alt"), [("", "Ketamine and sleep"), ("Worth reading", "Worth reading")])
def test_the_card_stands_before_the_cover_and_says_what_is_on_it(post, share_title, alt):
    post.share_title = share_title
    context = {"post": post, "SITE_URL": "http://testserver", "site": make_site(), "replies": ThreadPage([], 1, 1, 0)}
    head = render_to_string("posts/_head.html", {**context, "card_url": "/posts/sleep/card-0123.png"})
    assert head.count('property="og:image"') == 1
    assert '<meta property="og:image" content="http://testserver/posts/sleep/card-0123.png">' in head
    assert f'<meta name="twitter:image:alt" content="{alt}">' in head
    assert post.cover.file.url not in head


def test_a_page_and_a_list_describe_themselves(client, db):
    make_site(language="es")
    make_page("about", body=f'<p>We are "Harbor" &amp; co.</p><p>{"And more. " * 40}</p>')
    head = meta(client, "/about/")
    assert head["description"] == head["og:description"]
    assert head["description"].startswith('We are "Harbor" & co. And more.')
    assert len(head["description"]) <= 160
    assert head["og:locale"] == "es_ES"
    make_person(bio="Ada listens.", photo=make_image())
    head = meta(client, "/author/ada-writer/")
    assert head["og:description"] == "Ada listens."
    assert head["og:image"].startswith("http://testserver/media/images/")


# One address each


@pytest.mark.parametrize("tail", ["", "?fbclid=x&utm_source=y", "?comments=1", "?page=3", "?mine=garbage"])
def test_an_article_has_one_address_whatever_is_asked_along(client, post, tail):
    text = client.get(f"/posts/sleep/{tail}").text
    assert f'<link rel="canonical" href="{SLEEP}">' in text
    assert "fbclid" not in text


def test_a_list_keeps_the_page_and_drops_the_rest(client, db):
    for number in range(11):
        make_post(published=timedelta(days=number + 1))
    text = client.get("/?fbclid=x&page=2").text
    assert '<link rel="canonical" href="http://testserver/?page=2">' in text
    assert '<meta property="og:url" content="http://testserver/?page=2">' in text
    assert "fbclid" not in text


def test_forms_and_what_one_reader_alone_sees_are_not_for_search_engines(client, post):
    held = make_comment(post, status="pending")
    for address in ("/posts/sleep/comments/", f"/posts/sleep/?mine={sign_id('mine', held.pk)}"):
        assert client.get(address).headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/posts/sleep/").headers
