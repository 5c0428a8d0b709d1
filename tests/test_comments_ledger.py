"""What was erased is erased again in an older database; nothing else is."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from comments import ledger
from comments.models import Comment, Decision, Erasure, Report
from comments.mydata import acting
from comments.mydata.models import Kind
from comments.mydata.opening import Opened
from comments.own import changes
from tests.base import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
NOTHING = {"withdrawn": 0, "erased": 0, "unnamed": 0, "renamed": 0, "deleted": 0}


def opened(address: str = "rita@example.org") -> Opened:
    return Opened("", address, timezone.now())


def rows() -> list[dict]:
    return [row for model in (Comment, Decision, Report, Erasure) for row in model.objects.order_by("pk").values()]


def an_older_database(*replies: Comment) -> None:
    """Bring replies back as an older backup has them, before anything was written down of them."""
    Decision.objects.all().delete()
    Erasure.objects.all().delete()
    Comment.objects.all().delete()
    Comment.objects.bulk_create(replies)


def backup() -> list[Comment]:
    return list(Comment.objects.order_by("pk"))


@pytest.mark.parametrize("act", ["withdraw", "erase", "unname", "rename", "delete"])
def test_what_was_erased_later_is_erased_again_in_an_older_database(client, act):
    post = make_post()
    mine = make_comment(post, "My words.", website="https://rita.example", reasons=[{"rule": "links", "fragment": "x"}])
    make_comment(post, "Not mine.", name="Nora", email="nora@example.org")
    older = backup()
    if act == "withdraw":
        changes.withdraw(mine)
    elif act == "delete":
        client.force_login(make_user("root", is_superuser=True))
        client.post(f"/admin/comments/comment/{mine.pk}/delete/", {"post": "yes"})
    else:
        getattr(acting, act)(opened())
    kind = {"withdraw": "withdrawn", "erase": "erased", "unname": "unnamed", "rename": "renamed", "delete": "deleted"}
    wanted = {row.pk: (row.name, row.source, row.email_index, row.status) for row in backup()}
    entries = json.loads(json.dumps(ledger.export()))

    an_older_database(*older)
    assert ledger.apply_again(entries) == {**NOTHING, kind[act]: 1}

    assert {row.pk: (row.name, row.source, row.email_index, row.status) for row in backup()} == wanted
    assert ledger.export() == entries
    before = rows()
    assert ledger.apply_again(entries) == NOTHING
    assert rows() == before


def test_a_database_that_knows_already_is_left_as_it_is():
    make_comment(make_post(), "My words.")
    acting.rename(opened())
    before = rows()
    assert ledger.apply_again(ledger.export()) == NOTHING
    assert rows() == before


def test_a_reply_that_only_has_the_number_of_an_erased_one_is_left_alone():
    first = make_comment(make_post(), "My words.")
    acting.erase(opened())
    entries = ledger.export()
    other = Comment(
        pk=first.pk, post=first.post, name="Nora", source="Hers.", created_at=first.created_at + timedelta(seconds=1)
    )
    an_older_database(other)
    assert ledger.apply_again(entries) == NOTHING
    assert Comment.objects.get().source == "Hers."


def test_what_was_given_a_name_first_and_withdrawn_afterwards_ends_withdrawn():
    reply = make_comment(make_post(), "My words.")
    older = backup()
    acting.rename(opened())
    changes.withdraw(Comment.objects.get(pk=reply.pk))
    entries = ledger.export()
    an_older_database(*older)
    assert ledger.apply_again(reversed(entries)) == {**NOTHING, "renamed": 1, "withdrawn": 1}
    assert Comment.objects.get().is_withdrawn


def test_a_reply_whose_article_was_deleted_meanwhile_is_passed_over():
    reply = make_comment(make_post(), "My words.")
    acting.erase(opened())
    entries = ledger.export()
    reply.post.delete()
    assert ledger.apply_again(entries) == NOTHING


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"}, {"reply": "1"}, {"reply": True}, {"reply": None}, {"written_at": "yesterday"},
        {"written_at": "2026-01-01T00:00:00"}, {"at": None}, {"name": 5}, {"name": ""}, {"kind": "erased"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_entry_changes_nothing(change):
    make_comment(make_post(), "My words.")
    older = backup()
    acting.rename(opened())
    (entry,) = ledger.export()
    an_older_database(*older)
    before = rows()
    with pytest.raises(ValueError, match="no entry"):
        ledger.apply_again([entry, {**entry, **change}])
    with pytest.raises(ValueError, match="no entry"):
        ledger.apply_again([{name: value for name, value in entry.items() if name != "kind"}])
    assert rows() == before


def test_the_ledger_holds_nothing_of_who_wrote(client):
    make_comment(make_post(), "CANARY words", name="CANARY name", website="https://canary.example")
    acting.unname(opened())
    make_comment(make_post(), "CANARY words", name="CANARY name")
    acting.erase(opened())
    assert [entry["kind"] for entry in ledger.export()] == ["unnamed", "erased"]
    assert "canary" not in json.dumps(ledger.export()).lower()


def test_many_entries_are_applied_in_few_steps(django_assert_max_num_queries):
    post, now = make_post(), timezone.now()
    Comment.objects.bulk_create(
        Comment(post=post, name="Rita", source=f"{number}", created_at=now, email_index="k1:x")
        for number in range(1000)
    )
    entries = [
        {"reply": pk, "written_at": now.isoformat(), "kind": "erased", "name": "", "at": now.isoformat()}
        for pk in Comment.objects.values_list("pk", flat=True)
    ]
    with django_assert_max_num_queries(105):
        assert ledger.apply_again(entries) == {**NOTHING, "erased": 1000}
    assert Erasure.objects.count() == 1000
    assert connection.in_atomic_block


def test_writing_down_twice_is_writing_down_once():
    now = timezone.now()
    for _ in range(2):
        ledger.write(Kind.DELETED, [(7, now)], at=now)
    assert Erasure.objects.count() == 1
