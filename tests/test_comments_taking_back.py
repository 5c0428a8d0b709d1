"""A decision is taken back within seconds, and everything is as it was before."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.forms.models import model_to_dict
from django.utils import timezone

from comments import moderation, pinning
from comments.models import Comment, Decision, FormerState, Lesson, Original, Report, RuleHit, RuleSetting, SpamTrace
from comments.own import changes
from comments.undoing import taking_back
from ketablog import roles
from tests.base import make_comment, make_mo, make_post, make_site, make_user
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"


@pytest.fixture
def mo(client):
    mo = make_mo()
    client.force_login(mo)
    return mo


def state_of(comment: Comment) -> dict:
    """All that a decision may change."""
    fresh = Comment.objects.get(pk=comment.pk)
    return {
        # That somebody has opened it stays true.
        "columns": {
            field.attname: getattr(fresh, field.attname)
            for field in Comment._meta.concrete_fields
            if not field.name.startswith("opened_")
        },
        "reports": list(Report.objects.filter(comment=comment).order_by("pk").values("pk", "settled_at")),
        "hits": list(RuleHit.objects.filter(comment=comment).order_by("pk").values()),
        "traces": list(
            SpamTrace.objects.filter(comment=comment).order_by("digest", "kind").values("kind", "digest", "at")
        ),
        "rules": [model_to_dict(rule) for rule in RuleSetting.objects.order_by("pk")],
        "originals": list(comment_originals(comment)),
        "demoted": list(RuleSetting.objects.order_by("pk").values_list("demoted_at", flat=True)),
    }


def comment_originals(comment: Comment):
    return Original.objects.filter(comment=comment).values("name", "source")


def undo_value(page: str) -> str:
    return re.search(r'name="undo" value="([\d.]+)"', page)[1]


def taken_back(comment: Comment, by) -> bool:
    return taking_back.undo(Decision.objects.filter(comment=comment).first(), by=by)


@pytest.mark.parametrize("before", ["pending", "approved", "spam", "removed"])
@pytest.mark.parametrize("verb", list(moderation.VERBS))
def test_undo_restores_the_exact_state(client, mo, before, verb):
    ada = make_user("ada", roles.MODERATORS)
    text = "Call me at (614) 555-0123" if verb in ("redact", "as_is") else "Cheap pills at https://pills.example/"
    comment = make_comment(make_post(), f"{text}, for everybody", status="pending")
    RuleHit.objects.create(comment=comment, rule="links", outcome="hold", at=timezone.now())
    if before != "pending":
        decide = {"approved": moderation.approve, "spam": moderation.spam, "removed": moderation.remove}[before]
        decide(comment, by=ada, text_version=1, reason="Because")
        Comment.objects.filter(pk=comment.pk).update(public_reason="It sells things")
    comment.reports.create(reason="spam", client="x" * 64)
    former = state_of(comment)
    transition, after = moderation.VERBS[verb]
    seen = {"text_version": 1, "newest_report": 10**9}
    if not transition(Comment.objects.get(pk=comment.pk), by=mo, reason="Other", **seen):
        assert after == former["columns"]["status"] or (verb in ("redact", "as_is") and before == "approved")
        return
    assert state_of(comment) != former

    assert taken_back(comment, mo)

    if verb == "redact":
        # No version of a text ever stands for two texts.
        assert Comment.objects.get().text_version == 3
        Comment.objects.update(text_version=1)
    assert state_of(comment) == former
    assert not FormerState.objects.filter(decision__by=mo).exists()
    assert Decision.objects.first().reason == "taken back within seconds"
    assert not taken_back(comment, mo)


def test_a_pinned_answer_is_pinned_again_unless_another_one_is(mo):
    post = make_post()
    top = make_comment(post)
    first, second = (make_comment(post, parent=top, user=mo, name="Mo") for _number in range(2))
    pinning.pin(first, by=mo, text_version=1)
    former = state_of(first)
    moderation.remove(first, by=mo, text_version=1)
    assert taken_back(first, mo)
    assert state_of(first) == former
    first.refresh_from_db()
    moderation.remove(first, by=mo, text_version=1)
    pinning.pin(second, by=mo, text_version=1)
    assert taken_back(first, mo)
    assert Comment.objects.get(pk=first.pk).status == "approved"
    assert list(Comment.objects.pinned_in(top.pk)) == [second]


def test_a_rule_that_a_decision_set_back_marks_spam_again(mo):
    post, now = make_post(), timezone.now()
    RuleSetting.objects.update_or_create(name="links", defaults={"outcome": "spam"})
    for _number in range(19):
        RuleHit.objects.create(rule="links", outcome="spam", at=now, was_right=True)
    RuleHit.objects.create(rule="links", outcome="spam", at=now, was_right=False)
    comment = make_comment(post, status="spam")
    RuleHit.objects.create(comment=comment, rule="links", outcome="spam", at=now)
    former = state_of(comment)
    moderation.approve(comment, by=mo, text_version=1)
    assert RuleSetting.objects.get(name="links").outcome == "hold"
    assert taken_back(comment, mo)
    assert state_of(comment) == former


def test_nothing_is_taken_back_after_the_time_by_others_or_over_what_came_since(mo):
    ada = make_user("ada", roles.MODERATORS)
    now = timezone.now().replace(microsecond=0)

    def decided() -> Comment:
        comment = make_comment(make_post(), status="pending")
        assert moderation.approve(comment, by=mo, text_version=1)
        return comment

    with time_machine.travel(now, tick=False) as clock:
        late, others, edited, again, pinned, in_time = (decided() for _number in range(6))
        assert not taken_back(others, ada)
        changes.edit(edited, source="Another text", name="Rita", text_version=1, site_settings=make_site())
        assert not taken_back(edited, mo)
        newest = Decision.objects.filter(comment=again).first()
        moderation.remove(again, by=mo, text_version=1)
        moderation.approve(again, by=mo, text_version=1)
        assert not taking_back.undo(newest, by=mo)
        Comment.objects.filter(pk=pinned.pk).update(thread=late, parent=late, pinned_at=now)
        assert not taken_back(pinned, mo)
        clock.shift(timedelta(seconds=10))
        assert taken_back(in_time, mo)
        clock.shift(timedelta(seconds=5))
        assert not taken_back(late, mo)
    statuses = {comment.pk: comment.status for comment in Comment.objects.all()}
    assert statuses.pop(in_time.pk) == statuses.pop(edited.pk) == "pending"
    assert set(statuses.values()) == {"approved"}


def test_who_withdrew_a_reply_stays_withdrawn(mo):
    comment = make_comment(make_post(), status="pending")
    moderation.approve(comment, by=mo, text_version=1, reason="Rita wrote this")
    decision = Decision.objects.first()
    changes.withdraw(comment)
    assert not FormerState.objects.exists()
    assert not taking_back.undo(decision, by=mo)
    assert Comment.objects.get().is_empty


def test_what_nobody_signed_in_decided_is_not_offered():
    comment = make_comment(make_post(), status="pending")
    moderation.approve(comment, by=None, text_version=1)
    assert not FormerState.objects.exists()


def test_one_and_many_decisions_are_offered_for_ten_seconds_and_taken_back_by_a_press(client, mo):
    post = make_post()
    one, *many = [make_comment(post, status="pending", name=name) for name in ("Tom", "Ann", "Sam")]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page = client.post(LIST, {"decide": f"spam:{one.pk}:1"}, follow=True).text
        assert "You can take this back for ten seconds." in page
        assert 'data-seconds="10"' in page
        page = client.post(LIST, {"undo": undo_value(page)}, follow=True).text
        assert "Taken back: the reply is as it was before." in page
        assert 'name="undo"' not in page
        data = {"decide_selected": "approve", "selected": [comment.pk for comment in many]}
        data |= {f"version-{comment.pk}": "1" for comment in many}
        page = client.post(LIST, data, follow=True).text
        assert "You can take these 2 decisions back for ten seconds." in page
        clock.shift(timedelta(seconds=4))
        assert 'data-seconds="6"' in client.get(f"{LIST}{one.pk}/change/").text
        page = client.post(LIST, {"undo": undo_value(page)}, follow=True).text
        assert "Taken back: 2 replies are as they were before." in page
        assert set(Comment.objects.values_list("status", flat=True)) == {"pending"}
        page = client.post(LIST, {"decide": f"approve:{one.pk}:1"}, follow=True).text
        clock.shift(timedelta(seconds=11))
        assert 'name="undo"' not in client.get(LIST).text
        clock.shift(timedelta(seconds=9))
        page = client.post(LIST, {"undo": undo_value(page)}, follow=True).text
    assert "Nothing was taken back: it is too long ago" in page
    assert Comment.objects.get(pk=one.pk).status == "approved"


def test_of_many_what_somebody_else_changed_since_stays_and_that_is_said(client, mo):
    post = make_post()
    first, second = (make_comment(post, status="pending") for _number in range(2))
    data = {"decide_selected": "approve", "selected": [first.pk, second.pk]}
    data |= {f"version-{comment.pk}": "1" for comment in (first, second)}
    page = client.post(LIST, data, follow=True).text
    moderation.remove(Comment.objects.get(pk=second.pk), by=make_user("ada"), text_version=1)
    page = client.post(LIST, {"undo": undo_value(page)}, follow=True).text
    assert "Taken back: the reply is as it was before." in page
    assert "Not everything could be taken back" in page
    assert [Comment.objects.get(pk=pk).status for pk in (first.pk, second.pk)] == ["pending", "removed"]


@pytest.mark.parametrize("value", ["", "x", "1.", ".1", "1..2", "9" * 40, "1" + ".1" * 300, "1\n", "١"])
def test_a_forged_undo_is_a_sentence(client, mo, value):
    page = client.post(LIST, {"undo": value}, follow=True).text
    assert "That could not be read, so nothing was changed." in page


def test_reading_takes_nothing_back_and_who_only_views_cannot(client, mo):
    comment = make_comment(make_post(), status="pending")
    value = undo_value(client.post(LIST, {"decide": f"approve:{comment.pk}:1"}, follow=True).text)
    client.get(LIST, {"undo": value})
    mo.groups.clear()
    assert client.post(LIST, {"undo": value}).status_code == 403
    assert Comment.objects.get().status == "approved"


def test_no_mail_goes_out_about_what_was_taken_back(client, mo, mails):
    comment = make_comment(make_post(), status="pending")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        moderation.approve(comment, by=mo, text_version=1)
        taken_back(comment, mo)
        clock.shift(timedelta(minutes=1))
        run_tasks()
        assert mails() == []


@pytest.mark.parametrize("before", ["pending", "approved", "spam"])
@pytest.mark.parametrize("verb", ["approve", "spam", "remove"])
def test_the_classifier_unlearns_what_was_taken_back(mo, before, verb):
    comment = make_comment(make_post(), "Cheap pills for everybody", status=before)
    transition, _after = moderation.VERBS[verb]
    if not transition(comment, by=mo, text_version=1):
        return
    run_tasks()
    assert taken_back(comment, mo)
    run_tasks()
    assert not Lesson.objects.exists()
