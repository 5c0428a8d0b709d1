import threading

import pytest
from django.db import connection

from comments import moderation
from comments.models import Comment, Decision
from tests.base import make_comment, make_mo, make_post, make_user

STATUSES = ["pending", "approved", "spam", "removed"]
AFTER = {"approve": "approved", "spam": "spam", "remove": "removed", "restore": "pending"}


@pytest.mark.django_db
@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("verb", AFTER)
def test_each_verb_moves_from_every_other_status_to_its_own_and_writes_it_down(verb, before):
    mo = make_mo()
    comment = make_comment(make_post(), status=before)

    moved = getattr(moderation, verb)(comment, by=mo, text_version=1, reason="Because.")

    stored = Comment.objects.get()
    assert moved is (before != AFTER[verb])
    assert stored.status == comment.status == AFTER[verb]
    if moved:
        decision = Decision.objects.get()
        assert (decision.before, decision.after, decision.text_version) == (before, AFTER[verb], 1)
        assert (decision.by, decision.reason) == (mo, "Because.")
        assert (stored.decided_by, stored.decision_reason) == (mo, "Because.")
        assert stored.decided_at is not None
    else:
        assert not Decision.objects.exists()
        assert stored.decided_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["approve", "spam", "remove"])
def test_a_decision_about_another_text_than_the_present_one_does_nothing(verb):
    comment = make_comment(make_post(), status="pending", text_version=2)
    assert getattr(moderation, verb)(comment, by=make_mo(), text_version=1) is False
    assert Comment.objects.get().status == "pending"
    assert not Decision.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["pending", "approved", "removed"])
def test_what_may_be_a_cry_for_help_never_becomes_spam(before):
    comment = make_comment(make_post(), status=before, help_rank=Comment.HelpRank.URGENT)
    assert moderation.spam(comment, by=make_mo(), text_version=1) is False
    assert Comment.objects.get().status == before
    assert "spam" not in moderation.verbs_for(comment)


@pytest.mark.django_db
def test_a_reply_that_became_urgent_since_it_was_read_does_not_become_spam():
    comment = make_comment(make_post(), status="pending")
    Comment.objects.update(help_rank=Comment.HelpRank.URGENT)
    assert moderation.spam(comment, by=make_mo(), text_version=1) is False
    assert Comment.objects.get().status == "pending"


@pytest.mark.django_db
def test_a_decision_about_a_reply_that_somebody_else_decided_meanwhile_does_nothing():
    comment = make_comment(make_post(), status="pending")
    seen_by_both = Comment.objects.get()
    assert moderation.approve(comment, by=make_mo(), text_version=1) is True
    assert moderation.remove(seen_by_both, by=make_user("bea"), text_version=1) is False
    assert Comment.objects.get().status == "approved"
    assert Decision.objects.count() == 1


@pytest.mark.django_db
def test_the_shell_decides_without_a_person():
    comment = make_comment(make_post(), status="pending")
    assert moderation.approve(comment, by=None, text_version=1) is True
    assert Decision.objects.get().by is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verbs", [("approve", "approve"), ("approve", "spam"), ("remove", "approve")])
def test_of_two_moderators_at_once_exactly_one_wins(verbs):
    people = [make_user("mo"), make_user("bea")]
    number = make_comment(make_post(), status="pending").pk
    ready = threading.Barrier(2)
    won: dict[str, bool] = {}

    def decide(person, verb):
        try:
            comment = Comment.objects.get(pk=number)
            ready.wait(timeout=20)
            won[person.username] = getattr(moderation, verb)(comment, by=person, text_version=1)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in zip(people, verbs, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won.values()) == [False, True]
    winner = people[0] if won["mo"] else people[1]
    decision = Decision.objects.get()
    comment = Comment.objects.get()
    assert decision.by == comment.decided_by == winner
    assert decision.after == comment.status == AFTER[verbs[people.index(winner)]]
