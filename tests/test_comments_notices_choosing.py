"""The page of notices, the switch on the own page, the tick in the form, and how all of it is forgotten."""

import re
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from comments import moderation, privacy, retention
from comments.models import Comment, Notice, NoticeAddress, Watch
from comments.notices import choosing, forgetting, watching
from comments.own import changes
from ketablog.secrets import address_indexes, notices_token, own_token, read_own_token
from tests.base import make_comment, make_mo, make_post, make_site, reply_data
from tests.queue import run_tasks

NOW = datetime.fromisoformat("2027-05-01T12:00:00+00:00")
PAUSE = timedelta(seconds=15)
DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)
PATH = "/posts/sleep/comments/"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def post():
    return make_post("Ketamine and sleep", slug="sleep", published=timedelta(days=9))


@pytest.fixture
def watch(post):
    """Rita watches her public reply, and confirmed it."""
    return make_watch(post)


def make_watch(post, *, confirmed: bool = True, **fields) -> Watch:
    comment = make_comment(post, **fields)
    watching.begin(comment)
    if confirmed:
        choosing.confirm(comment.watch.address)
    return Watch.objects.select_related("address", "comment").get(comment=comment)


def page_of(watch: Watch) -> str:
    return watch.address.get_absolute_url()


def approve_answer(post, watch: Watch) -> None:
    reply = make_comment(post, "Me too.", parent=watch.comment, email="ben@example.org", status="pending")
    assert moderation.approve(reply, by=None, text_version=1)


def is_private(response) -> bool:
    return (
        response["Cache-Control"] == "private, no-store"
        and response["X-Robots-Tag"] == "noindex"
        and response["Referrer-Policy"] == "same-origin"
        and not response.cookies
    )


# The form


def test_the_tick_without_an_address_asks_for_one_and_loses_nothing(client, post):
    make_site(email_required=False)
    response = client.post(PATH, reply_data(post, email="", notify="on"))
    assert response.status_code == 422
    assert "Give an email address to write to, or take the tick below away." in response.text
    assert "I had the same question." in response.text
    assert re.search(r'<input type="checkbox" name="notify"[^>]* checked', response.text)
    assert not Comment.objects.exists()
    assert client.post(PATH, reply_data(post, email="")).status_code == 303


def test_the_tick_stays_after_a_refusal_and_a_preview(client, post):
    for fields in ({"token": "old"}, {"preview": "1"}, {"name": ""}):
        response = client.post(PATH, reply_data(post, notify="on", **fields))
        assert re.search(r'<input type="checkbox" name="notify"[^>]* checked', response.text), fields
    assert not Watch.objects.exists()


def test_without_the_tick_nothing_is_watched(client, post):
    client.post(PATH, reply_data(post))
    assert not Watch.objects.exists()
    assert not NoticeAddress.objects.exists()


def test_a_reply_sent_twice_is_watched_once(client, post):
    client.post(PATH, reply_data(post, notify="on"))
    assert client.post(PATH, reply_data(post, notify="on")).status_code == 409
    assert Watch.objects.count() == 1


# The page


def test_the_page_is_private_and_shows_no_address_and_nothing_typed(client, post):
    watch = make_watch(post, source="CANARY text", name="CANARY", email="canary@example.org")
    response = client.get(page_of(watch))
    assert response.status_code == 200
    assert is_private(response)
    assert "canary" not in response.text.lower()
    assert "under “Ketamine and sleep”" in response.text
    assert f'href="/comments/{watch.comment_id}/"' in response.text


def test_a_reply_that_is_not_public_is_listed_without_its_article(client, post):
    watch = make_watch(post, status="pending")
    assert "Ketamine and sleep" not in client.get(page_of(watch)).text.partition("<main")[2].partition("</main>")[0]
    post.withdrawn_at = NOW
    post.save()
    Comment.objects.update(status="approved")
    assert "that is not public now" in client.get(page_of(watch)).text


@pytest.mark.parametrize(
    "forge",
    [
        lambda row: "x",
        lambda row: notices_token(row.pk, row.generation)[:-1],
        lambda row: notices_token(row.pk, row.generation + 1),
        lambda row: notices_token(row.pk + 1, row.generation),
        lambda row: notices_token(row.pk, row.generation).replace("-", "-0", 1),
        lambda row: own_token(row.pk, row.generation),
        lambda row: "9" * 400,
        lambda row: "é-1-" + "0" * 64,
    ],
)
@pytest.mark.parametrize("typed", [None, {"act": "stop"}, ONE_CLICK])
def test_a_forged_or_dead_link_opens_nothing(client, watch, forge, typed):
    address = f"/notices/{forge(watch.address)}/"
    response = client.post(address, typed) if typed else client.get(address)
    assert response.status_code == 404
    assert "This link opens nothing." in response.text
    assert is_private(response)
    assert not NoticeAddress.objects.get().is_stopped


def test_the_link_of_the_notices_opens_no_reply(watch):
    assert read_own_token(notices_token(watch.comment_id, watch.comment.generation)) is None


@pytest.mark.parametrize("act", ["confirm", "daily", "stop", "leave"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_button_pressed_on_another_site_does_nothing(client, post, act, headers):
    watch = make_watch(post, confirmed=False)
    before = list(NoticeAddress.objects.values())
    response = client.post(page_of(watch), {"act": act, "reply": watch.comment_id}, headers=headers)
    assert response.status_code == 403
    assert "nothing was changed" in response.text
    assert is_private(response)
    assert list(NoticeAddress.objects.values()) == before


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({}, 400),
        ({"act": "delete"}, 400),
        ({"act": "leave"}, 400),
        ({"act": "leave", "reply": "x"}, 400),
        ({"act": "leave", "reply": "9" * 40}, 400),
        ({"act": "stop", "x": "x" * 600_000}, 413),
    ],
)
def test_what_cannot_be_read_changes_nothing(client, watch, typed, status):
    response = client.post(page_of(watch), typed)
    assert response.status_code == status
    assert is_private(response)
    assert Watch.objects.exists()
    assert not NoticeAddress.objects.get().is_stopped


def test_other_methods_get_a_sentence(client, watch):
    response = client.put(page_of(watch))
    assert response.status_code == 405
    assert "opened with the link in a mail" in response.text


def test_leaving_one_conversation_keeps_the_others(client, post, watch):
    other = make_watch(post, source="Another.")
    response = client.post(page_of(watch), {"act": "leave", "reply": watch.comment_id})
    assert "no more mails about that reply" in client.get(response["Location"]).text
    assert list(Watch.objects.all()) == [other]
    response = client.post(page_of(watch), {"act": "leave", "reply": other.comment_id})
    assert "nothing that we would write to you about" in client.get(response["Location"]).text
    assert forget() == "1"
    assert not NoticeAddress.objects.exists()


def test_nobody_leaves_the_conversation_of_somebody_else(client, post, watch):
    other = make_watch(post, source="Another.", email="ben@example.org")
    client.post(page_of(watch), {"act": "leave", "reply": other.comment_id})
    assert Watch.objects.count() == 2


def test_the_page_takes_the_same_queries_however_much_is_watched(client, post, watch):
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page_of(watch))
    for number in range(5):
        make_watch(post, source=f"Reply {number}.")
    with CaptureQueriesContext(connection) as many:
        client.get(page_of(watch))
    assert len(many) == len(few)


# Stopping


def test_one_click_stops_everything_without_cookie_origin_or_page(client, post, watch, mails):
    approve_answer(post, watch)
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
    response = client.post(page_of(watch), ONE_CLICK, headers=headers)
    assert (response.status_code, response.text) == (200, "You get no more mails.")
    assert is_private(response)
    stored = NoticeAddress.objects.get()
    assert (stored.is_stopped, stored.email_encrypted, stored.confirmed_at) == (True, "", None)
    assert stored.email_index == address_indexes("rita@example.org")[0]
    with time_machine.travel(NOW + PAUSE, tick=False):
        assert mails() == []
    assert client.post(page_of(watch), ONE_CLICK).status_code == 200


def test_a_cookie_that_a_mail_program_sends_does_not_matter(client, watch):
    client.cookies["csrftoken"] = "x"
    client.handler.enforce_csrf_checks = True
    assert client.post(page_of(watch), ONE_CLICK).status_code == 200
    assert NoticeAddress.objects.get().is_stopped


def test_a_stopped_address_is_not_written_to_whoever_types_it(client, post, watch, mails, clock):
    client.post(page_of(watch), {"act": "stop"})
    client.post(PATH, reply_data(post, notify="on"))
    comment = Comment.objects.latest("pk")
    assert moderation.approve(comment, by=None, text_version=1)
    approve_answer(post, watch)
    clock.shift(PAUSE)
    assert [message for message in mails() if "rita@example.org" in message.to] == []
    assert NoticeAddress.objects.get().email_encrypted == ""
    own = client.get(comment.get_own_url()).text
    assert "and never where we were told to stop" in own


def test_the_database_itself_keeps_no_address_that_was_stopped(watch):
    choosing.stop(watch.address)
    with pytest.raises(IntegrityError):
        NoticeAddress.objects.update(email_encrypted="t1:back")


def test_a_stop_is_taken_back_on_the_same_page(client, post, watch, mails, clock):
    client.post(page_of(watch), {"act": "stop"})
    page = client.get(page_of(watch)).text
    assert "you stopped all notices" in page
    response = client.post(page_of(watch), {"act": "start"})
    assert "Notices can reach you again." in client.get(response["Location"]).text
    assert NoticeAddress.objects.get().email == "rita@example.org"
    approve_answer(post, watch)
    clock.shift(PAUSE)
    assert [message.to for message in mails()] == [["rita@example.org"]]


def test_a_stop_is_taken_back_though_nothing_is_watched_any_longer(client, watch):
    choosing.stop(watch.address)
    changes.withdraw(watch.comment)
    client.post(page_of(watch), {"act": "start"})
    stored = NoticeAddress.objects.get()
    assert (stored.is_stopped, stored.is_confirmed, stored.email_encrypted) == (False, False, "")
    assert "nothing that we would write to you about" in client.get(page_of(watch)).text


def test_confirming_after_a_stop_changes_nothing(client, post):
    watch = make_watch(post, confirmed=False)
    choosing.stop(watch.address)
    client.post(page_of(watch), {"act": "confirm"})
    client.post(page_of(watch), {"act": "daily"})
    stored = NoticeAddress.objects.get()
    assert (stored.confirmed_at, stored.pace) == (None, "each")


# The own page


def own_section(client, comment: Comment) -> str:
    return client.get(comment.get_own_url()).text.partition('id="notices-heading"')[2].partition("</section>")[0]


def test_the_own_page_says_how_it_stands_and_switches(client, post):
    comment = make_comment(post, status="pending")
    assert "They are off." in own_section(client, comment)

    response = client.post(comment.get_own_url(), {"act": "notify"})

    assert response.status_code == 303
    assert "Notices about this reply are switched on." in client.get(response["Location"]).text
    assert "Nothing is sent before this reply is published" in own_section(client, comment)
    moderation.approve(comment, by=None, text_version=1)
    assert "our mail has a link to do so" in own_section(client, comment)
    choosing.confirm(NoticeAddress.objects.get())
    assert "They are on" in own_section(client, comment)

    response = client.post(comment.get_own_url(), {"act": "quiet"})

    assert "You get no notices about this reply." in client.get(response["Location"]).text
    assert "They are off." in own_section(client, comment)
    assert not NoticeAddress.objects.exists()


def test_who_switches_them_on_for_a_public_reply_is_asked_at_once(client, post, mails, clock):
    comment = make_comment(post)
    client.post(comment.get_own_url(), {"act": "notify"})
    clock.shift(PAUSE)
    (message,) = mails()
    assert "may we write to you?" in message.subject


def test_the_own_page_does_not_tell_that_an_address_was_confirmed_with_another_reply(client, post, watch, clock):
    clock.shift(DAY)
    stranger = make_comment(post, "Not by Rita.")
    client.post(stranger.get_own_url(), {"act": "notify"})
    known = own_section(client, stranger)
    unknown = make_comment(post, "By nobody we know.", email="new@example.org")
    client.post(unknown.get_own_url(), {"act": "notify"})
    assert known.replace(stranger.get_own_url(), "") == own_section(client, unknown).replace(unknown.get_own_url(), "")


@pytest.mark.parametrize("fields", [{"email": ""}, {"email": "rita@example.org"}])
def test_without_an_address_the_own_page_offers_nothing(client, post, fields):
    comment = make_comment(post, **fields)
    Comment.objects.update(email_encrypted="")
    section = own_section(client, comment)
    assert "we have nowhere to write to" in section
    assert "<form" not in section
    response = client.post(comment.get_own_url(), {"act": "notify"})
    assert response.status_code == 409
    assert "We have no email address with this reply any more" in response.text


def test_an_address_whose_key_is_gone_is_none(client, post, settings):
    comment = make_comment(post)
    settings.EMAIL_KEYS = {"k9": "other" * 10}
    assert client.post(comment.get_own_url(), {"act": "notify"}).status_code == 409
    assert not Watch.objects.exists()


def test_a_withdrawal_ends_the_notices_and_forgets_the_address_at_once(client, watch):
    client.post(watch.comment.get_own_url(), {"act": "withdraw"})
    assert not Watch.objects.exists()
    assert not NoticeAddress.objects.exists()


def test_staff_have_no_switch(client, post):
    comment = make_comment(post, user=make_mo(), email="")
    assert "notices-heading" not in client.get(comment.get_own_url()).text


def test_the_copy_says_whether_notices_are_on(watch):
    assert privacy.export(watch.comment)["notices"] == "on"


# Forgetting


def forget(*options: str) -> str:
    out = StringIO()
    call_command("apply_retention", *options, stdout=out)
    return re.search(r"(\d+) notice addresses", out.getvalue())[1]


def test_who_was_asked_and_says_nothing_for_two_weeks_is_forgotten_to_the_second(post, clock):
    watch = make_watch(post, confirmed=False)
    NoticeAddress.objects.update(asked_at=NOW)
    clock.shift(14 * DAY - A_SECOND)
    assert (forget("--dry-run"), forget()) == ("0", "0")
    clock.shift(A_SECOND)
    assert (forget("--dry-run"), forget(), forget()) == ("1", "1", "0")
    assert not NoticeAddress.objects.exists()
    assert not Watch.objects.exists()
    assert Comment.objects.get().email == "rita@example.org"
    assert watching.state(watch.comment) == "off"


def test_the_days_are_those_of_the_site_settings(post, clock):
    make_site(keep_unconfirmed_days=1)
    make_watch(post, confirmed=False)
    clock.shift(DAY)
    assert forget() == "1"


def test_a_wish_stays_as_long_as_its_reply_waits(post, clock):
    watch = make_watch(post, confirmed=False, status="pending")
    clock.shift(100 * DAY)
    assert (forget("--dry-run"), forget()) == ("0", "0")
    moderation.approve(watch.comment, by=None, text_version=1)
    assert forget() == "1"


def test_a_confirmed_address_stays_as_long_as_something_is_watched(post, watch, clock):
    clock.shift(300 * DAY)
    assert forget() == "0"
    watch.comment.delete()
    assert (forget("--dry-run"), forget()) == ("1", "1")
    assert not NoticeAddress.objects.exists()


def test_notices_end_with_the_address_of_their_reply(post, watch, clock):
    Comment.objects.update(decided_at=NOW)
    clock.shift(365 * DAY)
    assert (forget("--dry-run"), forget()) == ("1", "1")
    assert not NoticeAddress.objects.exists()


@pytest.mark.parametrize("status", ["spam", "removed"])
def test_notices_end_with_a_reply_that_is_emptied(post, status, clock):
    watch = make_watch(post, status=status)
    make_comment(post, "Below.", parent=watch.comment, email="")
    clock.shift(90 * DAY)
    assert (forget("--dry-run"), forget()) == ("1", "1")
    assert not Watch.objects.exists()


def test_a_stop_is_never_forgotten(post, watch, clock):
    choosing.stop(watch.address)
    watch.comment.delete()
    clock.shift(900 * DAY)
    assert (forget("--dry-run"), forget()) == ("0", "0")
    assert NoticeAddress.objects.get().is_stopped


def test_who_confirms_while_it_runs_stays(post, clock, monkeypatch):
    watch = make_watch(post, confirmed=False)
    clock.shift(14 * DAY)
    read = forgetting.in_batches

    def slowly(rows):
        for batch in read(rows):
            choosing.confirm(watch.address)
            yield batch

    monkeypatch.setattr(forgetting, "in_batches", slowly)
    assert retention.apply()["notice addresses"] == 0
    assert NoticeAddress.objects.get().is_confirmed


def test_an_address_is_forgotten_on_demand_with_what_waits_to_be_sent(post, watch, mails, clock):
    approve_answer(post, watch)
    other = make_watch(post, source="Another.", email="cleo@example.org")
    assert forgetting.forget_address(address_indexes("Rita@example.org")) == 1
    assert list(NoticeAddress.objects.all()) == [other.address]
    assert list(Watch.objects.all()) == [other]
    assert not Notice.objects.exists()
    clock.shift(PAUSE)
    assert mails() == []
    assert forgetting.forget_address(address_indexes("rita@example.org")) == 0


def test_a_stop_outlives_being_forgotten_on_demand(watch):
    choosing.stop(watch.address)
    forgetting.forget_address(address_indexes("rita@example.org"))
    stored = NoticeAddress.objects.get()
    assert (stored.is_stopped, stored.email_encrypted, stored.watches.count()) == (True, "", 0)


# Keys


def test_rotating_the_keys_brings_these_addresses_along(client, post, settings, mails, clock):
    old = settings.EMAIL_KEYS
    watch = make_watch(post)
    settings.EMAIL_KEYS = {"new": "n" * 40, **old}
    again = make_watch(post, source="Under the new key.")
    assert again.address == watch.address
    assert privacy.rotate_email_keys() == privacy.Rotation(renewed=2, unreadable=0)
    settings.EMAIL_KEYS = {"new": "n" * 40}
    stored = NoticeAddress.objects.get()
    assert stored.email == "rita@example.org"
    assert list(NoticeAddress.objects.of("rita@example.org")) == [stored]
    approve_answer(post, watch)
    clock.shift(PAUSE)
    assert [message.to for message in mails()] == [["rita@example.org"]]


def test_the_queue_holds_numbers_and_nothing_of_anybody(post, watch):
    approve_answer(post, watch)
    with time_machine.travel(NOW + PAUSE, tick=False):
        run_tasks()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (the tables' own names)
            assert "rita@example.org" not in str(cursor.fetchall()), table
