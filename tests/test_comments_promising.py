"""The promise of an answer, and the mails before it breaks or when one rule takes too much."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from comments import alerts, moderation
from comments.models import RuleHit
from ketablog import daily, roles
from ketablog.models import SiteSettings, User
from tests.base import make_comment, make_mo, make_post, make_site, make_user
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db
FRIDAY = datetime.fromisoformat("2027-05-07T14:00:00+00:00")  # 16:00 in Berlin
OFFICE = {
    "moderation_hours": "Mon–Fri 9:00–17:00",
    "days_off": "2027-05-10 A holiday",
    "answer_within_hours": 8,
    "time_zone": "Europe/Berlin",
}


@pytest.fixture
def clock():
    with time_machine.travel(FRIDAY, tick=False) as clock:
        yield clock


def make_held(**fields):
    post = fields.pop("post", None) or make_post()
    return make_comment(post, status="pending", **{"created_at": timezone.now(), **fields})


def subjects(mails) -> list[str]:
    alerts.watch_promise()
    return [mail.subject for mail in mails()]


# The promise


def test_the_own_page_says_by_when_somebody_will_have_looked(client, clock):
    make_site(**OFFICE)
    comment = make_held()
    page = client.get(comment.get_own_url()).text
    # An hour on Friday, seven on Tuesday.
    assert "By May 11, 2027, 4 p.m. we mean to have read yours." in page


def test_spam_is_told_the_same_and_what_is_late_is_told_nothing(client, clock):
    make_site(**OFFICE)
    comment = make_comment(make_post(), status="spam", created_at=timezone.now())
    assert "By May 11, 2027, 4 p.m." in client.get(comment.get_own_url()).text
    clock.shift(timedelta(days=5))
    assert "we mean to have read" not in client.get(comment.get_own_url()).text


def test_without_a_promise_nothing_is_said_and_nobody_is_told(client, clock, mails):
    make_mo()
    make_site(**{**OFFICE, "answer_within_hours": 0})
    comment = make_held()
    assert "we mean to have read" not in client.get(comment.get_own_url()).text
    clock.shift(timedelta(days=30))
    assert subjects(mails) == []


# Before it breaks


def test_a_mail_warns_once_while_a_quarter_of_the_time_is_left(clock, mails):
    make_mo()
    make_site(**OFFICE)
    make_held(source="CANARY", name="CANARY")
    # Six of eight hours: one on Friday, five on Tuesday.
    clock.move_to(datetime.fromisoformat("2027-05-11T13:59:00+02:00"))
    assert subjects(mails) == []
    clock.shift(timedelta(minutes=1))
    assert subjects(mails) == ["1 reply has to be decided soon"]
    (mail,) = mails()
    assert mail.to == ["mo@clinic.example"]
    assert "Since May 7, 2027, 4 p.m. the oldest one has been waiting." in mail.body
    assert "By May 11, 2027, 4 p.m. it has to be decided." in mail.body
    assert "http://testserver/admin/comments/comment/?status=pending" in mail.body
    assert "CANARY" not in mail.body
    clock.shift(timedelta(days=1))
    assert len(subjects(mails)) == 1


def test_who_comes_later_is_warned_of_later_and_all_so_far_in_one_mail(clock, mails):
    make_mo()
    make_site(answer_within_hours=4)
    make_held()
    make_held(created_at=FRIDAY - timedelta(minutes=10))
    clock.shift(timedelta(hours=3))
    make_held()
    assert subjects(mails) == ["2 replies have to be decided soon"]
    clock.shift(timedelta(hours=3))
    assert subjects(mails)[1:] == ["3 replies have to be decided soon"]
    assert "On May 7, 2027, 5:50 p.m. its time was over." in mails()[1].body


def test_what_was_decided_in_time_is_not_warned_of_and_what_waits_again_is(clock, mails):
    mo = make_mo()
    make_site(answer_within_hours=4)
    comment = make_held()
    moderation.approve(comment, by=mo, text_version=1)
    clock.shift(timedelta(hours=3))
    assert subjects(mails) == []
    moderation.restore(comment, by=mo, text_version=1)
    assert subjects(mails) == []
    clock.shift(timedelta(hours=3))
    assert len(subjects(mails)) == 1


def test_what_is_decided_before_the_mail_goes_out_is_in_none(clock, mails):
    mo = make_mo()
    make_site(answer_within_hours=4)
    comment = make_held()
    clock.shift(timedelta(hours=3))
    alerts.watch_promise()
    moderation.approve(comment, by=mo, text_version=1)
    assert mails() == []


@pytest.mark.parametrize(
    ("fields", "n"), [({"reply_mail": "daily"}, 1), ({"reply_mail": "none"}, 0), ({"is_active": False}, 0)]
)
def test_who_wants_no_mail_gets_none(clock, mails, fields, n):
    mo = make_mo()
    make_user("ada", roles.WRITERS)
    make_site(answer_within_hours=4)
    make_held()
    clock.shift(timedelta(hours=3))
    User.objects.filter(pk=mo.pk).update(**fields)
    assert len(subjects(mails)) == n


def test_the_worker_looks_four_times_an_hour(clock, mails):
    make_mo()
    make_site(answer_within_hours=4)
    make_held()
    daily.make_sure()
    run_tasks()
    for _quarter in range(12):
        clock.shift(timedelta(minutes=15))
        run_tasks()
    assert [mail.subject for mail in mails()] == ["1 reply has to be decided soon"]


# One rule


def come(n: int, rule: str = "links", outcome: str = "hold", hits: int = 0) -> None:
    post = make_post()
    for number in range(n):
        comment = make_held(post=post)
        if number < hits:
            RuleHit.objects.create(comment=comment, rule=rule, outcome=outcome, at=timezone.now())


@pytest.mark.parametrize(
    ("n", "hits", "outcome", "told"),
    [(20, 11, "hold", True), (20, 11, "spam", True), (20, 10, "hold", False), (19, 19, "hold", False),
     (20, 20, "note", False)],
)  # fmt: skip
def test_a_rule_that_takes_more_than_half_of_a_day_is_told_of(clock, mails, n, hits, outcome, told):
    make_user("gil", roles.SITE_MANAGERS)
    make_mo()
    come(n, outcome=outcome, hits=hits)
    alerts.watch_rules()
    sent = mails()
    assert [mail.to for mail in sent] == ([["gil@clinic.example"]] if told else [])
    if told:
        assert sent[0].subject == "One rule takes more than half of the replies"
        assert f"Of the 20 replies of the last 24 hours, {hits}" in sent[0].body
        assert "It has more links than most readers need." in sent[0].body


def test_it_is_told_once_a_day_for_each_rule(clock, mails):
    make_user("gil", roles.SITE_MANAGERS)
    come(20, hits=20)
    come(25, rule="advice", hits=25)
    for _quarter in range(8):
        alerts.watch_rules()
        clock.shift(timedelta(minutes=15))
    assert ["for advice" in mail.body for mail in mails()] == [True]
    clock.shift(timedelta(days=1))
    come(20, rule="advice", hits=20)
    alerts.watch_rules()
    assert len(mails()) == 2


# In the Site settings


def test_hours_that_cannot_be_read_are_refused_in_words(client, meg):
    make_site()
    form = client.get("/admin/ketablog/sitesettings/1/change/").context["adminform"].form
    data = {
        name: value
        for name, value in form.initial.items()
        if value is not None and value is not False and name != "logo"
    }
    page = client.post(
        "/admin/ketablog/sitesettings/1/change/",
        {**data, "moderation_hours": "Mon–Fri 9:00–17:00\nSat morning", "days_off": "Easter"},
    ).text
    assert "Line 2 cannot be read: Sat morning. Write a line like" in page
    assert "Line 1 cannot be read: Easter. Write a day like 2027-04-05" in page
    client.post(
        "/admin/ketablog/sitesettings/1/change/",
        {**data, "moderation_hours": "Mon–Fri 9:00–17:00", "days_off": "12-25", "answer_within_hours": 16},
    )
    assert SiteSettings.objects.get().answer_within_hours == 16
    assert SiteSettings.objects.get().hours.are_set
