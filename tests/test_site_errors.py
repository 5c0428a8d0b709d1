"""Something is not there, or goes wrong: the page says so in plain words and offers a way on."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from django.urls import path

from ketablog import urls
from tests.base import make_post, make_site


def explode(request):
    raise RuntimeError("a secret detail")


urlpatterns = [path("explode/", explode), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def no_database(execute, sql, params, many, context):
    raise DatabaseError("the database is away")


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_the_newest_articles(client):
    make_site(name="Harbor Clinic")
    make_post("Ketamine and sleep", slug="sleep")
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    for words in ("This page is not here", "Harbor Clinic", 'href="/posts/sleep/">Ketamine and sleep</a>'):
        assert words in response.text


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_the_search_and_is_not_to_be_indexed(client):
    text = client.get("/nothing/here/").text
    assert '<form class="search-form" role="search" method="get" action="/search/">' in text
    assert 'name="q"' in text
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "address", ["/", "/posts/sleep/", "/about/", "/archive/", "/feed/", "/sitemap.xml", "/comments/7/", "/healthz"]
)
def test_what_can_only_be_read_says_so_to_whoever_sends_something(address, method):
    make_post(slug="sleep")
    response = Client(enforce_csrf_checks=True).generic(method, address, b"title=x")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "This page can only be read; nothing can be sent to it." in response.text
    assert not response.cookies


@pytest.mark.django_db
def test_the_forms_of_the_admin_say_what_they_said_before():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "This form was open for too long, or came from elsewhere." in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/posts/a b/", "/posts/%00/", "/posts/<script>/", "/tag/..%2f/", "/%F0%9F%92%A5/", "/posts/%ff%fe/"]
)
def test_odd_addresses_are_answered_with_404(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "<script>/" not in response.text


@pytest.mark.django_db
def test_what_is_missing_is_told_without_a_database_too(client):
    with connection.execute_wrapper(no_database):
        response = client.get("/nothing here/")
    assert response.status_code == 404
    assert "This page is not here" in response.text


@pytest.mark.django_db
def test_a_failure_is_told_without_a_database_and_without_its_cause():
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF="tests.test_site_errors"), connection.execute_wrapper(no_database):
        response = client.get("/explode/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.text
    assert "secret" not in response.text


@pytest.mark.django_db
def test_a_page_that_needs_the_database_says_sorry_when_it_is_away():
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(no_database):
        response = client.get("/")
    assert response.status_code == 500
    assert "Please try again in a minute." in response.text
