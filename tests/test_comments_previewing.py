"""A reader looks at a reply before sending it: the page's own rendering, and nothing is stored."""

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape

from comments import guard, intake
from comments.models import Comment
from ketablog.models import Tally
from tests.base import make_comment, make_mo, make_post, make_site, reply_data
from tests.refusing import REFUSALS, TEXT

pytestmark = pytest.mark.django_db
MARKDOWN = "It *helped* me.\n\n> Sleep well\n\n<script>alert(1)</script> [x](javascript:alert(1))"
ASKS_NO_PREVIEW = {
    *("asked first", "proof first", "fields", "duplicate", "too fast", "parent gone", "deleted meanwhile", "not saved")
}


@pytest.fixture
def post():
    return make_post("Ketamine and sleep", slug="sleep")


def preview(client, post, headers=None, **fields):
    data = reply_data(post, preview="1", **fields)
    return client.post("/posts/sleep/comments/", data, headers=headers or {})


def test_a_preview_shows_the_text_as_the_reply_will_look_and_stores_nothing(client, post):
    response = preview(client, post, comment=MARKDOWN)
    assert response.status_code == 200
    assert not Comment.objects.exists()
    client.post("/posts/sleep/comments/", reply_data(post, comment=MARKDOWN))
    assert f'<div class="reply-text" dir="auto">{Comment.objects.get().html}</div>' in response.text
    assert "<em>helped</em>" in response.text
    assert "<script>alert" not in response.text
    assert 'href="javascript' not in response.text


def test_everything_typed_stands_below_it_in_a_form_that_sends(client, post):
    parent = make_comment(post, name="Nora")
    response = preview(client, post, comment=TEXT, parent=parent.pk, website="https://example.org")
    form = response.text.partition('id="reply-form"')[2]
    assert "Preview, not sent yet" in response.text.partition('id="reply-form"')[0]
    for typed in (TEXT, "Rita", "rita@example.org", "https://example.org", f'value="{parent.pk}"'):
        assert typed in form or escape(typed) in form
    assert "Leave a Reply to <bdi>Nora</bdi>" in response.text
    assert form.index("Post Comment") < form.index('name="preview"'), "the Enter key presses the first"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.cookies == {}


def test_a_preview_asks_for_no_name_and_no_address(client, post):
    response = preview(client, post, comment=TEXT, name="", email="not yet", website="x y")
    assert response.status_code == 200
    assert "aria-invalid" not in response.text
    assert "not yet" in response.text


@pytest.mark.parametrize(("text", "sentence"), [("", "Write your reply here first."), ("x" * 5001, "1 character too")])
def test_a_text_that_could_not_be_sent_cannot_be_looked_at(client, post, text, sentence):
    response = preview(client, post, comment=text, name="")
    assert response.status_code == 422
    assert sentence in response.text
    assert "Tell us what to call you" not in response.text
    assert "Preview, not sent yet" not in response.text


@pytest.mark.parametrize("refusal", [r for r in REFUSALS if r.name not in ASKS_NO_PREVIEW], ids=str)
def test_a_preview_passes_the_same_guard(client, post, refusal):
    with refusal.happens(post):
        response = preview(client, post, comment=TEXT)
    assert response.status_code == refusal.status
    assert refusal.sentence in response.text
    assert (escape(TEXT) in response.text) == (refusal.gives_back != "sentence")


def test_a_preview_is_no_step_towards_the_flood_and_is_no_repetition(client, post):
    for _ in range(10):
        assert preview(client, post).status_code == 200
    assert client.post("/posts/sleep/comments/", reply_data(post)).status_code == 303
    assert preview(client, post).status_code == 200
    assert client.post("/posts/sleep/comments/", reply_data(post, comment="Another.")).status_code == 303


def test_a_script_cannot_ask_for_previews_without_end(client, post):
    limits = patch.object(intake, "PREVIEW_LIMITS", ((2, timedelta(minutes=1)),))
    with limits, time_machine.travel("2027-05-01T12:00:01Z", tick=False):
        statuses = [preview(client, post, comment=TEXT).status_code for _ in range(3)]
        urgent = preview(client, post, comment="I want to die.")
    assert statuses == [200, 200, 429]
    assert urgent.status_code == 429
    assert "You do not have to carry this alone" in urgent.text
    assert all("reply" not in key for key in Tally.objects.values_list("key", flat=True))


def test_a_cry_for_help_shows_who_answers(client, post):
    assert "You do not have to carry this alone" in preview(client, post, comment="I want to die.").text
    assert "You do not have to carry this alone" not in preview(client, post).text


def test_a_preview_of_staff_needs_their_own_token(post):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_mo())
    assert preview(client, post).status_code == 403
    with patch.object(guard, "check_staff_token"):
        response = preview(client, post, name=None, email=None)
    assert response.status_code == 200
    assert 'name="email"' not in response.text


def test_the_limit_of_a_preview_is_the_sites(client, post):
    make_site(comment_limit=200)
    assert preview(client, post, comment="x" * 201).status_code == 422


def test_the_name_may_be_a_neutral_one(client, post):
    text = client.get("/posts/sleep/").text
    assert "A first name or a nickname is enough." in text
    assert "Suggest a neutral name" in text
    address = text.partition('data-names="')[2].partition('"')[0]
    names = client.get(address).text.split(", ")
    assert "Quiet Harbor" in names
    assert len(names) == len(set(names)) >= 30
    assert text == client.get("/posts/sleep/").text
