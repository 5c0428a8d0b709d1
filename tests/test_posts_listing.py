"""Articles are listed: at home, by category, tag and writer, page by page."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.models import Category, Tag
from tests.base import make_category, make_image, make_person, make_post, make_site

pytestmark = pytest.mark.django_db


def test_home_shows_featured_articles_first_then_the_newest(client):
    make_post("Older", published=timedelta(days=3))
    make_post("Newer", published=timedelta(days=2))
    make_post("Chosen", published=timedelta(days=9), featured=True)
    text = client.get("/").text
    found = [text.index(f">{title}</a>") for title in ("Chosen", "Newer", "Older")]
    assert found == sorted(found)
    assert text.count("card-lead") == 1


def test_home_shows_nothing_that_is_not_public(client):
    make_post("A draft", published=None)
    make_post("Tomorrow", published=-timedelta(days=1))
    text = client.get("/").text
    assert "A draft" not in text
    assert "Tomorrow" not in text
    assert "Nothing has been published here yet." in text


def test_lists_come_in_pages_of_ten_with_ways_to_their_neighbors(client):
    for number in range(21):
        make_post(f"Part {number}", published=timedelta(days=number + 1))
    first, second, third = (client.get("/", {"page": number} if number > 1 else {}).text for number in (1, 2, 3))
    assert [text.count('class="card ') for text in (first, second, third)] == [10, 10, 1]
    assert '<link rel="next" href="http://testserver/?page=2">' in first
    assert 'rel="prev"' not in first
    assert '<link rel="canonical" href="http://testserver/?page=2">' in second
    assert '<link rel="prev" href="http://testserver/">' in second
    assert 'rel="next"' not in third


@pytest.mark.parametrize("number", ["abc", "0", "-1", "2", "9" * 21, "1.5"])
@pytest.mark.parametrize("address", ["/", "/category/pain/", "/tag/sleep/", "/author/ada-writer/"])
def test_a_page_that_does_not_exist_is_answered_in_words(client, address, number):
    post = make_post("One", category=make_category("Pain"))
    post.tags.add(Tag.objects.create(name="Sleep"))
    response = client.get(address, {"page": number})
    assert response.status_code == 404
    assert "This list has no such page." in response.text
    assert "One" in response.text


def test_a_category_shows_its_description_and_its_own_articles(client):
    pain = make_category("Chronic pain", description="When it stays.")
    make_post("About pain", category=pain)
    make_post("About sleep")
    text = client.get("/category/chronic-pain/").text
    assert "When it stays." in text
    assert "About pain" in text
    assert "About sleep" not in text
    assert '<link rel="canonical" href="http://testserver/category/chronic-pain/">' in text


def test_a_tag_shows_its_own_articles(client):
    make_post("Tagged").tags.add(Tag.objects.create(name="Side effects"))
    make_post("Untagged")
    text = client.get("/tag/side-effects/").text
    assert "Tagged" in text
    assert "Untagged" not in text


def test_a_writer_is_shown_with_credentials_and_words_of_their_own(client):
    nora = make_person(name="Nora Quill", credentials="PhD", role="Psychologist", bio="Nora listens.")
    make_post("By Nora", writer=nora)
    make_post("By Ada")
    text = client.get("/author/nora-quill/").text
    for words in ("Nora Quill, PhD", "Psychologist", "Nora listens.", "By Nora"):
        assert words in text
    assert "By Ada" not in text


@pytest.mark.parametrize("address", ["/category/empty/", "/author/ada-writer/"])
def test_an_empty_list_has_a_kind_sentence(client, address):
    make_category("Empty")
    make_person()
    assert "Nothing has been published here yet. Please come back soon." in client.get(address).text


def test_navigation_and_foot_come_from_site_settings(client):
    make_site(
        name="Harbor Clinic",
        navigation="Home | /\nAbout | /about/",
        footer_links="Privacy | /privacy/",
        contact="12 Quay",
    )
    text = client.get("/").text
    assert '<a href="/" aria-current="page">Home</a>' in text
    assert '<a href="/about/">About</a>' in text
    assert '<a href="/privacy/">Privacy</a>' in text
    assert "12 Quay" in text


def test_the_style_of_the_accent_is_linked_and_answers(client):
    make_site(accent="#884400")
    address = f"/theme-{make_site().theme_digest}.css"
    assert f'href="{address}"' in client.get("/").text
    assert client.get(address).status_code == 200


def test_a_list_costs_the_same_with_one_article_as_with_ten(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    make_post(cover=make_image(), category=make_category())
    few = queries()
    for number in range(8):
        make_post(cover=make_image(), category=make_category(f"Topic {number}"))
    assert queries() == few


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?page=2",
        "/category/pain/",
        "/tag/sleep/",
        "/author/ada-writer/",
        "/archive/",
        "/archive/2020/",
        "/archive/2020/05/",
    ],
)
def test_a_list_needs_at_most_five_queries(client, django_assert_max_num_queries, address):
    pain, sleep = make_category("Pain"), Tag.objects.create(name="Sleep")
    for number in range(12):
        moment = datetime(2020, 5, number + 1, tzinfo=UTC)
        make_post(cover=make_image(), category=pain, published=moment).tags.add(sleep)
        make_post(category=make_category(f"Topic {number}"), published=moment.replace(year=2000 + number))
    with django_assert_max_num_queries(5):
        assert client.get(address).status_code == 200


def test_home_names_the_categories_with_the_number_of_their_public_articles(client):
    sleep, pain = make_category("Sleep"), make_category("Chronic pain")
    make_category("Still empty")
    for _number in range(2):
        make_post(category=pain)
    make_post(category=sleep)
    make_post(category=sleep, published=None)
    make_post(category=sleep, published=-timedelta(days=1))
    make_post(category=sleep, withdrawn_at=timezone.now())
    text = client.get("/").text
    block = text[text.index("By category") :]
    words = " ".join(re.sub(r"<[^>]*>", " ", block).split())
    assert "By category Chronic pain 2 articles Sleep 1 article All articles by year and month" in words
    assert '<a href="/category/chronic-pain/">Chronic pain</a>' in block
    assert '<a href="/archive/">' in block
    assert "Still empty" not in text


def test_a_list_says_how_many_articles_it_has_on_all_its_pages(client):
    pain = make_category("Pain")
    for _number in range(12):
        make_post(category=pain)
    make_post()
    for page in ({}, {"page": 2}):
        assert '<p class="list-count">12 articles</p>' in client.get("/category/pain/", page).text
    assert '<p class="list-count">13 articles</p>' in client.get("/author/ada-writer/").text


@pytest.mark.parametrize("address", ["/", "/category/pain/", "/archive/2020/", "/archive/2020/05/"])
def test_what_else_an_address_holds_reaches_no_link(client, address):
    for number in range(11):
        make_post(
            category=Category.objects.get_or_create(name="Pain")[0], published=datetime(2020, 5, number + 1, tzinfo=UTC)
        )
    text = client.get(address, {"fbclid": "tracked", "page": 2}).text
    assert "tracked" not in text
    assert f'<a rel="prev" href="{address}">' in text
    assert '<a rel="next" href="?page=2">' in client.get(address, {"fbclid": "tracked"}).text


@pytest.mark.parametrize("address", ["/category/none/", "/tag/none/", "/author/none/"])
def test_an_unknown_list_is_not_here(client, address):
    assert client.get(address).status_code == 404
