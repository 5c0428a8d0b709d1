"""The writer's own page for one reply: what it shows, a change, taking the reply back, a copy."""

import html
import json
import re
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection
from django.utils import timezone

from comments import intake, moderation
from comments.models import Comment, Decision, EmailLook, Report, RuleSetting
from comments.own import changes
from comments.rules import Judgment, Reason
from ketablog.secrets import own_token, read_id, read_own_token, sign_id, sign_id_for_now
from ketablog.site import current
from ketablog.site_replies import ModerationPolicy
from tests.base import make_comment, make_mo, make_post, make_site, make_user, reply_data

pytestmark = pytest.mark.django_db
TEXT = "I had the same question."
CLEAN = ModerationPolicy.PUBLISH_CLEAN


@pytest.fixture
def post():
    return make_post("Ketamine and sleep", slug="sleep")


@pytest.fixture
def held(post):
    return make_comment(post, TEXT, status="pending", website="https://rita.example")


@pytest.fixture
def public(post):
    return make_comment(post, TEXT)


def act(client, comment, verb, headers=None, /, **fields):
    return client.post(comment.get_own_url(), {"act": verb, **fields}, headers=headers or {})


def edit(client, comment, text="Another text.", /, **fields):
    typed = {"comment": text, "name": "Rita", "version": str(comment.text_version), **fields}
    return act(client, comment, "edit", **typed)


def is_private(response) -> bool:
    return (
        response["Cache-Control"] == "private, no-store"
        and response["X-Robots-Tag"] == "noindex"
        and response["Referrer-Policy"] == "same-origin"
        and not response.cookies
    )


# How a writer gets there


def link_in(text: str) -> list[str]:
    return re.findall(r'href="(/replies/[^"]+)"', text)


@pytest.mark.parametrize("policy", ModerationPolicy)
def test_who_just_replied_finds_the_link_beside_the_reply(client, post, policy):
    make_site(moderation_policy=policy)
    sent = client.post("/posts/sleep/comments/", reply_data(post))
    shown = client.get(sent["Location"].partition("#")[0])
    assert link_in(shown.text) == [Comment.objects.get().get_own_url()]
    assert is_private(shown)
    assert client.get(link_in(shown.text)[0]).status_code == 200


def test_half_an_hour_later_the_same_address_only_shows_the_reply(client, post):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sent = client.post("/posts/sleep/comments/", reply_data(post, comment=TEXT))
        clock.shift(timedelta(minutes=29))
        assert link_in(client.get(sent["Location"]).text)
        clock.shift(timedelta(minutes=1, seconds=1))
        shown = client.get(sent["Location"])
        assert TEXT in shown.text
        assert link_in(shown.text) == []


def test_a_view_only_address_has_no_link(client, held):
    shown = client.get("/posts/sleep/", {"mine": sign_id("mine", held.pk)})
    assert TEXT in shown.text
    assert link_in(shown.text) == []


def test_nobody_else_sees_a_link_and_made_up_tokens_change_nothing(client, public):
    page = client.get("/posts/sleep/")
    assert link_in(page.text) == []
    for token in ("", "x", "MQ:1:2", sign_id("mine", public.pk), sign_id("new", public.pk)):
        assert client.get("/posts/sleep/", {"new": token}).content == page.content


def test_who_pressed_twice_still_gets_the_link_but_not_for_a_public_reply(client, post):
    client.post("/posts/sleep/comments/", reply_data(post))
    again = client.post("/posts/sleep/comments/", reply_data(post))
    assert again.status_code == 409
    address = html.unescape(re.search(r'href="(/posts/sleep/\?[^"#]+)#', again.text)[1])
    assert link_in(client.get(address).text)
    Comment.objects.update(status="approved")
    assert "new=" not in client.post("/posts/sleep/comments/", reply_data(post)).text


def test_a_repetition_without_an_address_or_much_later_is_no_proof(client, post):
    make_site(email_required=False)
    client.post("/posts/sleep/comments/", reply_data(post, email=""))
    assert "new=" not in client.post("/posts/sleep/comments/", reply_data(post, email="")).text
    make_comment(post, "Old.", status="pending", created_at=timezone.now() - timedelta(hours=1))
    assert "new=" not in client.post("/posts/sleep/comments/", reply_data(post, comment="Old.")).text


# Tokens


def test_a_link_opens_its_own_reply_only(held, post):
    other = make_comment(post)
    assert read_own_token(own_token(held.pk, held.generation)) == (held.pk, held.generation)
    digest = own_token(held.pk, held.generation).rpartition("-")[2]
    for text in (
        f"{other.pk}-{held.generation}-{digest}",
        f"{held.pk}-{held.generation + 1}-{digest}",
        f"0{held.pk}-{held.generation}-{digest}",
        f"{held.pk}-{held.generation}-{digest.upper()}",
        f"{held.pk}-{held.generation}-{digest[:-1]}",
        f"{held.pk}-{held.generation}-",
        "٣-٤-" + digest,
    ):
        assert read_own_token(text) is None


def test_a_view_only_token_does_not_open_the_page_nor_the_other_way_round(client, held):
    for token in (sign_id("mine", held.pk), sign_id_for_now("new", held.pk), sign_id("own", held.pk)):
        assert client.get(f"/replies/{token}/").status_code == 404
    own = own_token(held.pk, held.generation)
    assert read_id("mine", own) is None
    assert TEXT not in client.get("/posts/sleep/", {"mine": own, "new": own}).text


@pytest.mark.parametrize(
    "token", ["x", "1-1-" + "0" * 64, "0-0-0", "%00", "-" * 300, "%F0%9F%91%A9", "9" * 18 + "-1-x"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_opens_nothing_is_answered_in_words(client, held, token, method):
    make_site(contact="Call 555 0100")
    response = getattr(client, method)(f"/replies/{token}/")
    assert response.status_code in (404, 400) if method == "post" else response.status_code == 404
    assert is_private(response)
    if response.status_code == 404:
        assert "The reply may have been withdrawn or erased" in response.text
        assert "Call 555 0100" in response.text


def test_a_link_outlives_a_change_of_the_secret_key_that_is_kept_as_fallback(client, held, settings):
    address = held.get_own_url()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert client.get(address).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(address).status_code == 404


def test_a_number_that_comes_again_is_not_opened_by_the_old_link(client, held, post):
    address, number = held.get_own_url(), held.pk
    held.delete()
    make_comment(post, pk=number)
    assert client.get(address).status_code == 404


def test_text_sent_to_a_dead_link_comes_back(client, held):
    old = held.get_own_url()
    changes.withdraw(held)
    response = client.post(old, {"act": "edit", "comment": "Typed <for> long."})
    assert response.status_code == 404
    assert "Typed &lt;for&gt; long." in response.text


# What it shows


def test_the_page_is_private_and_looking_changes_nothing(client, held):
    before = Comment.objects.values().get()
    for method in (client.get, client.head):
        response = method(held.get_own_url())
        assert response.status_code == 200
        assert is_private(response)
    assert Comment.objects.values().get() == before
    assert "rita@example.org" not in client.get(held.get_own_url()).text


def test_other_methods_are_refused_in_words(client, held):
    response = client.put(held.get_own_url())
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")
    assert "opened with its link" in response.text


def test_a_held_reply_waits_and_says_when_staff_look(client, held):
    make_site(opening_hours="Monday to Friday, 9 am to 5 pm")
    text = client.get(held.get_own_url()).text
    assert '<a href="/posts/sleep/">Ketamine and sleep</a>' in text
    assert TEXT in text
    assert "It waits for a moderator." in text
    assert "Replies are looked at Monday to Friday, 9 am to 5 pm." in text


def test_a_published_reply_links_to_its_place(client, public):
    text = client.get(public.get_own_url()).text
    assert "It is published" in text
    assert f'href="/comments/{public.pk}/"' in text


def test_spam_looks_as_if_it_waited(client, held):
    with time_machine.travel(timezone.now(), tick=False):
        waiting = client.get(held.get_own_url()).text
        Comment.objects.update(status="spam")
        assert client.get(held.get_own_url()).text == waiting


def test_a_declined_reply_says_so_with_the_reason_that_is_meant_for_its_writer(client, held):
    moderation.remove(
        held, by=make_mo(), text_version=1, reason="Names her doctor.", public_reason="Please leave out names."
    )
    text = client.get(held.get_own_url()).text
    assert "A moderator decided not to publish it." in text
    assert "Please leave out names." in text
    assert "Names her doctor" not in text
    assert "Change it" not in text
    assert "Tell me by email" not in text


def test_a_reply_to_an_article_that_is_no_longer_public_names_it_nowhere(client, public, post):
    post.withdrawn_at = timezone.now()
    post.save()
    text = client.get(public.get_own_url()).text
    assert "its article is not public now" in text
    assert "Ketamine and sleep" not in text


def test_an_urgent_reply_shows_the_help_block(client, held):
    assert "You do not have to carry this alone" not in client.get(held.get_own_url()).text
    Comment.objects.update(help_rank=2)
    assert "You do not have to carry this alone" in client.get(held.get_own_url()).text


def test_an_unknown_word_of_what_was_done_is_not_shown(client, held):
    assert 'class="done"' not in client.get(held.get_own_url(), {"done": "<b>hacked"}).text


# Changing it


def test_a_change_is_saved_judged_and_told(client, held):
    response = edit(client, held, "Now with **stress**.", name="Rita M.")
    assert response.status_code == 303
    assert response["Location"] == f"{held.get_own_url()}?done=edited"
    assert is_private(response)
    stored = Comment.objects.get()
    assert (stored.source, stored.name, stored.text_version) == ("Now with **stress**.", "Rita M.", 2)
    assert "<strong>stress</strong>" in stored.html
    assert stored.edited_at is not None
    assert (stored.email, stored.website, stored.status) == ("rita@example.org", "https://rita.example", "pending")
    assert [reason["rule"] for reason in stored.reasons] == ["policy", "edited"]
    assert not Decision.objects.exists()
    assert "Your change is saved." in client.get(response["Location"]).text


def test_a_published_reply_waits_again_where_all_are_held(client, public, mails):
    make_mo()
    edit(client, public)
    stored = Comment.objects.get()
    assert (stored.status, stored.decided_at, stored.decided_by) == ("pending", None, None)
    decision = Decision.objects.get()
    assert (decision.before, decision.after, decision.by, decision.text_version) == ("approved", "pending", None, 2)
    assert [message.to for message in mails()] == [["mo@clinic.example"]]
    assert "Another text." not in client.get("/posts/sleep/").text


def test_a_published_reply_stays_public_where_no_rule_holds_it_and_says_edited(client, public):
    make_site(moderation_policy=CLEAN)
    assert "edited" not in client.get("/posts/sleep/").text
    edit(client, public)
    assert Comment.objects.get().status == "approved"
    text = client.get("/posts/sleep/").text
    assert "Another text." in text
    assert '<span class="edited">edited</span>' in text
    assert "Another text." in client.get("/posts/sleep/feed/").text


def test_a_feed_knows_that_a_reply_was_changed(client, public):
    make_site(moderation_policy=CLEAN)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        before = client.get("/comments/feed/")["Last-Modified"]
        edit(client, public)
        assert client.get("/comments/feed/")["Last-Modified"] > before


def test_a_published_reply_that_a_rule_holds_now_waits(client, public, mails):
    make_site(moderation_policy=CLEAN)
    make_mo()
    edit(client, public, "https://a.example https://b.example")
    stored = Comment.objects.get()
    assert stored.status == "pending"
    assert {reason["rule"] for reason in stored.reasons} >= {"links", "edited"}
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (1, "You can change it for 15 more minutes."),
        (60, "You can change it for 14 more minutes."),
        (14 * 60, "You can change it for 1 more minute."),
        (15 * 60 - 1, "You can change it for 1 more minute."),
    ],
)
def test_how_long_it_can_be_changed_is_told_in_minutes_which_are_the_same_everywhere(client, held, seconds, sentence):
    with time_machine.travel(held.created_at + timedelta(seconds=seconds), tick=False):
        assert sentence in client.get(held.get_own_url()).text


@pytest.mark.parametrize("before", ["pending", "spam"])
def test_no_change_of_its_writer_lets_through_what_is_held(client, held, before):
    make_site(moderation_policy=CLEAN)
    Comment.objects.update(status=before)
    for text in ("Harmless.", "Harmless too."):
        held.refresh_from_db()
        assert edit(client, held, text).status_code == 303
    stored = Comment.objects.get()
    assert (stored.source, stored.status) == ("Harmless too.", before)
    assert [reason["rule"] for reason in stored.reasons] == ["edited"]


def test_spam_that_its_writer_changes_stays_what_a_moderator_called_it_and_says_the_same_as_ever(client, held, mails):
    mo = make_mo()
    moderation.spam(held, by=mo, text_version=1, reason="Sells pills.")
    with time_machine.travel(timezone.now(), tick=False):
        told = client.get(edit(client, held, "Better pills.")["Location"]).text
        stored = Comment.objects.get()
        assert (stored.source, stored.status, stored.text_version) == ("Better pills.", "spam", 2)
        assert (stored.decided_by, stored.decision_reason) == (mo, "Sells pills.")
        assert stored.decided_at is not None
        assert "Your change is saved." in told
        assert "It waits for a moderator." in told
        Comment.objects.update(status="pending")
        assert client.get(f"{held.get_own_url()}?done=edited").text == told
    assert Decision.objects.count() == 1
    assert mails() == []


def test_spam_that_becomes_a_cry_for_help_waits_and_is_told(client, held, mails):
    moderation.spam(held, by=make_mo(), text_version=1)
    edit(client, held, "I want to die.")
    stored = Comment.objects.get()
    assert (stored.status, stored.help_rank, stored.decided_by) == ("pending", 2, None)
    assert [mail.subject.partition(":")[0] for mail in mails()] == ["Urgent"]


@pytest.mark.parametrize(("words", "rank"), [("I want to die.", 2), ("I feel hopeless and alone.", 1)])
def test_a_cry_for_help_that_waits_is_not_edited_away(client, post, words, rank):
    client.post("/posts/sleep/comments/", reply_data(post, comment=words))
    comment = Comment.objects.get()
    assert comment.help_rank == rank
    response = edit(client, comment, "Sorry, never mind.")
    stored = Comment.objects.get()
    assert (stored.source, stored.status, stored.help_rank) == ("Sorry, never mind.", "pending", rank)
    assert "help" in [reason["rule"] for reason in stored.reasons]
    assert ("You do not have to carry this alone" in client.get(response["Location"]).text) is (rank == 2)


def test_a_change_that_may_be_a_cry_for_help_is_told_and_shows_the_help_block(client, held, mails):
    make_mo()
    response = edit(client, held, "I want to die.")
    assert Comment.objects.get().help_rank == 2
    assert mails()[0].subject.startswith("Urgent:")
    assert "You do not have to carry this alone" in client.get(response["Location"]).text


@pytest.mark.parametrize("text", ["Never mind, I am fine.", "Buy cheap pills at [url=http://pills.example]here[/url]"])
def test_a_cry_for_help_that_its_writer_takes_back_is_still_read_by_somebody(client, held, mails, text):
    mo = make_mo()
    for rule in ("markup", "links", "classifier"):
        RuleSetting.objects.update_or_create(name=rule, defaults={"outcome": "spam"})
    edit(client, held, "I want to die.")
    held.refresh_from_db()
    found = [reason for reason in held.reasons if reason["rule"] == "help"]
    edit(client, held, text)
    stored = Comment.objects.get()
    assert (stored.source, stored.status, stored.help_rank, stored.opened_at) == (text, "pending", 2, None)
    assert [reason for reason in stored.reasons if reason["rule"] == "help"] == found != []
    assert moderation.approve(stored, by=mo, text_version=stored.text_version) is False


def test_a_preview_shows_the_text_as_it_will_look_and_saves_nothing(client, held):
    before = Comment.objects.values().get()
    response = edit(client, held, "Now with *stress* & <tags>.", name="Rita M.", preview="1")
    assert response.status_code == 200
    assert is_private(response)
    assert "Preview, not sent yet" in response.text
    assert "Now with <em>stress</em>" in response.text
    assert "Now with *stress* &amp; &lt;tags&gt;.</textarea>" in response.text
    assert 'value="Rita M."' in response.text
    assert Comment.objects.values().get() == before
    assert "You do not have to carry this alone" in edit(client, held, "I want to die.", preview="1").text


def test_a_preview_that_cannot_be_shown_says_why_and_keeps_the_text(client, held):
    assert edit(client, held, "", preview="1").status_code == 422
    edit(client, held, "From the first window.")
    response = edit(client, held, "From the second window.", preview="1", version="1")
    assert response.status_code == 409
    with patch("comments.own.views.PREVIEW_LIMITS", ((0, timedelta(minutes=1)),)):
        held.refresh_from_db()
        many = edit(client, held, "Too many looks.", preview="1")
    assert many.status_code == 429
    assert "Too many looks." in many.text
    with time_machine.travel(held.created_at + timedelta(minutes=16), tick=False):
        late = edit(client, held, "Too late.", preview="1")
    assert late.status_code == 403
    assert "Too late." in late.text


def test_who_just_replied_is_told_what_became_of_it_where_the_address_leads_to(client, post):
    for policy, sentence in (
        (ModerationPolicy.HOLD_ALL, "Your reply is awaiting moderation."),
        (CLEAN, "Your reply is published."),
    ):
        make_site(moderation_policy=policy)
        sent = client.post("/posts/sleep/comments/", reply_data(post, comment=f"Held by {policy}"))
        address = sent["Location"].partition("#")[0]
        number = sent["Location"].rpartition("-")[2]
        described = f'id="comment-{number}" aria-describedby="became-{number}" tabindex="-1" aria-label="Rita"'
        text = client.get(address).text
        assert text.count(f'<p class="held" id="became-{number}">{sentence}</p>') == 1
        assert text.count(described) == 1
        assert described not in client.get(re.sub(r"[?&]new=[^&]+", "", address)).text


def test_saving_what_is_there_already_changes_nothing(client, public):
    response = edit(client, public, TEXT)
    assert response["Location"].endswith("?done=same")
    stored = Comment.objects.get()
    assert (stored.status, stored.text_version, stored.edited_at) == ("approved", 1, None)


def test_after_fifteen_minutes_the_text_stays_and_the_new_one_is_given_back(client, held):
    with time_machine.travel(held.created_at + timedelta(minutes=15, seconds=-1), tick=False) as clock:
        assert "Change it" in client.get(held.get_own_url()).text
        clock.shift(timedelta(seconds=1))
        assert "Change it" not in client.get(held.get_own_url()).text
        response = edit(client, held, "Too <late>.")
    assert response.status_code == 403
    assert "can no longer be changed" in response.text
    assert "Too &lt;late&gt;." in response.text
    assert Comment.objects.get().source == TEXT


def test_how_long_is_a_setting_and_zero_switches_it_off(client, held):
    make_site(edit_minutes=60)
    with time_machine.travel(held.created_at + timedelta(minutes=59), tick=False):
        assert edit(client, held).status_code == 303
    make_site(edit_minutes=0)
    held.refresh_from_db()
    assert "Change it" not in client.get(held.get_own_url()).text
    assert edit(client, held).status_code == 403


@pytest.mark.parametrize("closed", ["article", "site", "withdrawn", "declined"])
def test_where_nothing_new_is_taken_nothing_is_changed(client, held, post, closed):
    if closed == "site":
        make_site(replies_open=False)
    elif closed == "declined":
        Comment.objects.update(status="removed")
    else:
        post.replies_open = closed != "article"
        post.withdrawn_at = timezone.now() if closed == "withdrawn" else None
        post.save()
    response = edit(client, held, "New & kept.")
    assert response.status_code == 403
    assert "New &amp; kept." in response.text
    assert Comment.objects.get().source == TEXT


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Write your reply here first."),
        ({"text": "x" * 5001}, "This is 1 character too long; up to 5000 fit."),
        ({"text": "x" * 20_000}, "too long"),
        ({"name": "\u200b"}, "Tell us what to call you; a nickname is fine."),
        ({"name": "n" * 101}, "too long"),
    ],
)
def test_a_wrong_field_is_named_and_the_text_comes_back(client, held, fields, sentence):
    typed = {"text": "Kept & whole.", "name": "Rita the Kept", **fields}
    response = edit(client, held, typed.pop("text"), **typed)
    assert response.status_code == 422
    assert sentence in response.text
    kept = "Rita the Kept" if "text" in fields else "Kept &amp; whole."
    assert kept in response.text
    assert Comment.objects.get().source == TEXT


def test_a_change_from_another_site_is_not_saved_and_comes_back(client, held):
    response = edit(client, held, "From afar.")
    held.refresh_from_db()
    response = act(
        client, held, "edit", {"Sec-Fetch-Site": "cross-site"}, comment="Not mine.", name="Rita", version="2"
    )
    assert response.status_code == 403
    assert "sent from another site" in response.text
    assert "Not mine." in response.text
    assert Comment.objects.get().source == "From afar."


def test_changes_count_against_the_flood_but_a_cry_for_help_does_not(client, held):
    for number in range(5):
        held.refresh_from_db()
        assert edit(client, held, f"Text {number}.").status_code == 303
    held.refresh_from_db()
    response = edit(client, held, "One too many.")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "One too many." in response.text
    assert edit(client, held, "I want to die.").status_code == 303


def test_a_change_of_another_version_is_kept_and_saved_by_a_second_press(client, held):
    edit(client, held, "From the first window.")
    response = edit(client, held, "From the second window.")
    assert response.status_code == 409
    assert "From the second window." in response.text
    assert 'name="version" value="2"' in response.text
    assert Comment.objects.get().source == "From the first window."
    held.refresh_from_db()
    assert edit(client, held, "From the second window.").status_code == 303


def test_a_moderators_decision_on_the_older_text_loses(client, held):
    seen = Comment.objects.get()
    edit(client, held, "Not what she read.")
    assert moderation.approve(seen, by=make_mo(), text_version=seen.text_version) is False
    assert Comment.objects.get().status == "pending"


@pytest.mark.parametrize("verb", ["approve", "spam", "remove"])
def test_a_decision_in_the_same_moment_keeps_what_was_typed(client, held, verb):
    def decide_first(*args, **kwargs):
        getattr(moderation, verb)(Comment.objects.get(), by=mo, text_version=1)
        return real(*args, **kwargs)

    mo, real = make_mo(), changes.edit
    with patch.object(changes, "edit", decide_first):
        response = edit(client, held, "Typed meanwhile.")
    assert response.status_code == 409
    assert "Typed meanwhile." in response.text
    assert Comment.objects.get().source == TEXT


def test_a_text_that_was_withdrawn_in_the_same_moment_does_not_come_back(client, held):
    stale = Comment.objects.get()
    changes.withdraw(held)
    assert changes.edit(stale, source="New.", name="Rita", text_version=1, site_settings=current()) is False
    assert Comment.objects.get().source == ""


def test_a_database_that_fails_gives_the_text_back(client, held):
    with patch.object(changes, "edit", side_effect=DatabaseError):
        response = edit(client, held, "Almost saved.")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "Almost saved." in response.text


def test_a_failing_rule_holds_a_change(client, public):
    make_site(moderation_policy=CLEAN)
    with patch.object(intake, "judge", return_value=Judgment([Reason("rule_failed", outcome="hold")])):
        edit(client, public)
    assert Comment.objects.get().status == "pending"


def test_a_change_needs_no_key_of_the_address(client, held, settings):
    settings.EMAIL_KEYS = {"k9": "other" * 10}
    stored = Comment.objects.get().email_encrypted
    assert edit(client, held).status_code == 303
    assert Comment.objects.get().email_encrypted == stored


def test_a_moderators_own_reply_is_theirs_to_change_while_signed_in(client, post):
    mo = make_mo()
    comment = make_comment(post, TEXT, user=mo, name="Mo Moderator", email="")
    assert 'name="name"' not in client.get(comment.get_own_url()).text
    client.force_login(mo)
    edit(client, comment, "Corrected.", name="Somebody else")
    stored = Comment.objects.get()
    assert (stored.source, stored.name, stored.status, stored.decided_by) == (
        "Corrected.",
        "Mo Moderator",
        "approved",
        mo,
    )
    client.logout()
    edit(client, stored, "By who found the link.")
    assert Comment.objects.get().status == "pending"


def test_the_link_alone_does_not_speak_for_the_clinic(client, post):
    make_site(moderation_policy=CLEAN)
    mo, other = make_mo(), make_user("ada", "Moderators")
    for somebody in (None, other):
        comment = make_comment(post, TEXT, user=mo, name="Mo Moderator", email="")
        client.logout()
        if somebody:
            client.force_login(somebody)
        edit(client, comment, "Take twice the dose.")
        assert Comment.objects.get(pk=comment.pk).status == "pending"
    assert "Take twice the dose." not in client.get("/posts/sleep/").text


def test_what_readers_reported_is_not_edited_away(client, public):
    make_site(moderation_policy=CLEAN)
    Report.objects.create(comment=public, reason="worry", client="1")
    edit(client, public, "Nothing to see.")
    public.refresh_from_db()
    assert (public.status, public.help_rank) == ("approved", Comment.HelpRank.WATCH)
    moderation.hold(public, because=["reported", "worried"])
    edit(client, public, "Nothing at all.")
    public.refresh_from_db()
    assert (public.status, public.help_rank) == ("pending", Comment.HelpRank.WATCH)
    assert [reason["rule"] for reason in public.reasons] == ["reported", "worried", "edited"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, 400), ({"act": "approve"}, 400), ({"act": "export", "comment": "x" * 600_000}, 413)],
)
def test_what_cannot_be_read_changes_nothing(client, held, fields, status):
    response = client.post(held.get_own_url(), fields)
    assert response.status_code == status
    assert is_private(response)
    assert Comment.objects.get().source == TEXT


def test_a_body_that_is_no_form_is_refused(client, held):
    response = client.post(held.get_own_url(), "{}", content_type="application/json")
    assert response.status_code == 400
    assert is_private(response)


# Taking it back


@pytest.mark.parametrize("before", ["pending", "approved", "spam", "removed"])
def test_withdrawing_erases_all_that_came_from_the_writer(client, post, before, mails):
    mo = make_mo()
    comment = make_comment(
        post, "CANARY text", name="CANARY", email="canary@x.example", website="https://canary.example",
        reasons=[{"rule": "links", "points": 2, "fragment": "https://canary.example", "version": 1}], help_rank=1,
    )  # fmt: skip
    moderation.restore(comment, by=mo, text_version=1, reason="CANARY is known here")
    Comment.objects.update(status=before, public_reason="CANARY, no names please")
    EmailLook.objects.create(comment=comment, by=mo)
    old = comment.get_own_url()

    response = act(client, comment, "withdraw")

    assert response.status_code == 303
    assert client.get(old).status_code == 404
    shown = client.get(response["Location"])
    assert "Your reply is withdrawn." in shown.text
    assert "The private link that you had no longer works" in shown.text
    stored = Comment.objects.get()
    assert (stored.status, stored.withdrawn_at is not None, stored.text_version) == ("removed", True, 2)
    assert (stored.email_encrypted, stored.email_index, stored.reasons, stored.decided_by) == ("", "", [], None)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (the tables' own names)
            assert "canary" not in str(cursor.fetchall()).lower(), table
    assert mails() == []


def test_a_withdrawn_reply_is_gone_from_page_feeds_and_its_address(client, public):
    mine = client.get("/posts/sleep/", {"mine": sign_id("mine", public.pk)})
    assert TEXT in mine.text
    act(client, public, "withdraw")
    for address in ("/posts/sleep/", "/comments/feed/", "/posts/sleep/feed/", f"/comments/{public.pk}/"):
        response = client.get(address)
        assert TEXT not in response.text
        assert f"comment-{public.pk}" not in response.text
    for query in ({"mine": sign_id("mine", public.pk)}, {"new": sign_id_for_now("new", public.pk)}):
        assert f'id="comment-{public.pk}"' not in client.get("/posts/sleep/", query).text
    assert client.get(f"/comments/{public.pk}/").status_code == 404


def test_answers_to_a_withdrawn_reply_stay_below_a_placeholder(client, public, post):
    make_comment(post, "An answer stays.", parent=public, name="Nora")
    act(client, public, "withdraw")
    text = client.get("/posts/sleep/", {"mine": sign_id("mine", public.pk)}).text
    assert "A reply that is no longer here" in text
    assert "An answer stays." in text
    assert "Rita" not in text


def test_withdrawing_wins_over_a_decision_in_the_same_moment(held):
    seen, mo = Comment.objects.get(), make_mo()
    moderation.approve(seen, by=mo, text_version=1)
    assert changes.withdraw(held) is True
    assert Comment.objects.get().status == "removed"
    assert [(d.before, d.after) for d in Decision.objects.all()] == [("approved", "removed"), ("pending", "approved")]


def test_withdrawing_twice_is_withdrawing_once(client, held):
    stale = Comment.objects.get()
    assert changes.withdraw(held) is True
    assert changes.withdraw(stale) is False
    assert changes.withdraw(held) is False
    assert Decision.objects.count() == 1
    response = act(client, held, "withdraw")
    assert response["Location"] == f"{held.get_own_url()}?done=withdrawn"


def test_a_withdrawal_from_another_site_does_nothing(client, held):
    response = act(client, held, "withdraw", {"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert Comment.objects.get().source == TEXT


def test_the_page_of_a_withdrawn_reply_offers_nothing_more(client, held):
    changes.withdraw(held)
    text = client.get(held.get_own_url()).text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]
    assert edit(client, held).status_code == 403


@pytest.mark.parametrize("verb", ["approve", "spam", "restore"])
def test_nobody_decides_about_what_was_withdrawn(verb, held):
    changes.withdraw(held)
    assert moderation.verbs_for(held) == []
    decide = getattr(moderation, verb)
    assert decide(held, by=make_mo(), text_version=held.text_version) is False


def test_the_database_itself_keeps_what_was_withdrawn_empty(held):
    changes.withdraw(held)
    with pytest.raises(IntegrityError):
        Comment.objects.update(source="Back again.")


def test_the_desk_says_that_its_writer_withdrew_it(client, public, post):
    make_comment(post, "An answer.", parent=public, status="pending")
    changes.withdraw(public)
    client.force_login(make_mo())
    for address in ("/admin/comments/comment/?status=removed", f"/admin/comments/comment/{public.pk}/change/"):
        text = client.get(address).text
        assert "Withdrawn by its writer" in text
        assert "its writer took this reply back." in text
        assert 'value="approve:' not in text
    assert "answers a reply that was withdrawn" in client.get("/admin/comments/comment/").text
    assert '<article class="desk-card' not in client.get("/admin/comments/comment/?status=all&q=same+question").text
    told = client.post(
        "/admin/comments/comment/", {"decide": f"approve:{public.pk}:{public.text_version}"}, follow=True
    )
    assert "Its writer withdrew this reply" in told.text


def test_the_same_text_may_be_sent_again_after_it_was_withdrawn(client, post):
    client.post("/posts/sleep/comments/", reply_data(post))
    act(client, Comment.objects.get(), "withdraw")
    assert client.post("/posts/sleep/comments/", reply_data(post)).status_code == 303


# The reason for the writer


def test_a_moderator_gives_the_writer_a_reason_with_the_removal_only(client, held):
    client.force_login(make_mo())
    address = f"/admin/comments/comment/{held.pk}/change/"
    assert 'name="public_reason"' in client.get(address).text
    words = {"decision_reason": "Names her doctor.", "public_reason": "Please leave\nout names."}
    client.post(address, {"decide": f"remove:{held.pk}:1", **words})
    stored = Comment.objects.get()
    assert (stored.decision_reason, stored.public_reason) == ("Names her doctor.", "Please leave out names.")
    assert "Its writer is told: Please leave out names." in client.get(address).text
    client.post(address, {"decide": f"approve:{held.pk}:1", **words})
    stored.refresh_from_db()
    assert (stored.status, stored.public_reason) == ("approved", "")


# The copy


def test_the_copy_has_all_that_is_the_writers_and_no_points_of_rules(client, held):
    Comment.objects.update(
        reasons=[{"rule": "links", "points": 9, "fragment": "x", "version": 1}], decision_reason="Internal."
    )
    response = act(client, held, "export")
    assert response.status_code == 200
    assert is_private(response)
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == f'attachment; filename="reply-{held.pk}.json"'
    copy = json.loads(response.content)
    assert copy == {
        "number": held.pk,
        "article": "Ketamine and sleep",
        "article_address": "http://testserver/posts/sleep/",
        "in_answer_to": None,
        "state": "waiting",
        "reason": "",
        "written_at": copy["written_at"],
        "edited_at": None,
        "withdrawn_at": None,
        "name": "Rita",
        "email": "rita@example.org",
        "website": "https://rita.example",
        "notices": "off",
        "text": TEXT,
    }
    assert not EmailLook.objects.exists()


def test_a_copy_without_the_key_of_the_address_has_all_the_rest(client, held, settings):
    settings.EMAIL_KEYS = {"k9": "other" * 10}
    copy = json.loads(act(client, held, "export").content)
    assert (copy["email"], copy["text"]) == (None, TEXT)


def test_a_copy_is_not_given_to_another_site_nor_by_a_link(client, held):
    assert act(client, held, "export", {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert "rita@example.org" not in client.get(held.get_own_url(), {"act": "export"}).text


@pytest.mark.parametrize("minutes", [-1, 1441])
def test_the_minutes_have_limits(client, minutes):
    client.force_login(make_user("root", is_superuser=True))
    site = current()
    site.edit_minutes = minutes
    with pytest.raises(Exception, match="edit_minutes"):
        site.full_clean()
