"""Articles are found by the year and the month in which they came out, by the clinic's own calendar."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.base import make_post, make_site

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


def at(*moment: int, zone: str = "UTC") -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(zone))


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_the_archive_names_years_and_months_with_their_numbers(client):
    make_post(published=at(2025, 11, 3))
    make_post(published=at(2025, 11, 28))
    make_post(published=at(2025, 2, 1))
    make_post(published=at(2023, 7, 9))
    response = client.get("/archive/")
    assert "2025 3 articles November 2 articles February 1 article 2023 1 article July 1 article" in words(
        response.text
    )
    for address in ("/archive/2025/", "/archive/2025/11/", "/archive/2025/02/", "/archive/2023/07/"):
        assert f'<a href="{address}">' in response.text
        assert client.get(address).status_code == 200
    assert '<link rel="canonical" href="http://testserver/archive/">' in response.text


def test_an_empty_archive_has_a_kind_sentence(client):
    make_post(published=None)
    assert "Nothing has been published here yet." in client.get("/archive/").text


def test_a_year_shows_its_articles_newest_first_and_the_way_to_its_neighbors(client):
    make_post("In spring", published=at(2024, 4, 1))
    make_post("In autumn", published=at(2024, 10, 1))
    make_post("Before", published=at(2021, 1, 1))
    make_post("After", published=at(2025, 1, 1))
    text = client.get("/archive/2024/").text
    assert "<h1>2024</h1>" in text
    assert "October 1 article April 1 article" in words(text)
    assert text.index("In autumn") < text.index("In spring")
    assert "Before" not in text
    assert "After" not in text
    assert '<a href="/archive/2025/">Newer: 2025</a>' in text
    assert '<a href="/archive/2021/">Older: 2021</a>' in text


def test_a_month_leads_to_the_nearest_months_that_have_articles(client):
    make_post("In May", published=at(2024, 5, 31, 23, 59))
    make_post(published=at(2024, 9, 1))
    make_post(published=at(2022, 12, 31))
    text = client.get("/archive/2024/05/").text
    assert "<h1>May 2024</h1>" in text
    assert "In May" in text
    assert '<a href="/archive/2024/09/">Newer: September 2024</a>' in text
    assert '<a href="/archive/2022/12/">Older: December 2022</a>' in text
    assert "Newer:" not in client.get("/archive/2024/09/").text
    assert "Older:" not in client.get("/archive/2022/12/").text


def test_new_year_s_eve_is_where_the_clinic_s_calendar_puts_it(client):
    late = at(2024, 12, 31, 23, 30, zone=NEW_YORK)
    make_post("Late at night", published=late)
    make_site(time_zone=NEW_YORK)
    assert "2024 1 article December 1 article" in words(client.get("/archive/").text)
    assert "Late at night" in client.get("/archive/2024/12/").text
    assert "Late at night" in client.get("/archive/2024/").text
    assert client.get("/archive/2025/").status_code == 404
    make_site(time_zone="UTC")
    assert "Late at night" in client.get("/archive/2025/01/").text
    assert client.get("/archive/2024/12/").status_code == 404


def test_the_first_and_the_last_moment_of_a_month_belong_to_it(client):
    make_site(time_zone=NEW_YORK)
    make_post("First", published=at(2024, 3, 1, zone=NEW_YORK))
    make_post("Last", published=at(2024, 3, 31, 23, 59, 59, zone=NEW_YORK))
    make_post("Next", published=at(2024, 4, 1, zone=NEW_YORK))
    text = client.get("/archive/2024/03/").text
    assert "First" in text
    assert "Last" in text
    assert "Next</a>" not in text


def test_months_are_named_in_the_language_of_the_site(client):
    make_site(language="es")
    make_post(published=at(2024, 5, 2))
    assert "mayo 1 " in words(client.get("/archive/").text)
    assert "<h1>mayo de 2024</h1>" in client.get("/archive/2024/05/").text


def test_a_long_month_comes_in_pages(client):
    for day in range(1, 13):
        make_post(published=at(2024, 5, day))
    second = client.get("/archive/2024/05/", {"page": 2}).text
    assert second.count('class="card ') == 2
    assert '<link rel="canonical" href="http://testserver/archive/2024/05/?page=2">' in second
    assert '<p class="list-count">12 articles</p>' in second
    response = client.get("/archive/2024/05/", {"page": 3})
    assert response.status_code == 404
    assert "This list has no such page." in response.text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/archive/2023/", "No article came out in this year."),
        ("/archive/2024/06/", "No article came out in this month."),
        ("/archive/2999/12/", "No article came out in this month."),
        ("/archive/2999/", "No article came out in this year."),
    ],
)
def test_a_time_without_articles_is_not_here_and_says_so(client, address, sentence):
    make_post("Something else", published=at(2024, 5, 2))
    response = client.get(address)
    assert response.status_code == 404
    assert sentence in response.text
    assert "Something else" in response.text


@pytest.mark.parametrize(
    "address",
    ["/archive/0000/", "/archive/9999/", "/archive/24/", "/archive/2024/5/", "/archive/2024/13/", "/archive/2024/00/"],
)
def test_what_is_no_time_is_not_here(client, address):
    make_post(published=at(2024, 5, 2))
    assert client.get(address).status_code == 404


def test_what_is_not_public_is_in_no_archive(client):
    year = timezone.now().year
    make_post("Tomorrow", published=at(year + 1, 1, 2))
    make_post("Taken back", published=at(2020, 1, 1), withdrawn_at=timezone.now())
    assert "Nothing has been published here yet." in client.get("/archive/").text
    assert client.get("/archive/2020/01/").status_code == 404
    assert client.get(f"/archive/{year + 1}/01/").status_code == 404
