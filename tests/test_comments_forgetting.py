"""What is old is forgotten, as the Site settings say, and nothing else."""

from datetime import datetime, timedelta
from io import StringIO
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from comments import moderation, retention
from comments.models import Comment, Decision, EmailLook, Report
from comments.own import changes
from comments.reports.taking import settle
from ketablog import roles
from tests.base import make_comment, make_mo, make_post, make_site, make_user

NOW = datetime.fromisoformat("2027-05-01T12:00:00+00:00")
A_SECOND = timedelta(seconds=1)
NOTHING = "erased 0 addresses, 0 spam, 0 removed replies, 0 reports\n"
LIST = "/admin/comments/comment/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def forget(*options: str) -> str:
    """What the command says of replies and reports; what else it counts is tested where that is kept."""
    out = StringIO()
    call_command("apply_retention", *options, stdout=out)
    said, reports, _else = out.getvalue().partition(" reports")
    return f"{said}{reports}\n"


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def put(post=None, *, days: int, **fields) -> Comment:
    """A reply that was written and decided so many days ago, to the second; `by` is how much later."""
    at = days_ago(days) + fields.pop("by", timedelta(0))
    fields = {"created_at": at, "decided_at": at, **fields}
    return make_comment(post or make_post(published=timedelta(days=900)), **fields)


def columns() -> list[dict]:
    models = (Comment, Decision, EmailLook, Report)
    return [row for model in models for row in model.objects.order_by("pk").values()]


def is_there(comment: Comment) -> bool:
    return Comment.objects.filter(pk=comment.pk).exists()


# Addresses


@pytest.mark.parametrize("status", ["approved", "spam", "removed"])
def test_the_address_of_a_decided_reply_goes_after_a_year_to_the_second(status):
    make_site(keep_spam_days=900, keep_removed_days=900)
    due, young = put(days=365, status=status), put(days=365, by=A_SECOND, status=status)
    index = due.email_index

    assert forget() == NOTHING.replace("0 addresses", "1 addresses")

    due.refresh_from_db()
    young.refresh_from_db()
    assert (due.email_encrypted, due.email_index) == ("", index)
    assert young.email == "rita@example.org"
    assert (due.name, due.source, due.status) == ("Rita", "Thank you for this.", status)
    assert set(Comment.objects.of_address("Rita@example.org")) == {due, young}


def test_a_reply_that_no_person_decided_counts_from_when_it_was_written():
    reply = put(days=365, decided_at=None)
    assert forget() == NOTHING.replace("0 addresses", "1 addresses")
    reply.refresh_from_db()
    assert reply.email_encrypted == ""


def test_what_was_decided_lately_keeps_its_address_however_old_it_is():
    put(days=900, decided_at=days_ago(364))
    assert forget() == NOTHING


def test_what_waits_keeps_everything_however_old_it_is():
    put(days=3000, status="pending")
    before = columns()
    assert forget() == NOTHING
    assert columns() == before


def test_zero_days_keep_addresses_as_long_as_the_reply():
    make_site(keep_addresses_days=0)
    put(days=3000)
    assert forget() == NOTHING


def test_the_days_are_those_of_the_site_settings():
    make_site(keep_addresses_days=7, keep_spam_days=8, keep_removed_days=9)
    put(days=7)
    put(days=8, status="spam")
    put(days=9, status="removed")
    put(days=7, status="spam", email="")
    put(days=8, status="removed", email="")
    assert forget() == "erased 1 addresses, 1 spam, 1 removed replies, 0 reports\n"


def test_staff_see_that_the_address_was_erased_and_still_find_the_reply_by_it(client):
    reply = put(days=365)
    client.force_login(make_user("bea", roles.SITE_MANAGERS))
    assert "r•••@e•••" in client.get(f"{LIST}{reply.pk}/change/").text
    forget()
    found = client.post(LIST, {"search": "yes", "q": "rita@example.org"}, follow=True)
    for page in (client.get(f"{LIST}{reply.pk}/change/").text, found.text):
        assert "email address erased" in page
        assert "r•••" not in page
        assert "Show the email address" not in page


# Spam


def test_spam_goes_after_thirty_days_to_the_second_and_all_that_was_noted_of_it():
    due, young = put(days=30, status="spam"), put(days=30, by=A_SECOND, status="spam")
    Decision.objects.create(comment=due, before="pending", after="spam", text_version=1, reason="sells pills")
    Report.objects.create(comment=due, reason="spam", client="x")
    look = EmailLook.objects.create(comment=due, by=make_mo())

    assert forget() == NOTHING.replace("0 spam", "1 spam")

    assert not is_there(due)
    assert is_there(young)
    assert not Decision.objects.exists()
    assert not Report.objects.exists()
    look.refresh_from_db()
    assert look.comment is None


def test_what_may_be_a_cry_for_help_is_not_deleted_as_spam_unless_a_person_decided_so():
    alone = put(days=900, status="spam", help_rank=Comment.HelpRank.URGENT, email="")
    decided = put(days=900, status="spam", help_rank=Comment.HelpRank.URGENT, decided_by=make_mo())
    watched = put(days=900, status="spam", help_rank=Comment.HelpRank.WATCH)
    assert forget() == NOTHING.replace("0 spam", "2 spam")
    assert [is_there(reply) for reply in (alone, decided, watched)] == [True, False, False]


# Removed replies


def test_a_removed_reply_goes_after_ninety_days_to_the_second():
    due, young = put(days=90, status="removed"), put(days=90, by=A_SECOND, status="removed")
    assert forget() == NOTHING.replace("0 removed", "1 removed")
    assert [is_there(reply) for reply in (due, young)] == [False, True]


@pytest.mark.parametrize("status", ["spam", "removed"])
@pytest.mark.parametrize("below", ["approved", "pending"])
def test_where_something_stands_below_that_stays_the_reply_is_emptied(client, status, below):
    post = make_post(published=timedelta(days=900))
    top = put(post, days=90, status=status, name="Canary", source="canary", website="https://canary.example/")
    link = top.get_own_url()
    answer = put(post, days=90, parent=top, status=below, name="Ben", source="That helped.")
    Decision.objects.create(comment=top, before="approved", after=status, text_version=1, reason="canary")
    Report.objects.create(comment=top, reason="hurt", words="canary", client="x")

    forget()

    top.refresh_from_db()
    assert "anary" not in str(columns())
    assert (top.status, top.email_index, top.is_withdrawn) == (status, "", False)
    assert is_there(answer)
    assert client.get(link).status_code == 404
    if below == "approved":
        page = client.get(post.get_absolute_url()).text
        assert "That helped." in page
        assert f'id="comment-{top.pk}"' in page
    assert forget() == NOTHING


def test_a_whole_thread_that_is_due_goes_at_once():
    post = make_post(published=timedelta(days=900))
    top = put(post, days=90, status="removed")
    answer = put(post, days=90, status="spam", parent=top)
    put(post, days=90, status="removed", parent=answer)
    assert forget("--dry-run") == "would erase 0 addresses, 1 spam, 2 removed replies, 0 reports\n"
    assert forget() == "erased 0 addresses, 1 spam, 2 removed replies, 0 reports\n"
    assert not Comment.objects.exists()


def test_what_its_writer_withdrew_stays_as_it_is():
    reply = put(days=900)
    changes.withdraw(reply)
    Comment.objects.update(created_at=days_ago(900))
    before = columns()
    assert forget() == NOTHING
    assert columns() == before


def test_staff_read_that_an_emptied_reply_was_erased_and_cannot_decide_it(client):
    post = make_post(published=timedelta(days=900))
    top = put(post, days=90, status="removed")
    put(post, days=1, parent=top)
    forget()
    top.refresh_from_db()
    client.force_login(make_mo())

    page = client.get(f"{LIST}{top.pk}/change/").text
    assert "It was erased because of its age" in page
    assert "Who wrote it" not in page
    assert 'name="decide"' not in page
    listed = client.get(f"{LIST}?status=all").text
    assert "answers a reply that was erased" in listed
    assert not moderation.approve(top, by=None, text_version=top.text_version)
    said = client.post(f"{LIST}{top.pk}/change/", {"decide": f"approve:{top.pk}:{top.text_version}"}, follow=True).text
    assert "This reply was erased because of its age" in said
    top.refresh_from_db()
    assert top.status == "removed"


# Reports


def test_a_report_goes_ninety_days_after_it_was_settled(clock):
    reply = put(days=1)
    Report.objects.create(comment=reply, reason="hurt", words="Rude.", client="x")
    mo = make_mo()
    settle(reply, by=mo, newest=reply.reports.latest("pk").pk, text_version=1)
    Report.objects.create(comment=reply, reason="harm", client="y")
    clock.shift(timedelta(days=90) - A_SECOND)
    assert forget() == NOTHING
    clock.shift(A_SECOND)
    assert forget() == NOTHING.replace("0 reports", "1 reports")
    assert [report.reason for report in Report.objects.all()] == ["harm"]


# The command


def make_one_of_each() -> None:
    post = make_post(published=timedelta(days=900))
    put(post, days=365)
    put(post, days=365, status="spam")
    top = put(post, days=365, status="removed")
    put(post, days=1, parent=top)
    for client, comment in (("x", top), ("y", put(post, days=1))):
        Report.objects.create(comment=comment, reason="hurt", client=client, settled_at=days_ago(90))


def test_a_dry_run_counts_the_same_and_changes_nothing():
    make_one_of_each()
    before = columns()
    counts = "1 addresses, 1 spam, 1 removed replies, 1 reports\n"
    assert forget("--dry-run") == f"would erase {counts}"
    assert columns() == before
    assert forget() == f"erased {counts}"


def test_a_second_run_does_nothing():
    make_one_of_each()
    forget()
    before = columns()
    assert forget("--dry-run") == NOTHING.replace("erased", "would erase")
    assert forget() == NOTHING
    assert columns() == before


def test_many_go_in_several_batches():
    post = make_post(published=timedelta(days=900))
    with patch("ketablog.batches.SIZE", 2):
        for _number in range(5):
            put(post, days=365)
            put(post, days=30, status="spam")
            put(post, days=90, status="removed")
        assert forget() == "erased 5 addresses, 5 spam, 5 removed replies, 0 reports\n"
    assert Comment.objects.count() == 5


def test_what_is_decided_while_it_runs_stays():
    spam, removed = put(days=30, status="spam"), put(days=90, status="removed")
    read = retention.in_batches

    def slowly(rows):
        for batch in read(rows):
            for reply in (spam, removed):
                moderation.approve(reply, by=None, text_version=1)
            yield batch

    with patch.object(retention, "in_batches", slowly):
        assert forget() == NOTHING
    assert set(Comment.objects.approved()) == {spam, removed}
    assert {reply.source for reply in Comment.objects.all()} == {"Thank you for this."}


def test_nothing_goes_where_the_settings_cannot_be_read():
    put(days=3000, status="spam")

    def away(execute, sql, params, many, context):
        if "ketablog_sitesettings" in sql:
            raise OperationalError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        forget()
    assert Comment.objects.count() == 1
