"""Who is known: by a key in the browser, never by what is typed; and what the clinic's policy makes of it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments import moderation, privacy
from comments.models import Comment, NoticeAddress
from comments.notices import choosing, watching
from comments.own import changes
from ketablog import secrets
from ketablog.site_replies import ModerationPolicy
from tests.base import RITA, make_comment, make_mo, make_post, make_site, reply_data

pytestmark = pytest.mark.django_db
ADDRESS = "/posts/sleep/comments/"


@pytest.fixture
def post():
    make_site(moderation_policy=ModerationPolicy.HOLD_FIRST, first_held=2)
    return make_post("Sleep", slug="sleep")


@pytest.fixture
def mo():
    return make_mo()


def send(client, post, text="Does it help with sleep?", **fields) -> Comment:
    response = client.post(ADDRESS, reply_data(post, comment=text, **fields))
    assert response.status_code == 303
    comment = Comment.objects.latest("pk")
    comment.answer = response["Location"]
    return comment


def key_given(client, comment: Comment) -> str:
    """The key that the page after the sending holds for the script."""
    return re.search(r'data-own-link data-key="([0-9a-f-]+)"', client.get(comment.answer).text)[1]


def make_known(post, mo, *, approved: int = 2) -> str:
    """The key of a writer of whom that many replies were approved."""
    writer = secrets.new_writer()
    for number in range(approved):
        comment = make_comment(post, f"Reply {number}", status="pending", writer=writer)
        assert moderation.approve(comment, by=mo, text_version=1)
    return secrets.writer_key(writer)


# The key


def test_every_reader_gets_the_same_empty_field(client, post):
    pages = [client.get(address).text for address in ("/posts/sleep/", ADDRESS)]
    assert all('<input type="hidden" name="key" id="reply-key">' in page for page in pages)


def test_the_first_reply_gives_the_key_to_its_writer_alone_and_the_next_one_brings_it(client, post):
    first = send(client, post)
    key = key_given(client, first)
    assert secrets.read_writer_key(key) == first.writer != ""
    assert "data-key" not in client.get("/posts/sleep/").text
    assert "data-key" not in client.get(re.sub(r"&new=[^#]*", "", first.answer)).text

    second = send(client, post, "And with dreams?", key=key)
    assert second.writer == first.writer
    assert key_given(client, second) == key
    assert send(client, post, "Another one.").writer != first.writer


@pytest.mark.parametrize("key", ["", "x", "0" * 32, f"{'0' * 32}-{'0' * 64}", "é" * 97, "a-" * 3000])
def test_a_key_that_we_did_not_give_is_as_good_as_none(client, post, key):
    comment = send(client, post, key=key)
    assert re.fullmatch("[0-9a-f]{32}", comment.writer)
    assert comment.writer not in key


def test_a_key_under_the_former_secret_still_counts(client, post, settings):
    first = send(client, post)
    key = key_given(client, first)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret of fifty letters"
    second = send(client, post, "Once more.", key=key)
    assert second.writer == first.writer
    assert key_given(client, second) != key


def test_a_refused_reply_comes_back_with_its_key(client, post):
    key = key_given(client, send(client, post))
    response = client.post(ADDRESS, reply_data(post, comment="", key=key))
    assert response.status_code == 422
    assert f'value="{key}"' in response.text


def test_the_key_itself_is_stored_nowhere(client, post):
    comment = send(client, post)
    key = key_given(client, comment)
    stored = str(list(Comment.objects.values()))
    assert comment.writer in stored
    assert key.partition("-")[2] not in stored


def test_what_tells_the_writer_goes_with_the_reply(client, post):
    comment = send(client, post)
    changes.withdraw(Comment.objects.get(pk=comment.pk))
    assert Comment.objects.get().writer == "" == privacy.EMPTY["writer"]


def test_staff_who_are_signed_in_have_no_key(client, post, mo):
    client.force_login(mo)
    assert "reply-key" not in client.get("/posts/sleep/").text


# The policy


def test_a_writers_first_replies_wait_and_the_next_one_is_public(client, post, mo):
    first = send(client, post)
    key = key_given(client, first)
    second = send(client, post, "And with dreams?", key=key)
    assert [first.status, second.status] == ["pending", "pending"]
    assert [reason["rule"] for reason in second.reasons] == ["new_writer"]
    moderation.approve(first, by=mo, text_version=1)
    assert send(client, post, "One approval is not enough.", key=key).status == "pending"
    moderation.approve(second, by=mo, text_version=1)
    third = send(client, post, "Thank you, that helped.", key=key)
    assert (third.status, third.reasons) == ("approved", [])
    assert "Thank you, that helped." in client.get("/posts/sleep/").text


def test_who_types_the_same_name_and_address_without_the_key_waits(client, post, mo):
    key = make_known(post, mo)
    assert send(client, post, "It is really me.", **RITA).status == "pending"
    assert send(client, post, "And my key is nearly right.", key=key[:-1] + "x").status == "pending"
    assert send(client, post, "I have the key.", name="Somebody else", email="else@example.org", key=key).is_approved


def test_only_people_make_a_writer_known(client, post):
    writer = secrets.new_writer()
    for number in range(5):
        make_comment(post, f"Published by itself {number}", writer=writer)
    assert send(client, post, key=secrets.writer_key(writer)).status == "pending"


@pytest.mark.parametrize("decline", [moderation.spam, moderation.remove])
def test_who_had_a_reply_declined_of_late_waits_again_for_a_while(client, post, mo, decline):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        key = make_known(post, mo)
        bad = send(client, post, "Something else.", key=key)
        assert decline(bad, by=mo, text_version=1)
        assert send(client, post, "After that.", key=key).status == "pending"
        clock.shift(timedelta(days=89))
        assert send(client, post, "Still counts.", key=key).status == "pending"
        clock.shift(timedelta(days=2))
        assert send(client, post, "Long ago.", email="rita@elsewhere.example", key=key).status == "approved"


def test_a_rule_and_a_cry_for_help_hold_a_known_writer_too(client, post, mo):
    key = make_known(post, mo)
    assert send(client, post, "[b]Look[/b]", key=key).status == "pending"
    urgent = send(client, post, "I want to die.", key=key)
    assert (urgent.status, urgent.help_rank) == ("pending", 2)


def test_the_other_policies_do_not_ask_who_it_is(client, post, mo):
    key = make_known(post, mo)
    make_site(moderation_policy=ModerationPolicy.HOLD_ALL)
    assert send(client, post, "To hold all.", key=key).status == "pending"
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    assert send(client, post, "To publish.").status == "approved"


def test_a_reply_does_not_speak_for_itself_when_it_is_changed(client, post, mo):
    make_site(first_held=1)
    first = send(client, post)
    moderation.approve(first, by=mo, text_version=1)
    own = Comment.objects.get(pk=first.pk).get_own_url()
    client.post(own, {"act": "edit", "comment": "Buy here.", "name": "Rita", "version": "1"})
    assert Comment.objects.get().status == "pending"


# Another browser, by a confirmed address


def notices_of(comment: Comment) -> NoticeAddress:
    watching.begin(comment)
    return NoticeAddress.objects.get()


def test_the_owner_of_an_address_is_known_from_another_browser_too(client, post, mo):
    key = make_known(post, mo)
    address = notices_of(send(client, post, "Tell me.", key=key))
    assert "data-key" not in client.get(address.get_absolute_url()).text
    client.post(address.get_absolute_url(), {"act": "confirm", "key": key})
    assert f'data-key="{key}"' in client.get(address.get_absolute_url()).text


def test_whoever_typed_the_address_is_not_taken_for_its_owner(client, post, mo):
    stranger = send(client, post, "I typed somebody's address.")
    address = notices_of(stranger)
    client.post(address.get_absolute_url(), {"act": "confirm", "key": "made up"})
    address.refresh_from_db()
    assert address.writer not in ("", stranger.writer)


def test_a_stop_takes_the_key_along(client, post, mo):
    address = notices_of(send(client, post))
    choosing.confirm(address)
    choosing.stop(address)
    assert NoticeAddress.objects.get().writer == ""
    assert "data-key" not in client.get(address.get_absolute_url()).text
