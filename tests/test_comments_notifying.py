from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments import moderation
from comments.notifications import held_mail, tell_held
from ketablog import roles
from ketablog.models import User
from tests.base import make_comment, make_mo, make_person, make_post, make_site, make_user
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db
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
    make_user("quiet", roles.MODERATORS, wants_reply_mail=False)
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

    assert message.subject == "A reply waits under “Fear & <hope>”"
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
    [{"wants_reply_mail": False}, {"is_active": False}, {"email": ""}],
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
