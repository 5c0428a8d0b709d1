"""Each refusal of a reply, without scripts: its status, its words, and the text that comes back."""

import pytest
import time_machine
from django.utils import timezone
from django.utils.html import escape

from comments import intake
from comments.models import Comment
from comments.rules import Judgment
from posts.models import Post
from tests.base import make_comment, make_post, reply_data
from tests.refusing import REFUSALS, TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(slug="sleep")


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_a_refusal_says_why_and_gives_the_text_back(client, post, refusal):
    fields = {"comment": TEXT, **refusal.fields}
    if refusal.is_answer:
        fields["parent"] = make_comment(post).pk
    data = reply_data(post, **fields)
    with refusal.happens(post):
        before = Comment.objects.count()
        response = client.post("/posts/sleep/comments/", data)
    assert response.status_code == refusal.status
    assert refusal.sentence in response.text
    assert Comment.objects.count() == before
    assert ("Retry-After" in response.headers) == (refusal.status in (429, 503))
    assert response.headers["Cache-Control"] == "private, no-store"
    assert ('id="reply-form"' in response.text) == (refusal.gives_back == "form")
    assert (escape(TEXT) in response.text) == (refusal.gives_back != "sentence")


@pytest.mark.parametrize("is_answer", [False, True])
def test_the_text_comes_back_where_the_article_is_deleted_while_a_reply_is_judged(client, post, monkeypatch, is_answer):
    parent = make_comment(post).pk if is_answer else None

    def judge(*_args):
        Comment.objects.all().delete()
        Post.objects.all().delete()
        return Judgment([])

    monkeypatch.setattr(intake, "judge", judge)
    response = client.post("/posts/sleep/comments/", reply_data(post, comment=TEXT, parent=parent))
    assert response.status_code == 404
    assert "There is no article at this address" in response.text
    assert escape(TEXT) in response.text
    assert 'id="reply-form"' not in response.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("refusal", [refusal for refusal in REFUSALS if refusal.ends], ids=str)
def test_one_more_press_sends_it(client, post, refusal):
    data = reply_data(post, comment=TEXT)
    if refusal.is_answer:
        data["parent"] = make_comment(post).pk
    with refusal.happens(post):
        client.post("/posts/sleep/comments/", data)
    assert client.post("/posts/sleep/comments/", data | {"parent": ""}).status_code == 303
    assert Comment.objects.filter(source=TEXT).count() == 1


def test_a_script_is_told_where_the_reply_stands(client, post):
    response = client.post("/posts/sleep/comments/", reply_data(post), headers={"Prefer": "return=minimal"})
    comment = Comment.objects.get()
    assert response.status_code == 201
    assert response.headers["Location"].startswith("/posts/sleep/?mine=")
    assert response.headers["Location"].endswith(f"#comment-{comment.pk}")
    assert response.headers["Preference-Applied"] == "return=minimal"
    assert response.content == b""
    assert response.cookies == {}


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_a_script_is_refused_by_the_same_page(client, post, refusal):
    fields = {"comment": TEXT, **refusal.fields}
    if refusal.is_answer:
        fields["parent"] = make_comment(post).pk
    data = reply_data(post, **fields)
    # A page may hold a signed time, in whole seconds.
    with refusal.happens(post), time_machine.travel(timezone.now(), tick=False):
        plain = client.post("/posts/sleep/comments/", data)
        scripted = client.post("/posts/sleep/comments/", data, headers={"Prefer": "return=minimal"})
    assert (scripted.status_code, scripted.content) == (plain.status_code, plain.content)
