"""Who ticks "tell me" hears of it by mail: asked first, then told, never twice, and never of what is not public."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine

from audit.demo_site import free_port
from comments import moderation
from comments.models import Comment, Notice, NoticeAddress, Watch
from comments.notices import choosing, digest, mails, watching
from comments.own import changes
from ketablog.site import ModerationPolicy
from tests.base import make_comment, make_mo, make_post, make_site, reply_data
from tests.queue import run_tasks

NOW = datetime.fromisoformat("2027-05-01T12:00:00+00:00")
PAUSE = timedelta(seconds=15)
DAY = timedelta(days=1)
PATH = "/posts/sleep/comments/"
MAY_WE, PUBLISHED, ANSWERED = "may we write to you?", "your reply is published", "your reply has an answer"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def post():
    make_site(name="Harbor Clinic")
    return make_post("Ketamine and sleep", slug="sleep", published=timedelta(days=9))


@pytest.fixture
def mo():
    return make_mo()


@pytest.fixture
def later(clock, post_office):
    """Time goes on, and the worker works. Returns what arrived since it was last asked."""

    def wait(span: timedelta = PAUSE) -> list[str]:
        before = len(post_office.taken)
        clock.shift(span)
        run_tasks()
        to_readers = [mail for mail in post_office.taken[before:] if mail.receiver.endswith("example.org")]
        return [mail.subject.removeprefix("Harbor Clinic: ") for mail in to_readers]

    return wait


def send(client, post, **fields) -> Comment:
    """Rita replies and wants notices."""
    response = client.post(PATH, reply_data(post, notify="on", **fields))
    assert response.status_code == 303
    return Comment.objects.latest("pk")


def approve(comment: Comment, by=None) -> None:
    comment.refresh_from_db()
    assert moderation.approve(comment, by=by, text_version=comment.text_version)


def watched(post, *, confirmed: bool = True, **fields) -> Comment:
    """A public reply that is watched for its writer."""
    comment = make_comment(post, **fields)
    watching.begin(comment)
    if confirmed:
        choosing.confirm(comment.watch.address)
    return comment


def answer(post, parent: Comment, text: str = "I sleep better.", **fields) -> Comment:
    """Ben answers, and waits."""
    given = {"name": "Ben", "email": "ben@example.org", "status": "pending", **fields}
    return make_comment(post, text, parent=parent, **given)


def page_of(comment: Comment) -> str:
    return NoticeAddress.objects.get(watches__comment=comment).get_absolute_url()


# Asked first


def test_nothing_is_sent_before_the_reply_is_approved(client, post, later):
    send(client, post)
    assert later(DAY) == []


def test_after_the_approval_one_mail_asks_and_quotes_nothing_that_was_typed(client, post, later, post_office, mo):
    comment = send(client, post, comment="CANARY text", name="CANARY name", website="https://canary.example")
    approve(comment, mo)
    assert later(PAUSE - timedelta(seconds=1)) == []
    assert later(timedelta(seconds=1)) == [MAY_WE]
    assert later(DAY) == []
    (mail,) = post_office.taken
    assert mail.receiver == "rita@example.org"
    assert "canary" not in mail.message.as_string().lower()
    for words in (mail.text, mail.html):
        assert "our article “Ketamine and sleep”" in words
        assert f"http://testserver{page_of(comment)}" in words
        assert "never to write to you again" in words


def test_looking_at_the_page_changes_nothing_and_its_button_confirms(client, post, later, mo):
    comment = send(client, post)
    approve(comment, mo)
    later()
    page = page_of(comment)
    for _look in range(2):
        shown = client.get(page)
        assert "Yes, write to me" in shown.text
        assert NoticeAddress.objects.get().confirmed_at is None
    assert client.head(page).status_code == 200

    response = client.post(page, {"act": "confirm"})

    assert (response.status_code, response["Location"]) == (303, f"{page}?done=confirm")
    assert NoticeAddress.objects.get().confirmed_at == NOW + PAUSE
    assert "We write to you when somebody answers." in client.get(response["Location"]).text
    approve(answer(post, comment), mo)
    assert later() == [ANSWERED]


def test_what_was_answered_before_the_yes_is_told_with_it(client, post, later, mo):
    comment = send(client, post)
    approve(comment, mo)
    approve(answer(post, comment), mo)
    assert later() == [MAY_WE]
    client.post(page_of(comment), {"act": "confirm"})
    assert later() == ["your replies have 1 new answer"]
    client.post(page_of(comment), {"act": "confirm"})
    assert later(DAY) == []


def test_an_address_is_asked_once_a_day_at_most_however_many_replies_are_approved(client, post, later, mo):
    first, second = send(client, post), send(client, post, comment="A second one.", email="Rita@Example.org")
    approve(first, mo)
    approve(second, mo)
    assert later() == [MAY_WE]
    third = send(client, post, comment="A third one.")
    approve(third, mo)
    assert later(DAY - timedelta(seconds=1)) == []
    fourth = send(client, post, comment="A fourth one.")
    approve(fourth, mo)
    assert later() == [MAY_WE]
    assert NoticeAddress.objects.count() == 1


@pytest.mark.parametrize("reset", ["quiet", "withdraw"])
def test_switching_off_and_on_does_not_ask_again_the_same_day(client, post, later, mo, reset):
    comment = send(client, post)
    approve(comment, mo)
    assert later() == [MAY_WE]
    for number in range(3):
        client.post(comment.get_own_url(), {"act": reset})
        stored = NoticeAddress.objects.get()
        assert (stored.email_encrypted, stored.watches.count()) == ("", 0)
        if reset == "quiet":
            client.post(comment.get_own_url(), {"act": "notify"})
        else:
            comment = send(client, post, comment=f"Another one: {number}")
            approve(comment, mo)
        assert later() == []
    assert later(DAY) == []


def test_a_confirmed_address_is_told_that_the_reply_is_public(client, post, later, post_office, mo):
    watched(post, source="An older one.")
    comment = send(client, post)
    approve(comment, mo)
    assert later() == [PUBLISHED]
    mail = post_office.taken[-1]
    for words in (mail.text, mail.html):
        assert f"http://testserver/comments/{comment.pk}/" in words
        assert "I had the same question." not in words


def test_a_reply_that_is_published_at_once_is_told_too(client, post, later):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    comment = send(client, post)
    assert later() == [MAY_WE]
    client.post(page_of(comment), {"act": "confirm"})
    client.post(PATH, reply_data(post, comment="Me too.", email="ben@example.org", parent=comment.pk))
    assert later() == [ANSWERED]


# Answers


def test_an_answer_is_told_without_a_word_or_an_address_of_who_wrote_it(post, later, post_office, mo):
    comment = watched(post)
    reply = answer(post, comment, "CANARY text", name="CANARY", email="canary@example.org")
    approve(reply, mo)
    assert later() == [ANSWERED]
    (mail,) = post_office.taken
    assert "canary" not in mail.message.as_string().lower()
    assert f"http://testserver/comments/{reply.pk}/" in mail.text
    assert f'href="http://testserver/comments/{reply.pk}/"' in mail.html


def test_an_answer_of_staff_is_told_at_once_and_says_so(client, post, later, post_office, mo):
    comment = watched(post)
    client.force_login(mo)
    page = client.get(f"{PATH}?parent={comment.pk}").text
    assert 'name="notify"' not in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    sent = reply_data(post, comment="Ask us.", parent=comment.pk, csrfmiddlewaretoken=token, notify="on")
    assert client.post(PATH, sent).status_code == 303
    assert later() == [ANSWERED]
    assert "Our staff answered your reply" in post_office.taken[0].text
    assert Watch.objects.count() == 1


def test_only_who_is_answered_hears_of_it(post, later, mo):
    comment = watched(post)
    between = answer(post, comment, status="approved")
    approve(answer(post, between, "And now?", email="cleo@example.org"), mo)
    assert later() == []


@pytest.mark.parametrize("email", ["rita@example.org", "RITA@example.org"])
def test_nobody_hears_of_an_answer_of_ones_own(post, later, mo, email):
    approve(answer(post, watched(post), email=email), mo)
    assert later() == []


def test_nobody_hears_of_an_answer_of_ones_own_under_another_key_or_a_staff_account(post, later, mo, settings):
    comment = watched(post)
    settings.EMAIL_KEYS = {"new": "n" * 40, **settings.EMAIL_KEYS}
    approve(answer(post, comment, email="rita@example.org"), mo)
    mo.email = "rita@example.org"
    mo.save()
    approve(answer(post, comment, user=mo, email=""), mo)
    assert later() == []


@pytest.mark.parametrize("verb", ["spam", "remove", "restore"])
def test_what_is_not_public_is_never_told(post, later, mo, verb):
    comment = watched(post)
    reply = answer(post, comment)
    approve(reply, mo)
    assert getattr(moderation, verb)(reply, by=mo, text_version=1)
    assert later() == []


def test_an_article_that_is_taken_back_is_not_told_of(post, later, mo):
    approve(answer(post, watched(post)), mo)
    post.withdrawn_at = NOW
    post.save()
    assert later() == []


def test_nothing_is_told_below_a_reply_that_was_removed(post, later, mo):
    comment = watched(post)
    approve(answer(post, comment), mo)
    moderation.remove(comment, by=mo, text_version=1)
    assert later() == []


# Taken back, twice, and failing


def test_an_approval_that_is_taken_back_in_time_is_told_to_nobody_and_the_next_one_is(client, post, later, mo):
    comment = send(client, post)
    approve(comment, mo)
    moderation.restore(comment, by=mo, text_version=1)
    assert later() == []
    approve(comment, mo)
    assert later() == [MAY_WE]


def test_an_answer_that_is_approved_twice_is_told_once(post, later, mo):
    reply = answer(post, watched(post))
    approve(reply, mo)
    moderation.restore(reply, by=mo, text_version=1)
    approve(reply, mo)
    assert later() == [ANSWERED]
    moderation.restore(reply, by=mo, text_version=1)
    approve(reply, mo)
    assert later() == []


def test_what_was_withdrawn_before_it_was_sent_is_not_told(client, post, later, mo):
    comment = send(client, post)
    approve(comment, mo)
    client.post(comment.get_own_url(), {"act": "withdraw"})
    assert not NoticeAddress.objects.exists()
    assert later() == []
    reply = answer(post, watched(post))
    approve(reply, mo)
    changes.withdraw(reply)
    assert later() == []


def test_of_two_workers_with_the_same_mail_one_sends_it(post, mo):
    unasked = watched(post, confirmed=False, email="cleo@example.org", status="pending")
    approve(unasked, mo)
    approve(answer(post, watched(post)), mo)
    asks, told = Notice.objects.order_by("pk")
    assert mails.own_reply_mail(asks.pk) is not None
    assert mails.own_reply_mail(asks.pk) is None
    assert mails.answer_mail(told.pk) is not None
    assert mails.answer_mail(told.pk) is None


@pytest.mark.parametrize("kind", ["asks", "told", "digest"])
def test_a_mail_that_the_server_refuses_is_tried_again_and_goes_out_once(post, later, mo, post_office, kind):
    post_office.answer = "451 rita@example.org later, please"
    if kind == "asks":
        approve(watched(post, confirmed=False, status="pending"), mo)
    else:
        comment = watched(post)
        if kind == "digest":
            choosing.set_pace(comment.watch.address, NoticeAddress.Pace.DAILY)
        approve(answer(post, comment), mo)
        digest.send()
    assert later() == []
    assert later(timedelta(minutes=1)) == []
    assert post_office.tried == 2
    assert not Notice.objects.filter(sent_at__isnull=False).exists()
    post_office.answer = ""
    assert len(later(timedelta(minutes=5))) == 1
    assert later(2 * DAY) == []


def test_a_mail_server_that_is_away_loses_no_notice(post, later, mo, settings):
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    approve(answer(post, watched(post)), mo)
    assert later() == []
    settings.EMAIL_PORT = there
    assert later(timedelta(minutes=1)) == [ANSWERED]


def test_each_try_of_a_mail_has_the_same_number_so_that_a_second_copy_is_known_as_one(post, mo):
    approve(answer(post, watched(post)), mo)
    notice = Notice.objects.get()
    numbers = []
    for _try in range(2):
        mail = mails.answer_mail(notice.pk)
        numbers.append(mail.extra_headers["Message-ID"])
        mail.when_refused()
    assert numbers[0] == numbers[1]
    assert re.fullmatch(r"<[0-9a-f]{32}@testserver>", numbers[0])


# Once a day


def test_who_chose_one_mail_a_day_gets_all_answers_in_one(client, post, later, post_office, mo):
    comment = watched(post)
    assert client.post(page_of(comment), {"act": "daily"}).status_code == 303
    replies = [answer(post, comment, f"Answer {number}") for number in range(3)]
    for reply in replies:
        approve(reply, mo)
    assert later() == []
    moderation.spam(replies[2], by=mo, text_version=1)
    digest.send()
    digest.send()
    assert later() == ["your replies have 2 new answers"]
    mail = post_office.taken[-1]
    assert [f"/comments/{reply.pk}/" in mail.text for reply in replies] == [True, True, False]
    assert mail.html.count("<li>") == 2
    digest.send()
    assert later(DAY) == []


def test_who_goes_back_to_a_mail_for_each_gets_what_waited(client, post, later, mo):
    comment = watched(post)
    client.post(page_of(comment), {"act": "daily"})
    approve(answer(post, comment), mo)
    assert later() == []
    client.post(page_of(comment), {"act": "each"})
    assert later() == ["your replies have 1 new answer"]
    approve(answer(post, comment, "Another."), mo)
    assert later() == [ANSWERED]


# The envelope, and what mail programs read


def test_bounces_go_where_the_site_settings_say_and_readers_see_the_clinic(post, later, post_office, mo):
    make_site(mail_from="hello@clinic.example", bounces_to="bounces@clinic.example")
    approve(answer(post, watched(post)), mo)
    later()
    (mail,) = post_office.taken
    assert mail.sender == "bounces@clinic.example"
    assert mail.message["From"] == "Harbor Clinic <hello@clinic.example>"
    make_site(bounces_to="")
    approve(answer(post, watched(post, source="Another.")), mo)
    later()
    assert post_office.taken[-1].sender == "hello@clinic.example"


@pytest.mark.parametrize("name", ['Dr. Ng, "Harbor" <Clinic>', "Clínica Puerto", "Back\\slash"])
def test_a_mail_bears_the_name_of_the_clinic_whatever_signs_are_in_it(post, later, post_office, mo, name):
    make_site(name=name, mail_from="hello@clinic.example")
    approve(answer(post, watched(post)), mo)
    later()
    (sender,) = post_office.taken[0].message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "hello@clinic.example")


def test_a_mail_says_how_it_is_stopped_by_one_press(post, later, post_office, mo):
    comment = watched(post)
    approve(answer(post, comment), mo)
    later()
    message = post_office.taken[0].message
    assert message["List-Unsubscribe"] == f"<http://testserver{page_of(comment)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"


def test_a_mail_loads_nothing_and_runs_nothing(post, later, post_office, mo):
    approve(answer(post, watched(post)), mo)
    later()
    html = post_office.taken[0].html
    assert not re.search(r"<(img|script|link|style|iframe)|\sstyle=|\ssrc=", html)
    assert '<html lang="en">' in html


def test_an_article_title_of_two_lines_or_with_markup_breaks_nothing(later, post_office, mo):
    make_site(name="Harbor\nBcc: all@example.org <b>")
    post = make_post("What\nBcc: all@example.org <b>helps</b>")
    approve(answer(post, watched(post)), mo)
    later()
    (mail,) = post_office.taken
    assert mail.message["Bcc"] is None
    assert "&lt;b&gt;helps" in mail.html
    assert "<b>helps</b>" in mail.text
