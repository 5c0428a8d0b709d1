"""What operators and their machines ask."""

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from ketablog import mail


def letter(number: int) -> None:
    """A mail that is not wanted any more."""


def test_the_process_answers_without_the_database(client):
    response = client.get("/healthz")  # No django_db: a query would fail the test.
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.headers["Content-Type"] == "text/plain"
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
def test_a_site_that_works_says_so(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "cache": True, "mail": True})
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_may_ask_for_the_head_alone_and_may_not_post(client, path):
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_a_database_that_is_away_is_told(client):
    def away(*args):
        raise OperationalError

    with connection.execute_wrapper(away):
        response = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
    assert (response.status_code, response.json()) == (503, {"database": False, "cache": True, "mail": False})


@pytest.mark.django_db
def test_mail_that_nobody_sends_is_told_after_a_quarter_of_an_hour(client):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        mail.send_later("tests.test_site_health.letter", 1)
        assert client.get("/readyz").status_code == 200
    with time_machine.travel(now + timedelta(minutes=14), tick=False):
        assert client.get("/readyz").status_code == 200
    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "cache": True, "mail": False})
