"""A reader leaves a reply: what is taken, what is refused, and that nothing typed is lost."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import DatabaseError
from django.utils import timezone
from django.utils.html import escape

from comments import intake
from comments.models import Comment
from comments.rules import Rule
from ketablog.secrets import form_token
from ketablog.site_replies import ModerationPolicy
from tests.base import make_comment, make_mo, make_post, make_site, reply_data

pytestmark = pytest.mark.django_db
TEXT = "Line one & <two>\nI had the same question."


@pytest.fixture
def post():
    return make_post("Ketamine and sleep", slug="ketamine-and-sleep")


def send(client, post, follow=False, headers=None, **fields):
    return client.post(
        f"/posts/{post.slug}/comments/", reply_data(post, **fields), headers=headers or {}, follow=follow
    )


def test_a_reply_is_taken_and_waits(client, post):
    response = send(client, post, comment=TEXT, website="example.org")
    assert response.status_code == 303
    comment = Comment.objects.get()
    assert comment.status == "pending"
    assert comment.source == TEXT
    assert (comment.name, comment.email, comment.website) == ("Rita", "rita@example.org", "https://example.org")
    assert [reason["rule"] for reason in comment.reasons] == ["policy"]
    assert response["Location"].startswith("/posts/ketamine-and-sleep/?mine=")
    assert response["Location"].endswith(f"#comment-{comment.pk}")
    assert response.cookies == {}


def test_its_writer_sees_the_held_reply_and_nobody_else_does(client, post):
    response = send(client, post, comment="Only mine to see so far.", follow=True)
    assert "Only mine to see so far." in response.text
    assert "Your reply is awaiting moderation." in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Only mine to see so far." not in client.get("/posts/ketamine-and-sleep/").text


@pytest.mark.parametrize("token", ["", "1", "x" * 200, "1:abc"])
def test_a_made_up_token_shows_no_held_reply(client, post, token):
    make_comment(post, "Held and private.", status="pending")
    response = client.get("/posts/ketamine-and-sleep/", {"mine": token})
    assert response.status_code == 200
    assert "Held and private." not in response.text


def test_a_writer_is_told_when_a_moderator_declined(client, post):
    response = send(client, post)
    Comment.objects.update(status="removed")
    shown = client.get(response["Location"].partition("#")[0])
    assert "A moderator decided not to publish your reply." in shown.text


def test_a_writer_cannot_tell_spam_from_waiting(client, post):
    response = send(client, post)
    Comment.objects.update(status="spam")
    assert "Your reply is awaiting moderation." in client.get(response["Location"].partition("#")[0]).text


def test_an_answer_keeps_its_parent_and_its_thread(client, post):
    top = make_comment(post)
    answer = make_comment(post, parent=top)
    send(client, post, parent=answer.pk)
    newest = Comment.objects.order_by("pk").last()
    assert (newest.parent, newest.thread) == (answer, top)


def test_the_address_is_encrypted_and_found_again(client, post):
    send(client, post)
    row = Comment.objects.values().get()
    assert "rita@" not in str(row)
    assert Comment.objects.of_address("RITA@example.org").count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"comment": ""}, "comment", "Write your reply here first."),
        ({"comment": " \n\u200b\t"}, "comment", "Write your reply here first."),
        ({"comment": "x" * 5001}, "comment", "This is 1 character too long; up to 5000 fit."),
        ({"comment": "👩" * 2501}, "comment", "This is 2 characters too long; up to 5000 fit."),
        ({"name": ""}, "name", "Tell us what to call you; a nickname is fine."),
        ({"name": "\u202e\u200b"}, "name", "Tell us what to call you; a nickname is fine."),
        ({"name": "n" * 101}, "name", "This is 1 character too long; up to 100 fit."),
        ({"email": ""}, "email", "Give an email address; it will not be published."),
        ({"email": "rita at home"}, "email", "This does not look like an email address."),
        ({"email": "r" * 250 + "@example.org"}, "email", "too long"),
        ({"website": "javascript:alert(1)"}, "website", "This does not look like a web address."),
        ({"website": "ftp://example.org"}, "website", "This does not look like a web address."),
        ({"website": "https://example.org/" + "x" * 200}, "website", "too long"),
    ],
)
def test_a_wrong_field_is_named_and_everything_typed_comes_back(client, post, fields, field, sentence):
    typed = reply_data(post, comment=TEXT) | fields
    response = client.post("/posts/ketamine-and-sleep/comments/", typed)
    assert response.status_code == 422
    assert not Comment.objects.exists()
    assert sentence in response.text
    assert 'aria-invalid="true"' in response.text
    assert f'href="#reply-{field}"' in response.text
    for name in {"comment", "name", "email", "website"} - {field}:
        assert escape(typed[name]) in response.text


def test_a_line_break_counts_once(client, post):
    assert send(client, post, comment="x" * 2499 + "\r\n" + "y" * 2500).status_code == 303


def test_the_limit_is_the_sites(client, post):
    make_site(comment_limit=200)
    assert send(client, post, comment="x" * 201).status_code == 422


def test_the_email_may_be_optional_and_the_website_left_out(client, post):
    make_site(email_required=False, website_offered=False)
    assert 'name="website"' not in client.get("/posts/ketamine-and-sleep/comments/").text
    assert send(client, post, email="", website="https://example.org").status_code == 303
    comment = Comment.objects.get()
    assert (comment.email, comment.email_index, comment.website) == ("", "", "")


def test_a_form_that_was_cached_for_eight_days_posts_and_an_older_one_comes_back_filled(client, post):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = form_token(post.pk)
        clock.shift(timedelta(days=8))
        assert send(client, post, token=token).status_code == 303
        clock.shift(timedelta(days=1))
        response = send(client, post, token=token, comment=TEXT)
        assert response.status_code == 422
        assert "Nothing is lost" in response.text
        assert escape(TEXT) in response.text
        assert form_token(post.pk) in response.text


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_form_without_its_token_comes_back_filled(client, post, token):
    response = send(client, post, token=token, comment=TEXT)
    assert response.status_code == 422
    assert escape(TEXT) in response.text
    assert not Comment.objects.exists()


def test_the_token_of_another_article_is_none_here(client, post):
    assert send(client, post, token=form_token(make_post().pk)).status_code == 422


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver"}, 303),
        ({"Origin": "null"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Referer": "http://testserver/posts/x/"}, 303),
        ({"Referer": "https://evil.example/"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Referer": "http://[x"}, 403),
        ({}, 303),
    ],
)
def test_a_post_from_elsewhere_is_not_taken_at_once(client, post, headers, status):
    response = send(client, post, headers=headers, comment=TEXT)
    assert response.status_code == status
    if status == 403:
        assert "came from another site" in response.text
        assert escape(TEXT) in response.text
        assert not Comment.objects.exists()


def test_the_same_reply_twice_is_one_and_leads_to_the_first(client, post):
    first = send(client, post)
    response = send(client, post)
    assert response.status_code == 409
    assert escape(first["Location"].partition("&new=")[0]) in response.text
    assert "I had the same question." in response.text
    assert Comment.objects.count() == 1


def test_an_address_cannot_be_guessed_by_sending_a_public_text_again(client, post):
    make_comment(post, "A public text.")
    answers = [send(client, post, comment="A public text.", email=email) for email in ("rita@example.org", "x@y.org")]
    assert [response.status_code for response in answers] == [409, 409]
    assert Comment.objects.count() == 1


def test_a_text_that_takes_minutes_to_compose_is_refused_by_its_length(client, post):
    marks = "a" + "\u0301" * 60_000 + "\u0316" * 60_000
    assert send(client, post, comment=marks).status_code == 422
    assert send(client, post, name=marks).status_code == 422


@pytest.mark.parametrize("fields", [{"comment": "Another text."}, {"email": "r2@example.org"}, {"parent": "top"}])
def test_another_text_address_or_place_is_another_reply(client, post, fields):
    top = make_comment(post)
    send(client, post)
    assert send(client, post, **{**fields, **({"parent": top.pk} if "parent" in fields else {})}).status_code == 303


def test_what_was_taken_for_spam_may_be_sent_again_and_so_may_a_text_of_yesterday(client, post):
    send(client, post)
    Comment.objects.update(status="spam")
    assert send(client, post).status_code == 303
    Comment.objects.update(status="approved", created_at=timezone.now() - timedelta(hours=25))
    assert send(client, post).status_code == 303


def test_a_flood_waits_with_its_text(client, post):
    with time_machine.travel("2027-05-01T12:00:01Z", tick=False):
        for number in range(5):
            assert send(client, post, comment=f"Reply {number}").status_code == 303
        response = send(client, post, comment=TEXT)
    assert response.status_code == 429
    assert int(response["Retry-After"]) == 60
    assert escape(TEXT) in response.text
    assert Comment.objects.count() == 5


def test_a_cry_for_help_is_never_too_fast_and_shows_who_answers(client, post):
    with time_machine.travel("2027-05-01T12:00:01Z", tick=False):
        for number in range(5):
            send(client, post, comment=f"Reply {number}")
        response = send(client, post, comment="I want to die.", follow=True)
    assert response.status_code == 200
    assert Comment.objects.get(source="I want to die.").is_urgent
    assert "You do not have to carry this alone" in response.text
    assert 'href="tel:988"' in response.text


def test_a_cry_for_help_in_a_refused_form_shows_who_answers(client, post):
    response = send(client, post, comment="I want to die.", name="")
    assert response.status_code == 422
    assert "You do not have to carry this alone" in response.text


@pytest.mark.parametrize("switch", ["post", "site"])
def test_closed_replies_say_so_and_give_the_text_back(client, post, switch):
    if switch == "post":
        type(post).objects.update(replies_open=False)
    else:
        make_site(replies_open=False)
    response = send(client, post, comment=TEXT)
    assert response.status_code == 403
    assert "Replies to this article are closed." in response.text
    assert escape(TEXT) in response.text
    assert "Replies to this article are closed." in client.get("/posts/ketamine-and-sleep/").text


@pytest.mark.parametrize("kind", ["missing", "pending", "elsewhere", "garbage", "huge", "negative"])
def test_a_parent_that_is_not_there_makes_it_a_reply_to_the_article(client, post, kind):
    parents = {
        "missing": lambda: 99_999,
        "pending": lambda: make_comment(post, status="pending").pk,
        "elsewhere": lambda: make_comment(make_post()).pk,
        "garbage": lambda: "' OR 1=1",
        "huge": lambda: "9" * 40,
        "negative": lambda: -1,
    }
    response = send(client, post, parent=parents[kind](), comment=TEXT)
    assert response.status_code == 422
    assert "no longer there" in response.text
    assert escape(TEXT) in response.text
    assert 'name="parent" value' not in response.text.replace('value=""', "")
    assert not Comment.objects.filter(source=TEXT).exists()


@pytest.mark.parametrize("published", [None, timedelta(days=-1)])
def test_an_article_that_is_not_public_is_not_mentioned_and_the_text_comes_back(client, published):
    draft = make_post("Secret plans", slug="secret", published=published)
    response = send(client, draft, comment=TEXT)
    assert response.status_code == 404
    assert escape(TEXT) in response.text
    assert "Secret plans" not in response.text
    assert client.get("/posts/secret/comments/").status_code == 404
    assert client.post("/posts/nowhere/comments/", {"comment": TEXT}).status_code == 404


def test_a_reply_that_cannot_be_saved_comes_back(client, post):
    with patch.object(Comment, "save", side_effect=DatabaseError("disk full: rita@example.org")):
        response = send(client, post, comment=TEXT)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert escape(TEXT) in response.text
    assert "rita@example.org" in response.text
    assert send(client, post, comment=TEXT).status_code == 303


def test_a_reply_comes_back_when_the_database_is_away(client, post):
    with patch.object(intake.addresses, "published_post", side_effect=DatabaseError):
        response = send(client, post, comment=TEXT)
    assert response.status_code == 503
    assert escape(TEXT) in response.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_another_method_is_refused(client, post, method):
    response = getattr(client, method)("/posts/ketamine-and-sleep/comments/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert "Replies are sent with the form under an article." in response.text


def test_an_absurd_body_is_refused(client, post):
    response = send(client, post, comment="x" * 600_000)
    assert response.status_code == 413
    assert "far more than a reply can hold" in response.text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"comment": "x"}', "application/json"),
        ("comment=x", "application/x-www-form-urlencoded; charset=utf-16"),
        ("--a\r\nContent-Disposition: nonsense", "multipart/form-data"),
        ("&".join(f"f{n}=1" for n in range(3000)), "application/x-www-form-urlencoded"),
        ("", "text/plain"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(client, post, body, content_type):
    response = client.generic("POST", "/posts/ketamine-and-sleep/comments/", body, content_type=content_type)
    assert response.status_code == 400
    assert "could not be read" in response.text


def test_the_honeypot_holds_and_says_nothing(client, post):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    response = send(client, post, topic="casino")
    assert response.status_code == 303
    comment = Comment.objects.get()
    assert comment.status == "pending"
    assert comment.reasons == [{"rule": "honeypot", "points": 5, "fragment": "casino", "version": 1, "outcome": "hold"}]


def test_a_clinic_may_publish_what_no_rule_holds(client, post):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    response = send(client, post, comment="Thank you. Is this the study? https://doi.org/10.1000/1")
    comment = Comment.objects.get()
    assert comment.status == "approved"
    assert re.fullmatch(rf"/posts/ketamine-and-sleep/\?new=[\w%-]+#comment-{comment.pk}", response["Location"])
    send(client, post, comment="https://a.example https://b.example")
    held = Comment.objects.order_by("pk").last()
    assert held.status == "pending"
    assert held.reasons[0]["rule"] == "links"


def test_even_then_a_cry_for_help_waits_for_a_person(client, post):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    send(client, post, comment="I feel hopeless.")
    assert Comment.objects.get().status == "pending"


def test_a_rule_that_fails_holds_the_reply_and_is_logged(client, post, caplog):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)

    def broken(submission):
        raise RuntimeError(submission.source)

    with patch("comments.rules.RULES", (Rule("broken", broken),)):
        assert send(client, post, comment="quite private").status_code == 303
    comment = Comment.objects.get()
    assert comment.status == "pending"
    assert comment.reasons[0]["rule"] == "rule_failed"
    assert "failed" in caplog.text


def test_a_moderator_answers_without_waiting_and_without_an_address(client, post):
    mo = make_mo()
    client.force_login(mo)
    form = client.get("/posts/ketamine-and-sleep/comments/").text
    assert 'name="email"' not in form
    assert "csrfmiddlewaretoken" in form
    response = send(client, post, comment="Good question.", email=None, name=None)
    assert response.status_code == 303
    comment = Comment.objects.get()
    assert (comment.status, comment.user, comment.decided_by, comment.name) == ("approved", mo, mo, "Mo Moderator")
    assert "Staff" in client.get("/posts/ketamine-and-sleep/").text


def test_nobody_posts_in_a_moderators_name_from_elsewhere(post):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(make_mo())
    response = send(client, post, comment=TEXT)
    assert response.status_code == 403
    assert escape(TEXT) in response.text
    assert not Comment.objects.exists()


def test_the_form_alone_answers_a_reply_without_scripts(client, post):
    parent = make_comment(post, "What about sleep?", name="Nora")
    response = client.get("/posts/ketamine-and-sleep/comments/", {"parent": parent.pk})
    assert response.status_code == 200
    assert "Nora" in response.text
    assert "What about sleep?" in response.text
    assert f'value="{parent.pk}"' in response.text
    assert "Your email address will not be published." in response.text
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("parent", ["x", "0", "-1", "9" * 40, "١"])
def test_the_form_alone_ignores_a_parent_that_is_none(client, post, parent):
    response = client.get("/posts/ketamine-and-sleep/comments/", {"parent": parent})
    assert response.status_code == 200


def test_the_fields_stand_in_their_order(client, post):
    text = client.get("/posts/ketamine-and-sleep/").text
    places = [text.index(f'name="{name}"') for name in ("comment", "name", "email", "website", "notify")]
    assert places == sorted(places)
    assert text.index("Required fields are marked") < places[0]
    assert "Post Comment" in text
    assert "maxlength" not in text[places[0] - 200 : places[0] + 300].split("</textarea>")[0]


def test_pages_are_byte_identical_and_set_no_cookie(post):
    from django.test import Client

    make_comment(post)
    for address in ("/", "/posts/ketamine-and-sleep/", "/posts/ketamine-and-sleep/comments/"):
        one, other = (Client(headers={"user-agent": agent}).get(address) for agent in ("A", "B"))
        assert one.content == other.content
        assert not one.cookies
        assert "Cookie" not in one.get("Vary", "")
        assert one["ETag"].startswith('"')
