"""What may be a cry for help: who is told, until when, and how many it takes to publish it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django_tasks_db.models import DBTaskResult

from comments import moderation, opening
from comments.models import Comment, Consent, Decision
from ketablog import roles
from tests.base import make_comment, make_mo, make_post, make_site, make_user, reply_data

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"
NOON = "2027-05-01T12:00:00Z"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mo(clock):
    return make_mo()


@pytest.fixture
def bea(clock):
    return make_user("bea", roles.MODERATORS, first_name="Bea", last_name="Second")


@pytest.fixture
def urgent(clock) -> Comment:
    return make_comment(make_post(), "I want to die.", status="pending", help_rank=2)


def approve(comment: Comment, by, **fields) -> bool:
    fresh = Comment.objects.get(pk=comment.pk)
    return moderation.approve(fresh, by=by, **{"text_version": fresh.text_version, **fields})


# Publishing


def test_one_person_consents_and_another_one_publishes(urgent, mo, bea):
    assert approve(urgent, mo) is False
    assert Comment.objects.get().status == "pending"
    assert (Consent.objects.get().by, Consent.objects.get().text_version) == (mo, 1)
    assert not Decision.objects.exists()
    notes = {entry.change_message for entry in LogEntry.objects.all()}
    assert "Approved, which is a first consent: it may be a cry for help." in notes
    assert approve(urgent, bea) is True
    assert Comment.objects.get().status == "approved"
    assert Decision.objects.get().by == bea


def test_the_same_person_publishes_an_hour_later_and_no_sooner(urgent, mo, clock):
    assert approve(urgent, mo) is False
    clock.shift(timedelta(minutes=59, seconds=59))
    assert approve(urgent, mo) is False
    assert Consent.objects.count() == 1
    clock.shift(timedelta(seconds=1))
    assert approve(urgent, mo) is True


def test_a_command_is_nobody_else(urgent, mo, clock):
    assert approve(urgent, None) is False
    assert approve(urgent, mo) is False
    assert approve(urgent, None) is False
    clock.shift(timedelta(hours=1))
    assert approve(urgent, None) is True


def test_another_text_needs_new_consents(urgent, mo, bea):
    approve(urgent, mo)
    Comment.objects.update(text_version=2)
    assert approve(urgent, bea) is False
    assert approve(urgent, mo) is True


def test_a_consent_to_a_text_that_is_gone_is_not_written(urgent, mo):
    Comment.objects.update(text_version=2)
    assert approve(urgent, mo, text_version=1) is False
    assert not Consent.objects.exists()


def test_a_decision_in_between_needs_new_consents(urgent, mo, bea, clock):
    approve(urgent, mo)
    clock.shift(timedelta(minutes=5))
    moderation.remove(urgent, by=bea, text_version=1)
    clock.shift(timedelta(minutes=5))
    assert approve(urgent, bea) is False
    assert approve(urgent, mo) is True


def test_what_is_not_urgent_is_approved_at_once(mo):
    comment = make_comment(make_post(), status="pending", help_rank=1)
    assert approve(comment, mo) is True
    assert not Consent.objects.exists()


def test_a_reply_that_became_urgent_since_it_was_read_is_not_approved(mo):
    comment = make_comment(make_post(), status="pending")
    Comment.objects.update(help_rank=2)
    assert moderation.approve(comment, by=mo, text_version=1) is False
    assert Comment.objects.get().status == "pending"


def test_no_rule_removes_an_urgent_reply(urgent, mo):
    assert moderation.remove(urgent, by=None, text_version=1) is False
    assert moderation.remove(urgent, by=mo, text_version=1) is True


def test_the_desk_says_what_is_noted_and_what_is_missing(client, urgent, mo, bea):
    client.force_login(mo)
    assert "To publish it: Two of you have to approve it" in client.get(LIST).text
    page = client.post(LIST, {"decide": f"approve:{urgent.pk}:1"}, follow=True).text
    assert "Your approval is noted, and nothing is public yet." in page
    assert "from 1 p.m. on you may do so yourself." in page
    assert "Mo Moderator approved it. Somebody else has to approve it too; from 1 p.m. on anybody may." in page
    client.force_login(bea)
    page = client.post(f"{LIST}{urgent.pk}/change/", {"decide": f"approve:{urgent.pk}:1"}, follow=True).text
    assert "Approved: readers of the article see it now." in page
    assert Comment.objects.get().status == "approved"


# Opening


def test_who_opens_it_is_written_down_once(client, urgent, mo, bea):
    client.force_login(mo)
    assert "Nobody has said yet that they read it" in client.get(LIST).text
    page = client.post(LIST, {"mark": f"open:{urgent.pk}:1"}, follow=True).text
    assert "you have read it, and the reminders by mail end" in page
    assert "Mo Moderator read it (" in page
    stored = Comment.objects.get()
    assert (stored.opened_by, stored.status) == (mo, "pending")
    assert LogEntry.objects.get().change_message == "Read by staff: it may be a cry for help."
    assert opening.open_reply(stored, by=bea) is False
    assert Comment.objects.get().opened_by == mo


def test_looking_at_it_opens_nothing(client, urgent, mo):
    client.force_login(mo)
    client.get(LIST)
    client.get(f"{LIST}{urgent.pk}/change/")
    assert Comment.objects.get().opened_at is None


def test_a_text_that_changed_since_is_not_opened(client, urgent, mo):
    client.force_login(mo)
    Comment.objects.update(text_version=2)
    assert "its text was changed" in client.post(LIST, {"mark": f"open:{urgent.pk}:1"}, follow=True).text
    assert Comment.objects.get().opened_at is None


# Reminding


def send(client) -> Comment:
    post = make_post("What helps")
    client.post(f"/posts/{post.slug}/comments/", reply_data(post, comment="I want to die. CANARY", name="CANARYNAME"))
    return Comment.objects.get()


def test_the_on_call_address_is_told_at_once_and_again_until_somebody_opens_it(client, clock, mails):
    make_site(on_call_address="oncall@clinic.example")
    comment = send(client)
    counts = [len(mails())]
    for minutes in (14, 1, 15, 30, 30, 60, 60):
        clock.shift(timedelta(minutes=minutes))
        mails()
        counts.append(len(mails()))
    assert counts == [1, 1, 2, 3, 4, 5, 6, 7]
    opening.open_reply(comment, by=make_mo())
    clock.shift(timedelta(hours=3))
    mails()
    assert len(mails()) == 7
    assert {address for message in mails() for address in message.to} == {"oncall@clinic.example"}


def test_the_alert_and_its_tasks_hold_nothing_of_the_reader(client, clock, mails):
    make_site(on_call_address="oncall@clinic.example")
    comment = send(client)
    stored = str(list(DBTaskResult.objects.values()))
    (message,) = mails()
    assert message.subject == "Urgent: a reply may be a cry for help"
    assert f"http://testserver/admin/comments/comment/{comment.pk}/change/" in message.body
    for held in (stored, message.message().as_string()):
        assert "canary" not in held.lower()
        assert "want to die" not in held


def test_without_an_on_call_address_moderators_are_told_again(client, clock, mails):
    make_mo()
    send(client)
    assert [message.subject for message in mails()] == ["Urgent: a reply waits under “What helps”"]
    clock.shift(timedelta(minutes=15))
    mails()
    assert len(mails()) == 2


def test_a_decision_ends_the_reminders_too(client, clock, mails):
    make_site(on_call_address="oncall@clinic.example")
    moderation.remove(send(client), by=make_mo(), text_version=1)
    clock.shift(timedelta(hours=1))
    mails()
    assert all("Urgent: a reply waits" in message.subject for message in mails())


def test_what_is_only_watched_alerts_nobody(client, clock, mails):
    make_site(on_call_address="oncall@clinic.example")
    post = make_post()
    client.post(f"/posts/{post.slug}/comments/", reply_data(post, comment="I feel hopeless."))
    assert Comment.objects.get().help_rank == Comment.HelpRank.WATCH
    assert mails() == []
