"""Banning a writer and taking it back, deciding all that waits of one, and ready reasons."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation
from comments.models import Ban, Comment, Decision
from comments.own import changes
from comments.writers import banning
from ketablog import roles, secrets
from ketablog.site_replies import ModerationPolicy
from tests.base import RITA, make_comment, make_mo, make_post, make_site, make_user, reply_data
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"
ADDRESS = "/posts/sleep/comments/"
SAM = {"name": "Sam", "email": "sam@spam.example"}


@pytest.fixture
def post():
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    return make_post("Sleep", slug="sleep")


@pytest.fixture
def mo(client):
    mo = make_mo()
    client.force_login(mo)
    return mo


def make_held(post, source="Something.", **fields) -> Comment:
    fields = {"status": "pending", "writer": secrets.new_writer(), **SAM, **fields}
    return make_comment(post, source, **fields)


def page_of(comment: Comment) -> str:
    return f"{LIST}{comment.pk}/change/"


def send(client, post, text="Does it help?", **fields):
    return client.post(ADDRESS, reply_data(post, comment=text, **fields))


def newest() -> Comment:
    return Comment.objects.latest("pk")


# What a ban does


def test_what_a_banned_writer_sends_is_spam_and_nobody_is_told(client, post):
    bad = make_held(post)
    assert banning.ban(bad, by=make_mo(), reason="insults")
    send(client, post, "By the same address.", email="SAM@spam.example")
    assert [reason["rule"] for reason in newest().reasons] == ["banned"]
    by_address = newest().status
    send(client, post, "By the same browser.", key=secrets.writer_key(bad.writer), **RITA)
    assert (by_address, newest().status) == ("spam", "spam")
    send(client, post, "Somebody else.", **RITA)
    assert newest().status == "approved"
    run_tasks()
    assert mail.outbox == []


def test_a_banned_writer_gets_the_answer_that_everybody_gets_whose_reply_waits(client, post):
    make_site(moderation_policy=ModerationPolicy.HOLD_ALL)
    first = send(client, post, "Not banned yet.", **SAM)
    banning.ban(newest(), by=make_mo())
    second = send(client, post, "Not banned yet, I think.", **SAM)
    pages = []
    for answer in (first, second):
        shown = client.get(answer["Location"])
        own = re.search(r'id="comment-.*?</article>', shown.text, re.DOTALL)[0]
        pages.append((answer.status_code, shown.status_code, re.sub(r"[0-9a-f-]{20,}|\d+", "#", own)))
    assert pages[0][2].replace("yet.", "yet, I think.") == pages[1][2]
    assert pages[0][:2] == pages[1][:2] == (303, 200)


def test_what_may_be_a_cry_for_help_is_held_whoever_wrote_it(client, post):
    bad = make_held(post)
    banning.ban(bad, by=make_mo())
    for text in ("I want to die.", "It all feels hopeless."):
        send(client, post, text, **SAM)
        assert newest().status == "pending"
        assert {reason["rule"] for reason in newest().reasons} == {"help", "banned"}


def test_a_known_writer_whose_address_somebody_else_was_banned_with_only_waits(client, post):
    mo = make_mo()
    writer = secrets.new_writer()
    for number in range(2):
        comment = make_held(post, f"Good {number}", writer=writer, **RITA)
        moderation.approve(comment, by=mo, text_version=1)
    banning.ban(make_held(post, "I typed Rita's address.", **RITA), by=mo)
    send(client, post, "It is me, Rita.", key=secrets.writer_key(writer))
    assert newest().status == "pending"
    send(client, post, "It is me, without a key.")
    assert newest().status == "spam"


def test_a_change_is_judged_under_the_ban_too(client, post):
    comment = make_held(post)
    banning.ban(comment, by=make_mo())
    client.post(comment.get_own_url(), {"act": "edit", "comment": "Other.", "name": "Sam", "version": "1"})
    assert Comment.objects.get().status == "spam"


def test_a_ban_holds_codes_and_no_address(client, post):
    bad = make_held(post)
    banning.ban(bad, by=make_mo())
    assert "sam" not in str(Ban.objects.values()).replace("comments", "")
    ban = Ban.objects.get()
    assert (ban.writer, ban.email_index) == (bad.writer, bad.email_index)


def test_a_ban_outlives_the_reply_and_its_keys(client, post, settings):
    settings.EMAIL_KEYS = {"old": "o" * 40}
    bad = make_held(post)
    banning.ban(bad, by=make_mo(), reason="he wrote about his aunt")
    settings.EMAIL_KEYS = {"new": "n" * 40, "old": "o" * 40}
    changes.withdraw(bad)
    assert Ban.objects.get().reason == ""
    bad.delete()
    send(client, post, "Again.", **SAM)
    assert newest().status == "spam"


def test_nobody_is_banned_of_whom_nothing_is_known(post):
    mo = make_mo()
    for comment in (make_held(post, writer="", email=""), make_comment(post, user=mo, writer="")):
        assert not banning.ban(comment, by=mo)
    assert not Ban.objects.exists()


# On the desk


def test_a_moderator_bans_and_lifts_with_a_press(client, post, mo):
    comment = make_held(post)
    assert f'name="writer" value="ban:{comment.pk}"' in client.get(LIST).text

    page = client.post(
        page_of(comment), {"writer": f"ban:{comment.pk}", "decision_reason": "insults"}, follow=True
    ).text
    assert "Banned: what this writer sends from now on goes to the spam" in page
    assert "insults" in page
    assert f'<input type="hidden" name="writer" value="lift:{comment.pk}">' in page
    ban = Ban.objects.get()
    assert (ban.by, ban.reason, ban.comment) == (mo, "insults", comment)
    assert Comment.objects.get().status == "pending"
    assert "Its writer is banned" in client.get(LIST).text

    again = client.post(LIST, {"writer": f"ban:{comment.pk}"}, follow=True).text
    assert "This writer is banned already" in again

    lifted = client.post(LIST, {"writer": f"lift:{comment.pk}"}, follow=True).text
    assert "The ban is lifted" in lifted
    ban.refresh_from_db()
    assert (ban.writer, ban.email_index, ban.lifted_by) == ("", "", mo)
    send(client, post, "Again.", **SAM)
    assert "banned" not in str(newest().reasons)


@pytest.mark.parametrize("value", ["", "ban", "ban:x", "ban:" + "9" * 40, "kill:1", "ban:1:1"])
def test_a_forged_ban_is_a_sentence_and_changes_nothing(client, post, mo, value):
    make_held(post)
    page = client.post(LIST, {"writer": value}, follow=True)
    assert "so nothing was changed" in page.text
    assert not Ban.objects.exists()


def test_a_ban_of_what_is_gone_is_a_sentence(client, mo):
    assert "no longer there" in client.post(LIST, {"writer": "ban:1"}, follow=True).text


def test_who_may_not_ban_sees_no_button_and_is_refused(client, post):
    comment = make_held(post)
    user = make_user("vera")
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_comment", "change_comment"]))
    client.force_login(user)
    assert "ban:" not in client.get(LIST).text
    assert client.post(LIST, {"writer": f"ban:{comment.pk}"}).status_code == 403
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.post(LIST, {"writer": f"ban:{comment.pk}"}).status_code == 403
    assert not Ban.objects.exists()


def test_bans_are_listed_and_lifted_there(client, post, mo):
    comment = make_held(post)
    banning.ban(comment, by=mo, reason="insults")
    page = client.get("/admin/comments/ban/").text
    assert "insults" in page
    assert "key, address" in page
    assert SAM["email"] not in page
    assert "insults" in client.get("/admin/comments/ban/?state=in_force").text
    assert "insults" not in client.get("/admin/comments/ban/?state=lifted").text
    number = Ban.objects.get().pk
    done = client.post("/admin/comments/ban/", {"action": "lift", "_selected_action": number}, follow=True).text
    assert "1 ban was lifted." in done
    again = client.post("/admin/comments/ban/", {"action": "lift", "_selected_action": number}, follow=True).text
    assert "is lifted already" in again
    assert client.get(f"/admin/comments/ban/{number}/change/").status_code == 200
    assert client.get("/admin/comments/ban/add/").status_code == 403


# All of one writer


def test_a_card_says_what_else_came_from_its_writer(client, post, mo):
    writer = secrets.new_writer()
    make_held(post, "First.", writer=writer)
    make_held(post, "Second.", writer=writer, email="")
    make_held(post, "Third.", status="spam")
    make_held(post, "Other.", **RITA)
    page = re.sub(r"\s+", " ", client.get(LIST).text)
    assert page.count("With the same key or address:") == 2
    assert "With the same key or address: Waiting 2 · Spam 1 ·" in page
    assert "With the same key or address: Waiting 2 ·" in page
    assert page.count("1 more waits") == 2


def test_all_that_waits_of_one_writer_is_read_and_approved_at_once(client, post, mo):
    writer = secrets.new_writer()
    held = [make_held(post, f"Reply {number}", writer=writer) for number in range(3)]
    urgent = make_held(post, "Urgent words", writer=writer, help_rank=2)
    other = make_held(post, "Somebody else's", **RITA)
    page = client.get(page_of(held[0])).text
    section = page.partition('id="same-writer"')[2].partition("</section>")[0]
    assert "3 more wait from this writer" in section
    assert all(words in section for words in ("Reply 1", "Reply 2", f"{urgent.pk}/change/"))
    assert "Urgent words" not in section
    assert "The text is covered; its own page shows it." in section
    assert "Somebody else" not in section

    data = dict(re.findall(r'name="(version-\d+)" value="([^"]+)"', section))
    selected = re.findall(r'name="selected" value="(\d+)"', section)
    assert sorted(map(int, selected)) == [comment.pk for comment in held]
    done = client.post(page_of(held[0]), {"decide_selected": "approve", "selected": selected, **data}, follow=True)
    assert "3 replies were approved." in done.text
    assert {comment.status for comment in Comment.objects.filter(pk__in=selected)} == {"approved"}
    assert Decision.objects.filter(by=mo, after="approved").count() == 3
    assert Comment.objects.filter(pk__in=[urgent.pk, other.pk], status="pending").count() == 2


def test_a_text_that_changed_meanwhile_is_not_approved_with_the_others(client, post, mo):
    writer = secrets.new_writer()
    first, second = (make_held(post, f"Reply {number}", writer=writer) for number in range(2))
    Comment.objects.filter(pk=second.pk).update(text_version=2)
    data = {"decide_selected": "approve", "selected": [first.pk, second.pk]}
    data |= {f"version-{comment.pk}": "1" for comment in (first, second)}
    page = client.post(page_of(first), data, follow=True).text
    assert "1 reply was approved." in page
    assert "The text was changed after you opened this page" in page
    assert Comment.objects.get(pk=second.pk).status == "pending"


def test_the_list_asks_as_often_for_twenty_writers_as_for_one(client, post, mo):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "Its writer is banned" in client.get(LIST).text
        return len(queries)

    banning.ban(make_held(post), by=mo)
    first = count()
    for number in range(20):
        comment = make_held(post, f"Reply {number}", email=f"sam{number}@spam.example")
        make_held(post, f"Reply {number}", writer=comment.writer)
        banning.ban(comment, by=make_user(f"mo{number}"))
    assert count() == first


# Ready reasons


def test_a_ready_reason_of_the_card_is_told_to_the_writer(client, post, mo):
    make_site(decline_reasons="Please leave out names.\n\n  It hurts others. ")
    comment = make_held(post)
    page = client.get(LIST).text
    assert "<option>Please leave out names.</option>" in page
    assert "<option>It hurts others.</option>" in page
    assert '<option value="It hurts others."></option>' in client.get(page_of(comment)).text
    data = {
        "decide": f"remove:{comment.pk}:1",
        f"public_reason-{comment.pk}": "It hurts others.",
        "public_reason-0": "No",
    }
    client.post(LIST, data)
    assert Comment.objects.get().public_reason == "It hurts others."
    assert "It hurts others." in client.get(comment.get_own_url()).text


def test_a_reason_on_the_card_is_for_removing_alone(client, post, mo):
    comment = make_held(post)
    client.post(LIST, {"decide": f"approve:{comment.pk}:1", f"public_reason-{comment.pk}": "It hurts others."})
    assert (newest().status, newest().public_reason) == ("approved", "")


def test_old_replies_have_no_writer_and_are_shown_as_before(client, post, mo):
    make_comment(post, "Old.", status="pending", email="", created_at=timezone.now() - timedelta(days=400))
    page = client.get(LIST).text
    assert "Old." in page
    assert "Ban this writer" not in page
