"""One mail a day to those of the staff who chose it, and the others at once."""

from datetime import datetime, timedelta

import pytest
import time_machine

from comments import moderation, staff_digest
from comments.models import Report
from comments.notifications import tell_held, tell_reported
from ketablog import daily, roles
from ketablog.models import User
from tests.base import make_comment, make_person, make_post, make_user

pytestmark = pytest.mark.django_db
LINKS = {"rule": "links", "points": 3, "fragment": "https://pills.example/", "version": 1}
ADVICE = {"rule": "advice", "points": 0, "fragment": "CANARY", "version": 1}
POLICY = {"rule": "policy", "points": 0, "fragment": "", "version": 1}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.fromisoformat("2027-05-01T12:00:00+00:00"), tick=False) as clock:
        yield clock


@pytest.fixture
def dee():
    return make_user("dee", roles.MODERATORS, reply_mail="daily")


def make_held(post, **fields):
    return make_comment(post, "CANARY", name="CANARY", status="pending", **{"reasons": [POLICY], **fields})


def test_what_waits_is_one_mail_a_day_with_counts_and_reasons(dee, mails):
    post = make_post("What helps")
    for reasons in ([POLICY, LINKS], [LINKS, ADVICE], [POLICY]):
        tell_held(make_held(post, reasons=reasons))
    tell_held(make_held(make_post("Fear"), reasons=[POLICY]))
    assert mails() == []
    staff_digest.send()
    (mail,) = mails()
    assert mail.subject == "4 replies wait (links 2, asks for advice)"
    assert "- 3 under “What helps”" in mail.body
    assert "- 1 under “Fear”" in mail.body
    assert "http://testserver/admin/comments/comment/?status=pending" in mail.body
    assert "CANARY" not in mail.body


def test_what_may_be_a_cry_for_help_comes_at_once_and_stands_first_in_the_daily_mail(dee, mails):
    post = make_post("What helps")
    tell_held(make_held(post, help_rank=2))
    tell_held(make_held(post))
    assert [mail.subject for mail in mails()] == ["Urgent: a reply waits under “What helps” (2 wait)"]
    staff_digest.send()
    assert "1 of them may be a cry for help." in mails()[1].body


def test_a_worried_report_comes_at_once_and_others_with_the_day(dee, mails):
    post = make_post()
    for reason in ("harm", "worry"):
        comment = make_comment(post)
        Report.objects.create(comment=comment, reason=reason, client="x")
        tell_reported(comment)
    assert [mail.subject.partition(":")[0] for mail in mails()] == ["Please look soon"]
    staff_digest.send()
    digest = mails()[1]
    assert digest.subject == "Readers reported 2 replies"
    assert "?status=all&reported=new" in digest.body


def test_the_writer_of_an_article_hears_of_it_alone(mails):
    ada = make_user("ada", roles.WRITERS, reply_mail="daily")
    make_held(make_post("Dreams", writer=make_person(name="Ada", user=ada)))
    make_held(make_post("Fear"))
    staff_digest.send()
    (mail,) = mails()
    assert mail.subject == "1 reply waits"
    assert "Dreams" in mail.body
    assert "Fear" not in mail.body
    assert "/admin/" not in mail.body


def test_where_nothing_waits_there_is_no_mail(dee, mails):
    comment = make_held(make_post())
    staff_digest.send()
    moderation.approve(comment, by=dee, text_version=1)
    staff_digest.send()
    assert mails() == []


def test_nobody_else_gets_it(mails):
    make_user("mo", roles.MODERATORS)
    make_user("quiet", roles.MODERATORS, reply_mail="none")
    make_user("wes", roles.WRITERS, reply_mail="daily")
    gone = make_user("gone", roles.MODERATORS, reply_mail="daily")
    make_held(make_post())
    staff_digest.send()
    User.objects.filter(pk=gone.pk).update(reply_mail="none")
    assert mails() == []


def test_the_worker_sends_it_once_a_day(dee, clock, mails):
    make_held(make_post())
    daily.make_sure()
    mails()
    mails()
    assert len(mails()) == 1
    clock.shift(timedelta(days=1))
    mails()
    assert len(mails()) == 2


def test_everybody_chooses_in_the_admin(client, meg):
    dee = make_user("dee", roles.WRITERS)
    page = client.get(f"/admin/ketablog/user/{dee.pk}/change/").text
    for words in ("At once", "One mail a day", "No mails"):
        assert words in page
