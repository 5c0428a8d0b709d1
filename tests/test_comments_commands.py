import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from comments.models import Comment, Decision
from ketablog.markup import POLICY_VERSION
from posts.models import Page, Post, Question
from tests.base import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db


def run(*words: object) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def statuses() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))


# approve_comments


def test_named_replies_are_approved_the_urgent_one_when_named_again_an_hour_later():
    post = make_post()
    held = make_comment(post, status="pending")
    urgent = make_comment(post, status="pending", help_rank=2)
    other = make_comment(post, status="pending")
    with time_machine.travel("2027-05-01T12:00:00Z", tick=False) as clock:
        assert run("approve_comments", held.pk, urgent.pk) == "1 approved, 0 unchanged, 1 urgent left waiting\n"
        clock.shift(timedelta(minutes=59))
        assert run("approve_comments", urgent.pk) == "0 approved, 0 unchanged, 1 urgent left waiting\n"
        clock.shift(timedelta(minutes=1))
        assert run("approve_comments", urgent.pk) == "1 approved, 0 unchanged, 0 urgent left waiting\n"
    assert statuses() == ["approved", "approved", "pending"]
    assert Decision.objects.filter(by=None, after="approved").count() == 2
    assert other.decisions.count() == 0


def test_a_reply_that_is_approved_already_is_counted_as_unchanged():
    comment = make_comment(make_post())
    assert run("approve_comments", comment.pk) == "0 approved, 1 unchanged, 0 urgent left waiting\n"


def test_all_that_wait_are_approved_but_the_urgent_ones():
    post = make_post()
    for fields in (
        {"status": "pending"},
        {"status": "pending", "help_rank": 2},
        {"status": "spam"},
        {"status": "pending"},
    ):
        make_comment(post, **fields)
    assert run("approve_comments", "--all-pending") == "2 approved, 0 unchanged, 1 urgent left waiting\n"
    assert statuses() == ["approved", "pending", "spam", "approved"]
    assert run("approve_comments", "--all-pending") == "0 approved, 0 unchanged, 1 urgent left waiting\n"


@pytest.mark.parametrize("unknown", ["0", "999999", str(10**30)])
def test_an_unknown_number_changes_nothing_at_all(unknown):
    comment = make_comment(make_post(), status="pending")
    with pytest.raises(CommandError, match=f"There is no reply {unknown}; nothing was changed."):
        run("approve_comments", comment.pk, unknown)
    assert statuses() == ["pending"]


def test_numbers_and_all_are_one_or_the_other():
    comment = make_comment(make_post(), status="pending")
    for words in ([], [comment.pk, "--all-pending"]):
        with pytest.raises(CommandError, match="Give the numbers of the replies to approve, or --all-pending"):
            run("approve_comments", *words)
    assert statuses() == ["pending"]


# count_comments


def test_replies_are_counted_in_all_by_status_and_as_json():
    post = make_post()
    for status in ("pending", "pending", "approved", "spam"):
        make_comment(post, status=status)
    assert run("count_comments") == "4\n"
    assert run("count_comments", "--status", "pending") == "2\n"
    assert run("count_comments", "--status", "removed") == "0\n"
    assert json.loads(run("count_comments", "--json")) == {"pending": 2, "approved": 1, "spam": 1, "removed": 0}


def test_a_status_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(CommandError, match="“held” is not a status: write one of pending, approved, spam, removed"):
        run("count_comments", "--status", "held")
    with pytest.raises(CommandError, match="Give --status or --json, not both"):
        run("count_comments", "--status", "spam", "--json")


# render_again


def test_all_stored_html_is_made_anew_and_nothing_else_changes():
    post, page = make_post(body="<p>One</p>"), make_page(body="<p>Two</p>")
    comment = make_comment(post, "Three")
    make_comment(post, "Four")
    question = post.questions.create(question="Five?", answer="Six")
    Question.objects.update(answer_html="old", answer_policy=0)
    Post.objects.update(body_html="old", body_policy=0)
    Page.objects.update(body_html="old", body_policy=0)
    Comment.objects.filter(pk=comment.pk).update(html="old", html_policy=0)
    before = Post.objects.get().updated_at

    sentence = "1 of 1 articles, 1 of 1 pages, 1 of 1 answers to questions, 1 of 2 replies\n"
    assert run("render_again", "--dry-run") == f"would change {sentence}"
    assert Post.objects.get().body_html == "old"
    assert run("render_again") == f"changed {sentence}"

    assert Post.objects.get().body_html == "<p>One</p>"
    assert Post.objects.get().updated_at == before
    assert Page.objects.get(pk=page.pk).body_html == "<p>Two</p>"
    assert Question.objects.get(pk=question.pk).answer_html == "<p>Six</p>"
    assert list(Comment.objects.order_by("pk").values_list("html", "html_policy", "text_version")) == [
        ("<p>Three</p>", POLICY_VERSION, 1),
        ("<p>Four</p>", POLICY_VERSION, 1),
    ]
    assert run("render_again") == "changed 0 of 1 articles, 0 of 1 pages, 0 of 1 answers to questions, 0 of 2 replies\n"


def test_more_rows_than_a_batch_are_all_reached(monkeypatch):
    monkeypatch.setattr("ketablog.batches.SIZE", 2)
    post = make_post()
    for _number in range(5):
        make_comment(post)
    Comment.objects.update(html="old")
    assert "5 of 5 replies" in run("render_again")
    assert not Comment.objects.filter(html="old").exists()
