"""Log lines tell what happened and where, never who it was or what was typed."""

import io
import logging
import socket

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from ketablog.models import User
from tests.base import make_post, make_user, reply_data

CANARY = "canary@example.org"


def raise_it(request: HttpRequest, token: str = "") -> HttpResponse:
    try:
        int(CANARY)
    except ValueError as error:
        raise RuntimeError(f"{CANARY} and {request.POST}") from error
    return HttpResponse()


def repeat_a_row(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        User.objects.create_user("second", email=CANARY.upper())
    return HttpResponse()


urlpatterns = [
    path("replies/<str:token>/", raise_it),
    path("rows/", repeat_a_row),
    path("", include("ketablog.urls")),
]
handler400 = "ketablog.views.bad_request"
handler500 = "ketablog.views.server_error"


@pytest.fixture
def log():
    """What the handler that all our loggers share writes during the test."""
    handler = logging.getLogger("ketablog").handlers[0]
    assert handler in logging.getLogger("django").handlers
    assert handler in logging.getLogger().handlers
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_failing_page_is_logged_by_its_route_and_kind(client, log):
    response = client.post(f"/replies/{CANARY}/?q={CANARY}", {"email": CANARY}, headers={"user-agent": CANARY})
    assert response.status_code == 500
    assert CANARY not in response.text
    assert "ERROR django.request: 500 POST /replies/<str:token>/" in log.getvalue()
    assert "RuntimeError" in log.getvalue()
    assert "in raise_it" in log.getvalue()
    assert CANARY not in log.getvalue().lower()


@pytest.mark.urls(__name__)
@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_database_refuses_is_not_repeated(client, log):
    make_user("first", email=CANARY)
    assert client.get("/rows/").status_code == 500
    assert "django.db.utils.IntegrityError" in log.getvalue()
    assert CANARY not in log.getvalue().lower()
    assert connection.is_usable()


@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"/{CANARY}/", f"/posts/{CANARY}/", f"/?page={CANARY}", f"/comments/{CANARY}/"])
def test_a_page_that_is_missing_is_logged_without_its_address(client, log, address):
    client.get(address)
    assert "canary" not in log.getvalue().lower()


@pytest.mark.django_db
def test_a_forged_host_and_a_forged_form_are_logged_without_their_words(log):
    client = Client(enforce_csrf_checks=True)
    assert client.get("/", headers={"host": "canary.example"}).status_code == 400
    data = {"username": CANARY, "password": CANARY}
    assert client.post("/admin/login/", data, headers={"referer": f"http://{CANARY}/"}).status_code == 403
    assert "400 GET" in log.getvalue()
    assert "403 POST /admin/login/" in log.getvalue()
    assert "canary" not in log.getvalue().lower()


@pytest.mark.django_db
def test_a_failed_sign_in_names_nobody(client, log):
    for _attempt in range(11):
        client.post("/admin/login/", {"username": CANARY, "password": CANARY}, REMOTE_ADDR="203.0.113.77")
    assert "canary" not in log.getvalue().lower()
    assert "203.0.113" not in log.getvalue()


@pytest.mark.django_db
def test_a_reply_leaves_no_words_in_the_log(client, log):
    post = make_post()
    client.post(f"/posts/{post.slug}/comments/", reply_data(post, email=CANARY, name="Canary"))
    client.post(f"/posts/{post.slug}/comments/", reply_data(post, email=CANARY, name="", comment="canary"))
    assert "canary" not in log.getvalue().lower()


def test_an_exception_that_our_own_code_logs_does_not_speak(log):
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("ketablog.anything").exception("could not do it")
    assert "ERROR ketablog.anything: could not do it" in log.getvalue()
    assert "builtins.ValueError" in log.getvalue()
    assert CANARY not in log.getvalue().lower()


def test_the_development_server_does_not_repeat_addresses(log):
    with socket.socket() as request:
        logging.getLogger("django.server").error(
            '"GET /%s/ HTTP/1.1" 500', CANARY, extra={"request": request, "status_code": 500}
        )
    assert log.getvalue() == ""
