"""Staff sign in, are locked out after too many tries, and get a new password by mail."""

import logging
import re

import pytest
import time_machine
from django.test import Client
from django_tasks_db.models import DBTaskResult

from ketablog import roles
from ketablog.logs import PrivateFormatter
from tests.base import PASSWORD, make_site, make_user

pytestmark = pytest.mark.django_db
NEW = "a much better password"


def sign_in(client, password: str = PASSWORD, username: str = "ada", **extra):
    data = {"username": username, "password": password}
    return client.post("/admin/login/?next=/admin/", data, **extra)


def ask(client, email: str = "ada@clinic.example", **extra):
    return client.post("/admin/password/", {"email": email}, **extra)


def link_in(mail) -> str:
    return re.search(r"http://testserver(/\S+)", mail.body)[1]


@pytest.fixture
def ada():
    return make_user("ada", roles.WRITERS, first_name="Ada")


def test_a_cookie_of_another_form_neither_signs_in_nor_stands_in_the_way(ada):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "not-of-this-site"
    assert sign_in(client).status_code == 403
    assert sign_in(client, HTTP_X_CSRFTOKEN="not-of-this-site").status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/admin/login/").text)[1]
    assert sign_in(client, HTTP_X_CSRFTOKEN=token).status_code == 302


def test_the_sign_in_page_leads_to_a_new_password(client):
    assert 'href="/admin/password/"' in client.get("/admin/login/").text


@pytest.mark.parametrize(
    "page", ["/admin/login/", "/admin/password/", "/admin/password/sent/", "/admin/password/done/"]
)
def test_the_pages_at_the_door_carry_the_clinic_s_name(client, page):
    make_site(name="Harbor Clinic")
    shown = client.get(page).text
    assert '<div id="site-name"><a href="/admin/">Harbor Clinic</a></div>' in shown
    assert "Django" not in shown


def test_ten_failures_lock_the_name_out_from_there_and_only_there(client, ada):
    for _try in range(9):
        assert "Please enter the correct username and password" in sign_in(client, "wrong").text
    response = sign_in(client, "wrong")
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert "blocked from here for 15 minutes" in response.text
    assert 'href="/admin/password/"' in response.text
    assert sign_in(client).status_code == 429
    assert sign_in(client, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_the_mail_s_link_sets_a_new_password(client, ada, mails):
    response = ask(client, follow=True)
    assert response.redirect_chain == [("/admin/password/sent/", 302)]
    (mail,) = mails()
    assert mail.to == ["ada@clinic.example"]
    assert "Hello Ada," in mail.body
    form = client.get(link_in(mail), follow=True)
    assert form.request["PATH_INFO"].endswith("/set-password/")
    done = client.post(form.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW}, follow=True)
    assert "Your password has been set." in done.text
    assert sign_in(client, PASSWORD).status_code == 200
    assert sign_in(client, NEW).status_code == 302
    assert "The password reset link was invalid" in client.get(link_in(mail), follow=True).text


def test_a_weak_new_password_is_refused(client, ada, mails):
    ask(client)
    form = client.get(link_in(mails()[0]), follow=True)
    again = client.post(form.request["PATH_INFO"], {"new_password1": "short", "new_password2": "short"})
    assert "at least 12 characters" in again.text


@pytest.mark.parametrize("state", ["unknown", "inactive", "never invited"])
def test_the_answer_is_the_same_for_an_address_that_gets_no_mail(client, ada, mails, state):
    known = ask(client, follow=True)
    waiting = DBTaskResult.objects.count()
    bob = make_user("bob", is_active=state != "inactive")
    if state == "never invited":
        bob.set_unusable_password()
        bob.save()
    other = ask(client, "nobody@clinic.example" if state == "unknown" else bob.email, follow=True)
    assert other.redirect_chain == known.redirect_chain
    assert other.content == known.content
    assert DBTaskResult.objects.count() == 2 * waiting
    assert [mail.to for mail in mails()] == [["ada@clinic.example"]]


@time_machine.travel("2026-06-01T12:00:00Z", tick=False)
def test_the_sixth_try_of_an_hour_is_refused_and_sends_nothing(client, ada, mails):
    for _try in range(5):
        assert ask(client).status_code == 302
    response = ask(client)
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "Nothing was sent; try again in 60 minutes." in response.text
    assert 'value="ada@clinic.example"' in response.text
    assert ask(client, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert len(mails()) == 6


def test_no_log_line_holds_a_token(client, ada, mails, caplog):
    ask(client)
    link = link_in(mails()[0])
    token = link.split("/")[-2]
    with caplog.at_level(logging.DEBUG):
        client.handler.enforce_csrf_checks = True
        assert client.post(link, {"new_password1": NEW}).status_code == 403
        assert client.get(link.replace("password/", "nowhere/")).status_code == 302
    assert caplog.records
    for record in caplog.records:
        if record.name.startswith(("django.request", "django.security", "ketablog", "axes")):
            assert token not in PrivateFormatter().format(record)


def test_a_known_name_and_an_unknown_one_get_the_same_words(client, ada):
    known, unknown = sign_in(client, "wrong").text, sign_in(client, "wrong", "nobody").text
    sentence = "Please enter the correct username and password for a staff account."
    assert sentence in known
    assert sentence in unknown
