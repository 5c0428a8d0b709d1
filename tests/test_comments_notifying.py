from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments import moderation
from comments.models import Report
from comments.notifications import Kind, held_mail, listeners, tell_held, tell_reported
from ketablog import roles
from ketablog.counters import take_turn, with_turns
from ketablog.models import User
from posts.models import Post
from tests.base import make_comment, make_mo, make_person, make_post, make_site, make_user
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db
A_SECOND = timedelta(seconds=1)
POLICY = {"rule": "policy", "points": 0, "fragment": "", "version": 1}
LINKS = {"rule": "links", "points": 3, "fragment": "https://pills.example/", "version": 1}
HELP = {"rule": "help", "points": 0, "fragment": "", "version": 1}


def make_held(post=None, **fields):
    return make_comment(post or make_post("What helps"), status="pending", **{"reasons": [POLICY], **fields})


def recipients(sent) -> list[str]:
    return sorted(address for message in sent for address in message.to)


def test_who_may_decide_is_told_once_and_nobody_else(mails):
    make_mo()
    make_user("boss", roles.MODERATORS, roles.SITE_MANAGERS)
    make_user("root", is_superuser=True)
    direct = make_user("direct")
    direct.user_permissions.add(Permission.objects.get(codename="change_comment"))
    make_user("writer", roles.WRITERS)
    make_user("quiet", roles.MODERATORS, reply_mail="none")
    make_user("gone", roles.MODERATORS, is_active=False)
    make_user("nowhere", roles.MODERATORS, email="")

    tell_held(make_held())

    assert recipients(mails()) == [f"{name}@clinic.example" for name in ("boss", "direct", "mo", "root")]


def test_the_writer_of_the_article_is_told_without_a_way_to_decide(mails):
    ada = make_user("ada", roles.WRITERS)
    tell_held(make_held(make_post("What helps", writer=make_person(user=ada))))
    (message,) = mails()
    assert message.to == ["ada@clinic.example"]
    assert "/admin/" not in message.body
    assert "http://testserver/posts/what-helps/" in message.body


def test_a_writer_who_moderates_too_is_told_once(mails):
    mo = make_mo()
    tell_held(make_held(make_post(writer=make_person(user=mo))))
    assert recipients(mails()) == ["mo@clinic.example"]


def test_who_wrote_the_reply_is_not_told(mails):
    tell_held(make_held(user=make_mo()))
    assert mails() == []


def test_the_mail_says_where_since_when_why_and_how_many(mails):
    make_mo()
    make_site(name="Harbor Clinic")
    post = make_post("Fear & <hope>")
    make_held(post)
    written = (timezone.now() - timedelta(hours=2)).replace(minute=7)
    tell_held(make_held(post, reasons=[POLICY, LINKS], created_at=written))

    (message,) = mails()

    assert message.subject == "A reply waits under “Fear & <hope>” (2 wait; links)"
    assert ":07" in message.body
    assert "- Every reply waits for a moderator." in message.body
    assert "- It has more links than most readers need." in message.body
    assert "2 replies wait in all." in message.body
    assert "http://testserver/admin/comments/comment/?status=pending" in message.body
    assert "Harbor Clinic" in message.body


def test_the_mail_and_its_task_hold_nothing_of_the_reader(mails):
    make_mo()
    tell_held(
        make_held(
            source="CANARYTEXT", name="CANARYNAME", email="canary@example.org", website="https://canary.example/",
            reasons=[LINKS],
        )
    )  # fmt: skip
    stored = str(list(DBTaskResult.objects.values()))
    (message,) = mails()
    for held in (stored, message.message().as_string()):
        assert "canary" not in held.lower()
        assert "pills.example" not in held


def test_an_urgent_reply_says_so_first(mails):
    make_mo()
    tell_held(make_held(help_rank=2, reasons=[HELP, POLICY]))
    (message,) = mails()
    assert message.subject == "Urgent: a reply waits under “What helps”"
    assert message.body.startswith("It may be a cry for help.")


def test_an_article_title_of_two_lines_does_not_break_the_subject(mails):
    make_mo()
    tell_held(make_held(make_post("What\nBcc: all@example.org helps")))
    (message,) = mails()
    assert message.subject == "A reply waits under “What Bcc: all@example.org helps”"
    assert message.recipients() == ["mo@clinic.example"]


def test_no_mail_goes_out_once_the_reply_was_decided(mails):
    mo = make_mo()
    comment = make_held()
    tell_held(comment)
    moderation.approve(comment, by=mo, text_version=1)
    assert mails() == []


def test_no_mail_goes_out_for_a_reply_that_was_deleted(mails):
    make_mo()
    comment = make_held()
    tell_held(comment)
    comment.delete()
    assert mails() == []


@pytest.mark.parametrize(
    "change",
    [{"reply_mail": "none"}, {"is_active": False}, {"email": ""}],
    ids=["unwanted", "inactive", "no address"],
)
def test_no_mail_goes_to_who_no_longer_hears(change):
    mo = make_mo()
    comment = make_held()
    User.objects.filter(pk=mo.pk).update(**change)
    assert held_mail(comment.pk, mo.pk) is None


def test_no_mail_goes_to_who_may_no_longer_decide():
    mo = make_mo()
    comment = make_held()
    mo.groups.clear()
    assert held_mail(comment.pk, mo.pk) is None


def test_a_mail_is_in_the_language_of_the_site_with_its_time(mails):
    make_mo()
    make_site(time_zone="America/New_York")
    tell_held(make_held(created_at=timezone.now().replace(year=2026, month=1, day=2, hour=15, minute=30)))
    run_tasks()
    (message,) = mails()
    assert "Jan. 2, 2026, 10:30 a.m." in message.body


def test_a_reason_without_words_is_told_by_its_name(mails):
    make_mo()
    tell_held(make_held(reasons=[{**POLICY, "rule": "new_rule"}]))
    (message,) = mails()
    assert "- new_rule" in message.body


# Many at once


@pytest.fixture
def clock():
    with time_machine.travel(datetime.fromisoformat("2027-05-01T12:00:00+00:00"), tick=False) as clock:
        yield clock


@pytest.fixture
def come(clock):
    """A reply that waits comes a second after the last one, and is told of."""
    posts: dict[str, Post] = {}

    def come(title="What helps", **fields):
        clock.shift(A_SECOND)
        posts.setdefault(title, Post.objects.filter(title=title).first() or make_post(title))
        comment = make_held(posts[title], created_at=timezone.now(), **fields)
        clock.shift(timedelta(milliseconds=1))
        tell_held(comment)
        return comment

    return come


def test_the_first_is_told_at_once_and_those_of_the_next_five_minutes_in_one_mail(come, clock, mails):
    make_mo()
    come()
    assert [mail.subject for mail in mails()] == ["A reply waits under “What helps”"]
    for _ in range(3):
        come("What <helps>")
    come()
    assert len(mails()) == 1
    clock.shift(timedelta(minutes=5))
    _first, burst = mails()
    assert burst.subject == "4 more replies wait"
    assert "since we last told you (May 1, 2027, noon)" in burst.body
    assert "- 3 under “What <helps>”" in burst.body
    assert "- 1 under “What helps”" in burst.body
    assert "/admin/comments/comment/?status=pending" in burst.body
    assert "Rita" not in burst.body


def test_a_flood_of_cries_for_help_is_a_mail_in_five_minutes_and_goes_before_all_else(come, clock, mails):
    make_mo()
    come()
    come(help_rank=2)
    assert [mail.subject.partition(":")[0] for mail in mails()] == [
        "A reply waits under “What helps” (2 wait)",
        "Urgent",
    ]
    for _ in range(20):
        for _ in range(5):
            come(help_rank=2)
        mails()
        clock.shift(timedelta(seconds=55))
    clock.shift(timedelta(minutes=5))
    urgent = [mail.subject for mail in mails()[1:]]
    assert urgent[0] == "Urgent: a reply waits under “What helps” (2 wait)"
    assert urgent[1] == "Urgent: 30 more replies wait"
    # Twenty minutes.
    assert len(urgent) == 1 + 4


def test_each_hears_on_their_own_and_of_nothing_that_is_not_theirs(come, clock, mails):
    ada = make_user("ada", roles.WRITERS)
    make_post("Dreams", writer=make_person(name="Ada", user=ada))
    come("Dreams")
    make_mo()
    come("Dreams")
    come("Dreams", user=ada)
    come("Fear")
    clock.shift(timedelta(minutes=5))
    subjects = sorted((mail.to[0].partition("@")[0], mail.subject) for mail in mails())
    assert subjects == [
        ("ada", "A reply waits under “Dreams” (4 wait)"),
        ("ada", "A reply waits under “Dreams” (4 wait)"),
        ("mo", "2 more replies wait"),
        ("mo", "A reply waits under “Dreams” (4 wait)"),
    ]


def test_one_alone_after_the_first_is_told_as_the_first_was(come, clock, mails):
    make_mo()
    come()
    mails()
    come("Fear")
    clock.shift(timedelta(minutes=5))
    assert [mail.subject for mail in mails()] == [
        "A reply waits under “What helps”",
        "A reply waits under “Fear” (2 wait)",
    ]


def test_what_was_decided_meanwhile_is_not_told_and_what_waits_still_is(come, clock, mails):
    mo = make_mo()
    come()
    mails()
    told, later, last = come("Told"), come("Later"), come("Last")
    for comment in (told, last):
        moderation.approve(comment, by=mo, text_version=1)
    clock.shift(timedelta(minutes=5))
    assert [mail.subject for mail in mails()[1:]] == ["A reply waits under “Later” (2 wait)"]
    come()
    moderation.approve(later, by=mo, text_version=1)
    assert len(mails()) == 2


def test_nothing_more_is_sent_to_who_no_longer_wants_it_or_where_all_is_decided(come, clock, mails):
    mo = make_mo()
    come()
    mails()
    comments = [come(), come()]
    User.objects.update(reply_mail="none")
    clock.shift(timedelta(minutes=5))
    assert len(mails()) == 1
    User.objects.update(reply_mail="at_once")
    comments += [come(), come(), come()]
    for comment in comments:
        moderation.approve(comment, by=mo, text_version=1)
    clock.shift(timedelta(minutes=5))
    assert [mail.subject for mail in mails()[1:]] == []


@pytest.mark.parametrize(
    ("reason", "first", "later"),
    [
        (
            "worry",
            "Please look soon: a reader is worried",
            "Please look soon: readers are worried about who wrote 3 more",
        ),
        ("harm", "Readers reported a reply under", "Readers reported 3 more replies"),
    ],
)
def test_a_flood_of_reports_is_a_mail_in_five_minutes_too(clock, mails, reason, first, later):
    make_mo()
    post = make_post("What helps")
    for number in range(4):
        clock.shift(A_SECOND)
        comment = make_comment(post, user=make_user(f"doctor{number}"))
        Report.objects.create(comment=comment, reason=reason, client="x", words="CANARY")
        clock.shift(timedelta(milliseconds=1))
        tell_reported(comment)
    assert [mail.subject.startswith(first) for mail in mails()] == [True]
    clock.shift(timedelta(minutes=5))
    _first, burst = mails()
    assert burst.subject.startswith(later)
    assert "- 3 under “What helps”" in burst.body
    assert "/admin/comments/comment/?status=all&reported=new" in burst.body
    assert "CANARY" not in burst.body


def test_turns_are_given_one_after_the_other_with_a_pause_between():
    start, pause = datetime.fromisoformat("2027-05-01T12:00:00+00:00"), timedelta(minutes=5)
    turns = [take_turn("x", pause, now=start + timedelta(minutes=minutes)) for minutes in (0, 0, 1, 4, 5, 6, 12, 30)]
    minutes = [turn and (turn - start) // timedelta(minutes=1) for turn in turns]
    assert minutes == [0, 5, None, None, 10, None, 15, 30]
    assert take_turn("y", pause, now=start) == start


def test_what_is_told_later_anyway_is_known_at_once():
    now, pause = datetime.fromisoformat("2027-05-01T12:00:00+00:00"), timedelta(minutes=5)
    assert with_turns(["x", "y"], pause, now=now) == ["x", "y"]
    for _time in range(2):
        take_turn("x", pause, now=now)
        take_turn("y", pause, now=now - pause)
    assert with_turns(["x", "y"], pause, now=now) == ["y"]
    assert take_turn("x", pause, now=now) is None


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("reply_mail", ["at_once", "daily", "none"])
@pytest.mark.parametrize("kind", [Kind.HELD, Kind.URGENT])
def test_who_hears_of_a_reply(kind, reply_mail, is_active):
    fields = {"is_active": is_active, "reply_mail": reply_mail}
    make_user("nowhere", roles.MODERATORS, **fields, email="")
    direct = make_user("direct", **fields)
    direct.user_permissions.add(Permission.objects.get(codename="change_comment"))
    named = [make_user("mo", roles.MODERATORS, **fields), make_user("root", is_superuser=True, **fields), direct]
    writer = make_user("writer", roles.WRITERS, **fields)
    make_user("other", roles.WRITERS, **fields)
    post = make_post(writer=make_person(user=writer))
    hears = is_active and (reply_mail == "at_once" or (reply_mail == "daily" and kind == Kind.URGENT))
    assert set(listeners(make_held(post), kind)) == ({*named, writer} if hears else set())
    own = make_held(post, user=direct)
    assert direct not in listeners(own, kind)
