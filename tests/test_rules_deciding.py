"""What rules lead to, what staff set for them, and what they learn of moderators' decisions."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from comments import moderation
from comments.models import Comment, RuleHit, RuleSetting, SpamTrace, WordList
from ketablog import roles
from ketablog.site_replies import ModerationPolicy
from tests.base import make_comment, make_mo, make_post, make_site, make_user, reply_data
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db
SPAM = "Our pharmacy ships everything you need without any questions asked."


@pytest.fixture
def post():
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    # It judges whole texts and has tests of its own.
    RuleSetting.objects.filter(name="classifier").update(is_on=False)
    return make_post(slug="sleep")


def send(client, post, text, **fields):
    response = client.post("/posts/sleep/comments/", reply_data(post, comment=text, **fields))
    assert response.status_code == 303
    return Comment.objects.latest("pk")


def test_a_rule_that_only_notes_holds_nothing(client, post):
    comment = send(client, post, "Thank you, it helped.", email="rita@mailinator.com")
    assert comment.status == "approved"
    assert [(reason["rule"], reason["outcome"]) for reason in comment.reasons] == [("disposable", "note")]


def test_a_rule_that_marks_as_spam_does_so_and_tells_nobody(client, post):
    make_mo()
    WordList.objects.create(name="Ours", lines="pharmacy => spam")
    comment = send(client, post, SPAM)
    assert comment.status == "spam"
    run_tasks()
    assert mail.outbox == []
    assert SPAM not in client.get("/posts/sleep/").text


def test_what_may_be_a_cry_for_help_is_never_spam(client, post):
    WordList.objects.create(name="Ours", lines="die => spam\nhopeless => spam")
    assert send(client, post, "I want to die.").status == "pending"
    assert send(client, post, "It all feels hopeless.").status == "pending"


def test_a_rule_that_staff_switched_off_says_nothing(client, post):
    RuleSetting.objects.filter(name="markup").update(is_on=False)
    assert send(client, post, "[b]Thank you[/b]").status == "approved"


def test_spam_that_was_decided_is_known_again_by_text_host_and_address(client, post):
    mo = make_mo()
    first = send(client, post, f"{SPAM} https://pills.example/x", email="sam@spam.example")
    assert moderation.spam(first, by=mo, text_version=1)
    again = send(client, post, f"OUR pharmacy -- {SPAM[13:]} https://pills.example/x", email="other@example.org")
    assert again.status == "spam"
    assert {reason["rule"] for reason in again.reasons} == {"spam_text", "spam_host", "again"}
    assert send(client, post, "Something else, https://www.pills.example/").status == "pending"
    assert send(client, post, "Something else again.", email="SAM@spam.example").status == "pending"
    stored = list(SpamTrace.objects.values_list("digest", flat=True))
    assert not [digest for digest in stored if "pills" in digest or "sam" in digest]


def test_what_is_taken_out_of_the_spam_is_forgotten(client, post):
    mo = make_mo()
    first = send(client, post, SPAM)
    moderation.spam(first, by=mo, text_version=1)
    moderation.restore(first, by=mo, text_version=1)
    assert not SpamTrace.objects.exists()
    assert send(client, post, SPAM + " Or not?").status == "approved"


def test_the_memory_of_spam_lasts_a_year_and_outlives_the_reply(client, post):
    mo = make_mo()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = send(client, post, SPAM)
        moderation.spam(first, by=mo, text_version=1)
        clock.shift(timedelta(days=60))
        call_command("apply_retention")
        assert not Comment.objects.exists()
        assert send(client, post, SPAM).status == "spam"
        clock.shift(timedelta(days=330))
        call_command("apply_retention")
        assert not SpamTrace.objects.exists()


def hit_often(post, rule, *, right, wrong):
    now = timezone.now()
    for was_right, number in ((True, right), (False, wrong)):
        RuleHit.objects.bulk_create(
            RuleHit(rule=rule, outcome="spam", at=now, was_right=was_right) for _each in range(number)
        )


@pytest.mark.parametrize(
    ("right", "wrong", "after"), [(18, 0, "spam"), (18, 1, "hold"), (60, 2, "spam"), (10, 8, "spam")]
)
def test_a_rule_that_is_wrong_too_often_only_holds_from_then_on(client, post, right, wrong, after):
    mo = make_mo()
    manager = make_user("gil", roles.SITE_MANAGERS)
    hit_often(post, "spam_text", right=right, wrong=wrong)
    comment = make_comment(post, SPAM, status="spam")
    RuleHit.objects.create(comment=comment, rule="spam_text", outcome="spam", at=timezone.now())
    assert moderation.approve(comment, by=mo, text_version=1)
    rule = RuleSetting.objects.get(name="spam_text")
    assert rule.outcome == after
    assert (rule.demoted_at is None) == (after == "spam")
    run_tasks()
    told = [message for message in mail.outbox if "set back" in message.subject]
    assert [message.to for message in told] == ([] if after == "spam" else [[manager.email]])
    if told:
        assert f"{wrong + 1} of {right + wrong + 1}" in told[0].body
        client.force_login(manager)
        assert "It was wrong too often" in client.get("/admin/comments/rulesetting/").text


def test_a_decision_that_is_taken_back_counts_for_nothing(client, post):
    mo = make_mo()
    held = send(client, post, "[b]Thank you[/b]")
    moderation.approve(held, by=mo, text_version=1)
    assert RuleHit.objects.get().was_right is False
    moderation.restore(held, by=mo, text_version=1)
    assert RuleHit.objects.get().was_right is None
    moderation.spam(held, by=mo, text_version=1)
    assert RuleHit.objects.get().was_right is True


# In the admin


def test_the_table_shows_each_rule_with_its_hits_and_its_errors(client, post):
    client.force_login(make_user("gil", roles.SITE_MANAGERS))
    hit_often(post, "links", right=3, wrong=1)
    page = client.get("/admin/comments/rulesetting/").text
    assert "It has more links than most readers need." in page
    assert "1 of 4 (25%)" in page


def test_a_moderator_reads_the_table_and_changes_nothing_in_it(client, post):
    client.force_login(make_mo())
    page = client.get("/admin/comments/rulesetting/").text
    assert "It has more links than most readers need." in page
    assert 'name="form-0-outcome"' not in page


def test_trying_a_text_shows_what_the_rules_say_and_stores_nothing(client, post):
    client.force_login(make_mo())
    WordList.objects.create(name="Ours", lines="pharmacy => spam")
    page = client.post("/admin/comments/rulesetting/try/", {"text": SPAM}).text
    assert "Marked as spam" in page
    assert "<code>pharmacy</code>" in page
    assert (
        "Held, as it may be a cry for help"
        in client.post("/admin/comments/rulesetting/try/", {"text": f"I want to die. {SPAM}"}).text
    )
    assert "No rule holds it" in client.post("/admin/comments/rulesetting/try/", {"text": "Thank you."}).text
    assert client.post("/admin/comments/rulesetting/try/", {"text": ""}).status_code == 200
    assert not Comment.objects.exists()
    assert not RuleHit.objects.exists()


def test_a_word_list_with_a_line_that_cannot_work_is_refused_in_words(client, post):
    client.force_login(make_mo())
    response = client.post("/admin/comments/wordlist/add/", {"name": "Ours", "lines": "casino\n/(/", "is_on": "on"})
    assert "Line 2 cannot be read: /(/" in response.text
    assert not WordList.objects.exists()


def test_strangers_and_writers_try_nothing(client, post):
    assert client.get("/admin/comments/rulesetting/try/").status_code == 302
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.get("/admin/comments/rulesetting/try/").status_code == 403


# From a shell


def test_judging_a_file_prints_a_line_for_each_text_and_stores_nothing(tmp_path, capsys, post):
    file = tmp_path / "texts.jsonl"
    texts = [
        {"text": "Thank\u2028you."},
        {"text": "[url=http://x.example]x[/url]"},
        {"text": "I want to die.", "name": "R"},
    ]
    file.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in texts) + "\n\n", encoding="utf-8")
    call_command("judge_comments", str(file))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["verdict"] for line in lines] == ["approve", "hold", "hold"]
    assert [line["help"] for line in lines] == ["none", "none", "urgent"]
    assert lines[1]["reasons"][0]["rule"] == "markup"
    assert [(reason["rule"], reason["outcome"]) for reason in lines[2]["reasons"]] == [("help", "hold")]
    assert lines[0]["score"] == 0
    assert all(line["personal_data"] == [] for line in lines)
    assert not Comment.objects.exists()


def test_odd_signs_in_a_file_are_judged_and_part_no_line(db, tmp_path, capsys):
    file = tmp_path / "texts.jsonl"
    texts = [
        '{"text": "Half a sign: \\ud800", "email": "\\udfff@example.org"}',
        '{"text": "One\u2028and\u0085the same."}',
    ]
    file.write_text("\r\n".join(texts), encoding="utf-8")
    call_command("judge_comments", str(file))
    lines = [line for line in capsys.readouterr().out.split("\n") if line]
    assert [json.loads(line)["verdict"] for line in lines] == ["approve", "approve"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "Line 1 of"),
        ('{"text": "a"}\n[]', "Line 2 of"),
        ('{"text": 5}', "has no"),
        ('{"text": "a", "name": 5}', "name"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(tmp_path, text, sentence):
    file = tmp_path / "texts.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        call_command("judge_comments", str(file))


def test_a_line_ends_where_the_file_says_and_half_a_sign_is_judged_too(tmp_path, capsys, post):
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "One.\u2028Two."}\r\n{"text": "Half \\ud800 555-867-5309"}\n', encoding="utf-8")
    call_command("judge_comments", str(file))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["verdict"] for line in lines] == ["approve", "hold"]
    assert lines[1]["personal_data"] == [{"kind": "phone", "start": 7, "end": 19}]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("judge_comments", str(tmp_path / "none.jsonl"))
