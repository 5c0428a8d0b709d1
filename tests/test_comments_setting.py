"""Replies that are set from a mold are what their template makes of them."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone, translation

from comments.models import Comment
from comments.templatetags import replies
from comments.threads import read_page
from ketablog.markup.molds import CLOSE, NUMBERS, OPEN, Mold, place
from ketablog.moments import in_words
from tests.base import make_comment, make_person, make_post, make_site, make_user

pytestmark = pytest.mark.django_db

HOSTILE = f"\"><script>'& {OPEN}website{CLOSE} {NUMBERS['number']}"


def by_template(reply, can_reply, post) -> str:
    context = {
        "reply": reply,
        "comment": reply.comment,
        "written": in_words(reply.comment.created_at, "DATETIME_FORMAT"),
        "can_reply": can_reply,
        "reply_url": f"/posts/{post.slug}/comments/",
    }
    return render_to_string("comments/_reply.html", context)


def tight(html: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", html).strip()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("can_reply", [True, False])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": HOSTILE},
        {"website": "https://example.org/?a=1&b=2"},
        {"staff_edited_at": timezone.now()},
        {"edited_at": timezone.now()},
        {"source": HOSTILE},
        {"created_at": timezone.now() - timedelta(days=400, seconds=7)},
    ],
    ids=lambda fields: next(iter(fields), "plain"),
)
def test_a_reply_and_an_answer_to_it(fields, can_reply, language):
    post = make_post(slug="harbor")
    top = make_comment(post, **fields)
    make_comment(post, parent=top, **fields)
    _all_are_as_their_template_says(post, can_reply, language)


@pytest.mark.parametrize("credentials", ["MD", "", HOSTILE, None], ids=["some", "empty", "hostile", "none"])
def test_the_staff(credentials):
    post, user = make_post(slug="harbor"), make_user("mo")
    if credentials is not None:
        make_person(name="Dr. Mo", credentials=credentials, user=user)
    make_comment(post, parent=make_comment(post, user=user), user=user)
    _all_are_as_their_template_says(post, True, "en")


def _all_are_as_their_template_says(post, can_reply, language):
    with translation.override(language):
        threads = read_page(post, depth=3).threads
        shown = replies.replies_of(Context({"post": post}), threads, can_reply=can_reply)
        plain = "".join(by_template(reply, can_reply, post) for thread in threads for reply in thread.replies)
    assert tight(shown) == tight(plain)
    assert "<script>" not in shown


def test_what_a_reader_typed_is_not_looked_through_for_places(client):
    make_comment(make_post(slug="harbor"), name=HOSTILE[:90])
    text = client.get("/posts/harbor/").text
    assert "&quot;&gt;&lt;script&gt;" in text
    assert f"{OPEN}website{CLOSE}" in text  # as it was typed


def test_an_answer_from_another_page_of_its_thread(client):
    post = make_post(slug="harbor")
    top = make_comment(post, name="Ana")
    first = make_comment(post, name="Bea", parent=top)
    Comment.objects.bulk_create(
        Comment(post=post, parent=top, thread=top, name="Cleo", status="approved", created_at=timezone.now())
        for _ in range(100)
    )
    last = make_comment(post, name="Dora", parent=first, created_at=timezone.now())
    text = client.get(f"/comments/{top.pk}/thread/?page=2").text
    article = text.partition(f'id="comment-{last.pk}"')[2]
    assert f'in answer to <a href="/comments/{first.pk}/" rel="nofollow"><bdi>Bea</bdi></a>' in article


def test_what_the_clinic_says_beside_the_form_may_be_any_text(client):
    post = make_post(slug="harbor")
    make_site(opening_hours="\ue000name\ue001 8314462618153241")
    assert "\ue000name\ue001 8314462618153241" in client.get(post.get_absolute_url()).text


def test_a_mold_wants_every_value():
    mold = Mold(render_to_string("_contact.html", {"text": place("text")}))
    assert "a &lt;b&gt;" in mold.fill({"text": "a <b>"})
    with pytest.raises(KeyError):
        mold.fill(vars(SimpleNamespace(other="")))
