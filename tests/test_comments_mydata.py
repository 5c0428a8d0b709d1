"""All own replies by address: asking, the link, what it shows, a copy, another name, erasing."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from unittest.mock import patch

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from zeal import zeal_context

from audit.demo_site import free_port
from comments import moderation, notifications, pseudonyms, retention
from comments.models import Comment, DataAct, DataRequest, Decision, Report
from comments.mydata import opening
from comments.own import changes
from ketablog import roles
from ketablog.secrets import sign_id, sign_id_for_now
from tests.base import make_comment, make_mo, make_page, make_post, make_site, make_user, reply_data
from tests.queue import run_tasks
from tests.test_privacy_crawling import crawl

NOW = datetime(2027, 5, 1, 12, tzinfo=UTC)
ASK = "/privacy/my-data/"
ASKED = "/privacy/my-data/asked/"
ACT = "/privacy/my-data/replies/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def post():
    return make_post("Ketamine and sleep", slug="sleep")


@pytest.fixture
def mine(post):
    return make_comment(post, "My own words.", website="https://rita.example")


def ask(client, email: str = "rita@example.org", headers=None, /):
    return client.post(ASK, {"email": email}, headers=headers or {})


def link_in(message) -> str:
    return re.search(r"http://testserver(/privacy/my-data/\S+/)", message.body)[1]


@pytest.fixture
def link(client, mails):
    """The link that was sent to an address."""

    def get(email: str = "rita@example.org") -> str:
        ask(client, email)
        return link_in(mails()[-1])

    return get


def key_in(response) -> str:
    return html.unescape(re.search(r'name="key" value="([^"]+)"', response.text)[1])


@pytest.fixture
def key(client, link):
    """The key to the pages behind the link."""
    return lambda *email: key_in(client.post(link(*email)))


def act(client, key: str, verb: str, headers=None, /, **fields):
    return client.post(ACT, {"key": key, "act": verb, **fields}, headers=headers or {})


def is_private(response) -> bool:
    return (
        response["Cache-Control"] == "private, no-store"
        and response["X-Robots-Tag"] == "noindex"
        and response["Referrer-Policy"] == "same-origin"
        and not response.cookies
    )


def told(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(response.text))


# Asking


def test_the_form_is_the_same_for_everybody_and_wins_over_a_page_of_the_clinic(client):
    make_page("privacy/my-data")
    make_page("privacy")
    first, again = client.get(ASK), client.get(ASK)
    assert first.content == again.content
    assert (first.status_code, first.cookies) == (200, {})
    assert "To an address that we do not know, nothing is sent." in told(first)
    assert "About us" in client.get("/privacy/").text


def test_a_known_address_gets_a_mail_with_a_link(client, mine, mails):
    make_site(name="Harbor Clinic")
    response = ask(client)
    assert (response.status_code, response["Location"]) == (303, ASKED)
    (message,) = mails()
    assert message.to == ["rita@example.org"]
    assert message.subject == "Your replies at Harbor Clinic"
    assert "The link works once, for an hour." in message.body
    assert "My own words." not in message.body
    assert client.get(link_in(message)).status_code == 200


def test_an_unknown_address_gets_nothing_and_the_very_same_answer(client, mine, mails):
    known, unknown = ask(client), ask(client, "nobody@example.org")
    assert (known.status_code, known.content, dict(known.headers)) == (
        unknown.status_code, unknown.content, dict(unknown.headers),
    )  # fmt: skip
    assert client.get(ASKED).content == client.get(ASKED).content
    assert [message.to for message in mails()] == [["rita@example.org"]]
    assert DataRequest.objects.count() == 2


def test_a_known_and_an_unknown_address_cost_the_request_the_same_work(client, mine):
    ask(client, "warm@example.org")
    statements = []
    for email in ("rita@example.org", "nobody@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(client, email)
        statements.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries])
    assert statements[0] == statements[1]
    assert not any("comments_comment" in sql for sql in statements[0])


def test_neither_the_row_nor_the_task_holds_the_address(client, mine):
    ask(client, "Canary@Secret.example")
    stored = str(list(DataRequest.objects.values())) + str(list(DBTaskResult.objects.values()))
    assert "canary" not in stored.lower()
    assert DataRequest.objects.get().email == "Canary@Secret.example"


def test_the_mail_goes_through_a_real_server(client, mine, settings):
    taken = []

    class Office:
        async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (the name aiosmtpd calls)
            taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
            return "250 taken"

    office = Controller(Office(), hostname="127.0.0.1", port=free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    office.start()
    try:
        ask(client)
        ask(client, "nobody@example.org")
        run_tasks()
    finally:
        office.stop()
    ((recipients, message),) = taken
    assert recipients == ["rita@example.org"]
    assert message["Auto-Submitted"] == "auto-generated"
    path = re.search(r"http://testserver(/privacy/my-data/\S+/)", message.get_content())[1]
    assert "My own words." in client.post(path).text


@pytest.mark.parametrize("typed", ["", "rita", "a@b", "x" * 250 + "@example.org"])
def test_what_is_no_address_comes_back_with_what_was_typed(client, typed):
    response = ask(client, typed)
    assert (response.status_code, is_private(response)) == (422, True)
    assert 'class="error-summary" role="alert" tabindex="-1"' in response.text
    assert 'href="#my-data-email"' in response.text
    assert f'value="{typed}"' in response.text or not typed
    assert not DataRequest.objects.exists()


def test_a_form_without_the_field_is_told_so(client):
    assert client.post(ASK, {}).status_code == 422
    assert client.post(ASK, "{}", content_type="application/json").status_code == 400
    assert client.put(ASK).status_code == 405


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_site_cannot_ask(client, mine, mails, headers):
    response = ask(client, "rita@example.org", headers)
    assert response.status_code == 403
    assert 'value="rita@example.org"' in response.text
    assert mails() == []


def test_who_asks_too_often_is_told_and_keeps_what_was_typed(client):
    statuses = [ask(client, f"{number}@example.org").status_code for number in range(6)]
    assert statuses == [303] * 5 + [429]
    response = ask(client, "rita@example.org")
    assert "Many addresses were typed from your network just now." in response.text
    assert 'value="rita@example.org"' in response.text
    assert response["Retry-After"] == "61"
    assert DataRequest.objects.count() == 5


def test_three_mails_a_day_go_to_one_address_and_the_answer_stays_the_same(client, mine, mails, clock):
    answers = []
    for number in range(5):
        answers.append(ask(client, "RITA@example.org" if number % 2 else "rita@example.org"))
        clock.shift(timedelta(minutes=1))
    assert {(answer.status_code, answer["Location"], answer.content) for answer in answers} == {(303, ASKED, b"")}
    assert len(mails()) == 3
    clock.move_to(NOW + timedelta(hours=12, minutes=1))
    ask(client)
    assert len(mails()) == 4


def test_a_request_is_forgotten_after_a_day(client, mine, mails, clock):
    ask(client)
    ask(client, "nobody@example.org")
    clock.shift(timedelta(days=1, seconds=-1))
    retention.apply()
    assert DataRequest.objects.count() == 2
    clock.shift(timedelta(seconds=1))
    assert mails() == []
    retention.apply()
    assert not DataRequest.objects.exists()
    assert mails() == []


def test_a_request_that_cannot_be_saved_says_so(client, mine):
    with patch.object(DataRequest, "save", side_effect=DatabaseError):
        response = ask(client)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert 'value="rita@example.org"' in response.text
    assert not DBTaskResult.objects.exists()


def test_an_address_that_only_folds_to_a_known_one_gets_no_mail(client, post, mails):
    make_comment(post, email="mike@strasse.example")
    for email in ("mi\u212ae@strasse.example", "mike@straße.example"):
        ask(client, email)
    assert {address for message in mails() for address in message.to} <= {"mike@strasse.example"}


def test_a_request_whose_key_is_gone_sends_nothing_and_opens_nothing(client, mine, mails, settings, link):
    path = link()
    ask(client)
    settings.EMAIL_KEYS = {"k9": "other" * 10}
    assert len(mails()) == 1
    assert client.post(path).status_code == 404


# The link


def test_opening_the_link_changes_nothing_so_that_programs_may_look(client, mine, link):
    path = link()
    for _ in range(3):
        response = client.get(path)
        assert response.status_code == 200
        assert is_private(response)
        assert "Show my replies" in response.text
        assert "My own words." not in response.text
    assert client.head(path).status_code == 200
    assert DataRequest.objects.get().used_at is None
    assert "My own words." in client.post(path).text


def test_the_link_works_once(client, mine, link):
    path = link()
    assert client.post(path).status_code == 200
    for response in (client.post(path), client.get(path)):
        assert response.status_code == 404
        assert is_private(response)
        assert "This link no longer works" in response.text
        assert f'href="{ASK}"' in response.text
        assert "My own words." not in response.text


def test_of_two_who_press_at_once_one_gets_in(mine, client, link):
    found = opening.find(link().split("/")[3])
    assert opening.use(found) is not None
    assert opening.use(found) is None


def test_the_link_works_for_an_hour_after_the_mail_was_made(client, mine, mails, clock):
    ask(client)
    clock.shift(timedelta(hours=5))
    path = link_in(mails()[0])
    clock.shift(timedelta(hours=1))
    assert client.get(path).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert DataRequest.objects.get().used_at is None


@pytest.mark.parametrize("purpose", ["my-data-key", "mine", "new", "my-data-link"])
def test_a_token_of_another_purpose_or_request_opens_nothing(client, mine, link, purpose):
    link()
    number = DataRequest.objects.get().pk
    tokens = [sign_id(purpose, number), sign_id_for_now(purpose, number + 1), "x", "1", "0", "-", "é", str(number)]
    if purpose != "my-data-link":
        tokens.append(sign_id_for_now(purpose, number))
    for token in tokens:
        assert client.post(f"{ASK}{token}/").status_code == 404, token


def test_another_site_cannot_press_the_button(client, mine, link):
    path = link()
    response = client.post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "Show my replies" in response.text
    assert DataRequest.objects.get().used_at is None


# The pages behind it


def test_the_list_has_all_replies_of_the_address_and_no_others(client, post, link):
    far = make_post("Ketamine and pain")
    draft = make_post("Not public", published=None)
    for place, words, status in [
        (post, "One.", "approved"), (post, "Two.", "pending"), (far, "Three.", "spam"), (far, "Four.", "removed"),
        (draft, "Five.", "approved"),
    ]:  # fmt: skip
        make_comment(place, words, status=status, email="Rita@Example.org")
    make_comment(post, "Somebody else.", email="nora@example.org")
    make_comment(post, "Without address.", email="")
    Comment.objects.filter(source="Four.").update(public_reason="Please leave out names.")
    Comment.objects.filter(source="One.").update(email_encrypted="")
    response = client.post(link())
    assert is_private(response)
    said = told(response)
    for words in ("One.", "Two.", "Three.", "Four.", "Five.", "Please leave out names.", "5 replies were written here"):
        assert words in said
    assert "Somebody else." not in said
    assert "Without address." not in said
    assert "Not public" not in said
    assert "spam" not in said.lower()
    own = Comment.objects.get(source="Two.").get_own_url()
    assert f'href="{own}"' in response.text


def test_the_list_finds_replies_under_former_keys(client, post, settings, link):
    settings.EMAIL_KEYS = {"old": "old" * 10}
    make_comment(post, "Of the old days.")
    settings.EMAIL_KEYS = {"new": "new" * 10, "old": "old" * 10}
    make_comment(post, "Of today.")
    said = client.post(link()).text
    assert "Of the old days." in said
    assert "Of today." in said


def test_a_writer_of_many_replies_gets_pages_and_each_asks_the_same_few_questions(client, post, link):
    post2 = make_post()
    make_comment(post, "Reply 0.")
    first = Comment.objects.get()
    now = timezone.now()
    Comment.objects.bulk_create(
        Comment(
            post=[post, post2][number % 2], name="Rita", source=f"Reply {number}.", html=f"<p>Reply {number}.</p>",
            email_index=first.email_index, created_at=now + timedelta(seconds=number), status="approved",
        )
        for number in range(1, 5000)
    )  # fmt: skip
    path = link()
    with CaptureQueriesContext(connection) as queries, zeal_context():
        response = client.post(path)
    assert len(queries) <= 6
    assert "Page 1 of 100" in response.text
    assert "Reply 4999." in response.text
    assert "Reply 4949." not in response.text
    key = key_in(response)
    assert "Reply 4949." in act(client, key, "list", page="2").text
    assert "Reply 0." in act(client, key, "list", page="100").text
    assert "Page 100 of 100" in act(client, key, "list", page="9999").text
    assert "Page 1 of 100" in act(client, key, "list", page="x").text
    assert len(act(client, key, "download").json()["replies"]) == 5000
    with CaptureQueriesContext(connection) as queries:
        assert "Your 5000 replies are erased." in told(act(client, key, "erase", sure="1")).replace(",", "")
    assert len(queries) < 470
    assert not Comment.objects.not_empty().exists()


def test_the_key_works_for_half_an_hour(client, mine, key, clock):
    opened = key()
    clock.shift(timedelta(minutes=30, seconds=-1))
    assert "My own words." in act(client, opened, "list").text
    clock.shift(timedelta(seconds=1))
    response = act(client, opened, "erase", sure="1")
    assert (response.status_code, is_private(response)) == (404, True)
    assert "This link no longer works" in response.text
    assert Comment.objects.get().source == "My own words."


def test_the_key_of_another_request_shows_the_replies_of_that_one(client, post, mine, key):
    make_comment(post, "Of Nora.", email="nora@example.org")
    theirs = key("nora@example.org")
    said = act(client, theirs, "list").text
    assert "Of Nora." in said
    assert "My own words." not in said
    act(client, theirs, "erase", sure="1", address="rita@example.org", email="rita@example.org")
    assert Comment.objects.get(pk=mine.pk).source == "My own words."


def test_a_key_is_nothing_before_its_link_was_used_and_cannot_be_made_up(client, mine, link, key):
    path = link()
    number = DataRequest.objects.get().pk
    unused = sign_id("my-data-key", number)
    token = path.split("/")[3]
    for tried in (unused, token, unused[:-1], f"{unused}x", "", "x", str(number), sign_id("mine", number)):
        assert act(client, tried, "list").status_code == 404
        assert act(client, tried, "erase", sure="1").status_code == 404
    assert client.post(ACT, {"act": "erase", "sure": "1"}).status_code == 404
    assert Comment.objects.get().source == "My own words."


def test_the_pages_behind_the_link_are_no_address_to_visit(client):
    response = client.get(ACT)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert client.post(ACT, "x", content_type="text/plain").status_code == 400


@pytest.mark.parametrize("verb", ["list", "download", "read", "erase", "unname", "rename"])
def test_another_site_cannot_act(client, mine, key, verb):
    response = act(client, key(), verb, {"Origin": "https://evil.example"}, sure="1")
    assert response.status_code == 403
    assert "nothing was changed" in response.text
    assert Comment.objects.get().source == "My own words."
    assert not DataAct.objects.exists()


def test_an_unknown_act_does_nothing(client, mine, key):
    opened = key()
    for verb in ("", "withdraw", "__class__"):
        response = act(client, opened, verb)
        assert response.status_code == 400
        assert "My own words." in response.text


# A copy


def test_the_copy_has_all_replies_and_is_a_file(client, post, mine, key):
    make_comment(post, "Reduced.", status="pending")
    Comment.objects.filter(source="Reduced.").update(email_encrypted="")
    response = act(client, key(), "download")
    assert is_private(response)
    assert response["Content-Disposition"] == 'attachment; filename="my-replies.json"'
    copy = json.loads(response.content)
    assert (copy["email"], copy["site"]) == ("rita@example.org", "http://testserver")
    assert {(reply["text"], reply["state"]) for reply in copy["replies"]} == {
        ("My own words.", "published"), ("Reduced.", "waiting"),
    }  # fmt: skip
    assert copy["replies"][0]["name"] == "Rita"


def test_the_copy_to_read_has_the_texts_and_the_website(client, mine, key):
    response = act(client, key(), "read")
    assert is_private(response)
    for words in ("My own words.", "https://rita.example", "rita@example.org", "Ketamine and sleep"):
        assert words in response.text


def test_looking_and_copying_change_nothing(client, mine, key):
    opened = key()
    before = list(Comment.objects.values())
    for verb in ("list", "download", "read", "erase", "unname", "rename"):
        assert act(client, opened, verb).status_code == 200
    assert list(Comment.objects.values()) == before
    assert not DataAct.objects.exists()


# Another name, and erasing


@pytest.mark.parametrize("verb", ["erase", "unname", "rename"])
def test_each_act_first_says_what_will_be_gone_and_wants_a_tick(client, mine, key, verb):
    opened = key()
    said = told(act(client, opened, verb))
    for words in (
        "What will be gone",
        "you get no more mails",
        "What stays",
        "Nobody can undo this, and neither can we.",
        'name="sure"',
    ):
        assert words in said
    response = act(client, opened, verb, asked="1")
    assert (response.status_code, is_private(response)) == (422, True)
    assert 'role="alert" tabindex="-1" autofocus><p><a href="#sure">Nothing has been changed yet.' in response.text
    assert Comment.objects.get().name == "Rita"


def with_all_that_is_said_of_it(post, **fields) -> Comment:
    fields = {
        "name": "CANARY Rita", "website": "https://canary.example", "decision_reason": "CANARY",
        "public_reason": "CANARY",
        "reasons": [{"rule": "links", "points": 2, "fragment": "canary.example", "version": 1}], **fields,
    }  # fmt: skip
    comment = make_comment(post, fields.pop("source", "CANARY words"), **fields)
    Decision.objects.create(comment=comment, before="pending", after="approved", text_version=1, reason="CANARY")
    Report.objects.create(comment=comment, reason="hurt", words="CANARY said so", client="x")
    return comment


@pytest.mark.parametrize("status", ["approved", "pending", "spam", "removed"])
def test_erasing_everything_does_what_withdrawing_does(client, post, key, status):
    comment = with_all_that_is_said_of_it(post, status=status, help_rank=2)
    answer = make_comment(post, "An answer.", name="Nora", email="nora@example.org", parent=comment)
    old_link, opened = comment.get_own_url(), key()
    assert "Your reply is erased." in told(act(client, opened, "erase", sure="1"))
    stored = Comment.objects.get(pk=comment.pk)
    twin = with_all_that_is_said_of_it(post, status=status, help_rank=2)
    changes.withdraw(twin)
    own = {"id", "text_version", "generation", "created_at"}
    erased, withdrawn = ({k: v for k, v in vars(row).items() if k not in own and k[0] != "_"} for row in (stored, twin))
    assert erased == withdrawn
    assert client.get(old_link).status_code == 404
    assert not stored.reports.exists()
    assert set(stored.decisions.values_list("reason", flat=True)) <= {"", "erased by its writer"}
    assert answer in Comment.objects.all()
    if status != "removed":
        assert stored.decisions.first().after == "removed"
    assert [(row.kind, row.replies, row.at) for row in DataAct.objects.all()] == [("erased", 1, NOW)]


@pytest.mark.parametrize("status", ["approved", "pending", "spam", "removed"])
@pytest.mark.parametrize(("verb", "kind"), [("unname", "unnamed"), ("rename", "renamed")])
def test_without_the_texts_all_goes_that_tells_who_wrote_them(client, post, key, verb, kind, status):
    comment = with_all_that_is_said_of_it(post, source="Plain words.", status=status)
    old_link, opened = comment.get_own_url(), key()
    response = act(client, opened, verb, sure="1")
    stored = Comment.objects.get()
    assert f"“{stored.name}” now" in told(response)
    assert (stored.source, stored.status, stored.html) == ("Plain words.", status, comment.html)
    assert (stored.email_encrypted, stored.email_index, stored.website) == ("", "", "")
    assert stored.reasons == [{"rule": "links", "points": 2, "fragment": "", "version": 1}]
    assert stored.reports.get().reason == "hurt"
    assert client.get(old_link).status_code == 404
    everything = str([list(model.objects.values()) for model in (Comment, Decision, Report, DataAct)])
    assert "canary" not in everything.lower()
    assert DataAct.objects.get().kind == kind
    assert "Nothing here is stored with the address" in told(act(client, opened, "list"))


def test_a_neutral_name_is_one_for_all_replies_and_nobody_elses_there(client, post, key):
    far = make_post()
    for place in (post, post, far):
        make_comment(place)
    names = [name.strip() for name in str(pseudonyms.NAMES).split(",")]
    for name in names[1:]:
        make_comment(far, name=name, email="")
    act(client, key(), "rename", sure="1")
    assert set(Comment.objects.filter(source="Thank you for this.").values_list("name", flat=True)) == set(names)
    assert Comment.objects.filter(name=names[0]).count() == 3


def test_where_all_neutral_names_are_taken_one_gets_a_number(post):
    for name in str(pseudonyms.NAMES).split(", "):
        make_comment(post, name=name, email="")
    assert pseudonyms.draw(post.comments.all()).endswith(" 2")


def test_former_readers_are_all_alike(client, post, key):
    make_comment(post, "One.")
    make_comment(post, "Two.", name="Rita B.")
    act(client, key(), "unname", sure="1")
    assert set(Comment.objects.values_list("name", flat=True)) == {"Former reader"}


@pytest.mark.parametrize("verb", ["erase", "unname", "rename"])
def test_doing_it_twice_is_doing_it_once(client, mine, key, verb):
    opened = key()
    act(client, opened, verb, sure="1")
    before = list(Comment.objects.values())
    response = act(client, opened, verb, sure="1")
    assert "There was nothing left to do" in response.text
    assert list(Comment.objects.values()) == before
    assert DataAct.objects.count() == 1


@pytest.mark.parametrize("verb", ["erase", "unname", "rename"])
def test_an_act_that_fails_changes_nothing(client, post, mine, key, verb):
    make_comment(post, "Another one.", status="pending")
    opened, before = key(), list(Comment.objects.values())
    with patch("comments.ledger.write", side_effect=DatabaseError):
        response = act(client, opened, verb, sure="1")
    assert (response.status_code, is_private(response)) == (503, True)
    assert "nothing was changed" in response.text
    assert list(Comment.objects.values()) == before


@pytest.mark.parametrize("verb", ["erase", "unname", "rename"])
def test_what_was_about_to_be_done_to_the_old_text_does_not_hold(client, post, key, verb):
    comment = make_comment(post, status="pending")
    stale, opened = Comment.objects.get(), key()
    act(client, opened, verb, sure="1")
    assert moderation.approve(stale, by=make_mo(), text_version=stale.text_version) is False
    site = make_site()
    assert changes.edit(stale, source="New.", name="Rita", text_version=1, site_settings=site) is False
    assert changes.withdraw(stale) is False
    assert Comment.objects.get(pk=comment.pk).name != "Rita"


def test_mails_that_wait_are_not_sent_once_the_reply_is_erased(client, post, key, mails):
    mo = make_mo()
    held = make_comment(post, "CANARY", status="pending", help_rank=2)
    public = make_comment(post, "CANARY")
    Report.objects.create(comment=public, reason="hurt", words="CANARY", client="x")
    opened = key()
    notifications.tell_held(held)
    notifications.tell_reported(public)
    ask(client)
    act(client, opened, "erase", sure="1")
    assert notifications.held_mail(held.pk, mo.pk) is None
    assert notifications.reported_mail(public.pk, mo.pk) is None
    assert len(mails()) == 1  # The one with the link that was used.


def test_feeds_are_new_for_readers_who_ask_only_by_date(client, mine, key, clock):
    make_comment(mine.post, "By another.", name="Nora", email="nora@example.org")
    opened = key()
    seen = client.get("/comments/feed/")
    assert client.get("/comments/feed/", headers={"If-Modified-Since": seen["Last-Modified"]}).status_code == 304
    clock.shift(timedelta(minutes=5))
    act(client, opened, "rename", sure="1")
    again = client.get("/comments/feed/", headers={"If-Modified-Since": seen["Last-Modified"]})
    assert again.status_code == 200
    assert ">Rita" not in again.text


def test_after_erasing_the_words_are_nowhere_neither_for_readers_nor_for_staff(client, post, key):
    root = make_user("root", is_superuser=True)
    make_site(moderation_policy="publish_clean")
    for words in ("CANARY one", "CANARY two"):
        client.post("/posts/sleep/comments/", reply_data(post, comment=words, name="CANARY", website="canary.example"))
    comment = Comment.objects.earliest("pk")
    make_comment(post, "An answer stays.", parent=comment, name="Nora", email="nora@example.org")
    pages = [f"/comments/{comment.pk}/", comment.get_own_url(), "/", "/posts/sleep/", "/search/?q=canary"]
    assert "canary" in client.get("/posts/sleep/").text.lower()
    act(client, key(), "erase", sure="1")
    run_tasks()
    seen = crawl(client, *pages, "/comments/feed/", "/posts/sleep/feed/", "/feed/", "/sitemap.xml", "/?q=x")
    client.force_login(root)
    desk = "/admin/comments/"
    seen |= crawl(
        client, "/admin/", f"{desk}comment/?status=all", f"{desk}comment/?status=removed", f"{desk}decision/",
        f"{desk}report/", f"{desk}dataact/", f"{desk}comment/{comment.pk}/change/",
        f"{desk}comment/{comment.pk}/history/", "/posts/sleep/",
    )  # fmt: skip
    del seen["/search/?q=canary"]  # It says what was looked for.
    assert f"{desk}dataact/" in seen
    for address, text in seen.items():
        assert "canary" not in text.lower(), address
    assert "A reply that is no longer here" in seen["/posts/sleep/"]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (the tables' own names)
            assert "canary" not in str(cursor.fetchall()).lower(), table


# The note that stays


def test_site_managers_read_how_much_was_erased_and_nobody_changes_it(client, mine, key):
    act(client, key(), "erase", sure="1")
    row = DataAct.objects.get()
    client.force_login(make_user("meg", roles.SITE_MANAGERS))
    said = client.get("/admin/comments/dataact/").text
    assert "erased with the texts" in said
    assert client.get(f"/admin/comments/dataact/{row.pk}/change/").status_code == 200
    assert client.get("/admin/comments/dataact/add/").status_code == 403
    assert client.post(f"/admin/comments/dataact/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    other = Client()
    other.force_login(make_mo())
    assert other.get("/admin/comments/dataact/").status_code == 403


# The ways there


@pytest.mark.parametrize("address", ["/", "/posts/sleep/"])
def test_pages_lead_to_it(client, mine, address):
    assert f'href="{ASK}"' in client.get(address).text.partition("<footer")[2]


def test_the_form_and_the_own_page_lead_to_it(client, mine):
    for address in ("/posts/sleep/comments/", mine.get_own_url()):
        assert f'href="{ASK}"' in client.get(address).text.partition("<main")[2].partition("</main>")[0]
