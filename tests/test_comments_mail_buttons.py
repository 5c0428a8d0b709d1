"""Deciding from a mail: a page asks once, and each link works once, for one person, for three days."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from comments import moderation
from comments.mail_buttons import links
from comments.models import Comment, Decision, Report
from comments.notifications import tell_held
from ketablog import roles
from ketablog.models import User
from tests.base import PASSWORD, make_comment, make_mo, make_person, make_post, make_site, make_user

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2027-05-01T12:00:00+00:00")
POLICY = {"rule": "policy", "points": 0, "fragment": "", "version": 1}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def mo(client):
    mo = make_mo()
    client.force_login(mo)
    return mo


@pytest.fixture
def open_site():
    return make_site(mail_buttons_without_login=True)


def make_held(source="Thank you, it helped.", **fields) -> Comment:
    post = fields.pop("post", None) or make_post("What helps")
    return make_comment(post, source, status="pending", **{"reasons": [POLICY], **fields})


def addresses(mail) -> dict[str, str]:
    """The links to decide, by their labels."""
    return dict(re.findall(r"^(\w[\w ]*):\nhttp://testserver(/moderate/\S+)$", mail.body, re.MULTILINE))


def address(comment: Comment, user: User, verb: str = "approve") -> str:
    return next(link.path for link in links.offered(comment, user) if link.verb == verb)


def status_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


def test_the_mail_has_a_link_for_each_decision_and_one_press_decides(client, mo, mails):
    comment = make_held()
    tell_held(comment)
    (mail,) = mails()
    found = addresses(mail)
    assert list(found) == ["Approve", "Mark as spam", "Remove"]
    assert "Each link asks once, works once, and lasts three days" in mail.body

    page = client.get(found["Approve"])

    assert page.status_code == 200
    assert "Approve this reply?" in page.text
    assert "Thank you, it helped." in page.text
    assert "<bdi>What helps</bdi>" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert status_of(comment) == "pending"

    done = client.post(found["Approve"], follow=True)

    assert done.redirect_chain == [(found["Approve"], 303)]
    assert "Approved: readers of the article see it now." in done.text
    assert status_of(comment) == "approved"
    decision = Decision.objects.get()
    assert (decision.by, decision.before, decision.after) == (mo, "pending", "approved")


@pytest.mark.parametrize(("verb", "after"), [("approve", "approved"), ("spam", "spam"), ("remove", "removed")])
def test_each_verb_does_what_it_says(client, mo, verb, after):
    comment = make_held()
    client.post(address(comment, mo, verb))
    assert status_of(comment) == after


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_decides_nothing_however_often(client, mo, method):
    comment = make_held()
    for verb in ("approve", "spam", "remove"):
        for _time in range(3):
            assert getattr(client, method)(address(comment, mo, verb)).status_code == 200
    assert status_of(comment) == "pending"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused_in_words(client, mo, method):
    response = getattr(client, method)(address(make_held(), mo))
    assert response.status_code == 405
    assert "opened with its link" in response.text


def test_who_is_not_signed_in_does_so_first_and_comes_back(mo):
    comment, client = make_held(source="CANARY"), Client()
    link = address(comment, mo)
    assert "CANARY" not in client.get(link, follow=True).text
    response = client.post(link)
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/?next=/moderate/")
    assert status_of(comment) == "pending"
    back = client.post(response.url, {"username": "mo", "password": PASSWORD}, follow=True)
    assert back.redirect_chain[-1][0] == link
    assert "CANARY" in back.text
    client.post(link)
    assert status_of(comment) == "approved"


def test_without_signing_in_the_text_is_not_shown_and_the_button_works_where_the_site_says_so(mo, open_site):
    comment, client = make_held(source="CANARY", name="CANARY"), Client()
    page = client.get(address(comment, mo)).text
    assert "CANARY" not in page
    assert "You are not signed in, so its text is not shown here." in page
    client.post(address(comment, mo))
    assert status_of(comment) == "approved"
    assert Decision.objects.get().by == mo
    assert client.cookies == {}


def test_a_link_works_once_even_where_the_reply_waits_again(client, mo):
    comment = make_held()
    link = address(comment, mo)
    client.post(link)
    assert client.post(link).status_code == 409
    comment.refresh_from_db()
    moderation.restore(comment, by=mo, text_version=1)
    for response, status in ((client.get(link), 410), (client.post(link), 409)):
        assert response.status_code == status
        assert "This reply was decided about since the mail, and waits again." in response.text
    assert status_of(comment) == "pending"


def test_a_link_lasts_three_days(client, mo, clock):
    comment = make_held()
    link = address(comment, mo)
    clock.shift(timedelta(days=3))
    assert client.get(link).status_code == 200
    clock.shift(timedelta(seconds=1))
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 404
        assert "This link no longer works: it lasts three days." in response.text
    assert status_of(comment) == "pending"


def test_a_link_is_for_the_text_that_was_there(client, mo):
    comment = make_held()
    link = address(comment, mo)
    Comment.objects.filter(pk=comment.pk).update(text_version=2, source="Something else.")
    assert client.get(link).status_code == 410
    response = client.post(link)
    assert response.status_code == 409
    assert "The text was changed after you opened this page" in response.text
    assert status_of(comment) == "pending"


def test_who_comes_second_hears_who_decided_what(client, mo):
    comment = make_held()
    link = address(comment, mo)
    moderation.spam(comment, by=make_user("pat", roles.MODERATORS, first_name="Pat"), text_version=1)
    assert client.post(link).status_code == 409
    assert status_of(comment) == "spam"
    other = make_held(post=make_post())
    link = address(other, mo)
    moderation.approve(other, by=User.objects.get(username="pat"), text_version=1)
    assert "Pat already approved this reply" in client.get(link).text


def test_a_link_is_for_one_person(client, mo, open_site):
    comment = make_held()
    link = address(comment, mo)
    client.force_login(make_user("pat", roles.MODERATORS))
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 403
        assert "This link was sent to a colleague." in response.text
    assert status_of(comment) == "pending"


@pytest.mark.parametrize("change", ["inactive", "no group"])
def test_who_may_no_longer_decide_has_dead_links(mo, open_site, change):
    comment = make_held()
    link = address(comment, mo)
    if change == "inactive":
        User.objects.filter(pk=mo.pk).update(is_active=False)
    else:
        mo.groups.clear()
    assert Client().post(link).status_code == 404
    assert status_of(comment) == "pending"


def test_a_forged_link_opens_nothing(client, mo, open_site):
    comment = make_held()
    link = address(comment, mo)
    for forged in (link[:-2] + "/", "/moderate/x/", "/moderate/W10:x:y/", link.replace("/moderate/", "/moderate/x")):
        assert client.get(forged).status_code == 404
        assert client.post(forged).status_code == 404


def test_another_site_cannot_press_the_button(client, mo):
    comment = make_held()
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post(address(comment, mo), headers=headers).status_code == 403
    assert status_of(comment) == "pending"


def test_what_may_be_a_cry_for_help_has_no_button_and_a_link_from_before_does_nothing(client, mo, mails):
    urgent = make_held(help_rank=2)
    tell_held(urgent)
    assert "/moderate/" not in mails()[0].body
    comment = make_held()
    made = [address(comment, mo, verb) for verb in ("approve", "spam", "remove")]
    Comment.objects.filter(pk=comment.pk).update(help_rank=2)
    for link in made:
        assert "This may be a cry for help" in client.get(link).text
        assert client.post(link).status_code == 409
    assert status_of(comment) == "pending"


def test_what_was_reported_since_is_decided_on_the_desk(client, mo):
    comment = make_held()
    link = address(comment, mo)
    Report.objects.create(comment=comment, reason="harm", client="x")
    assert links.offered(comment, mo) == []
    response = client.post(link)
    assert response.status_code == 409
    assert "A reader reported this reply" in response.text
    assert f"/admin/comments/comment/{comment.pk}/change/" in response.text


def test_what_holds_personal_data_is_not_approved_by_a_link(client, mo):
    comment = make_held("Call me on +1 212 555 0187 please.")
    assert [link.verb for link in links.offered(comment, mo)] == ["spam", "remove"]
    forged = links.Link("approve", comment.pk, mo.pk, 1, 0).path
    response = client.post(forged)
    assert response.status_code == 409
    assert "It seems to hold" in response.text
    assert status_of(comment) == "pending"


def test_a_writer_who_may_not_decide_gets_no_buttons(mails):
    ada = make_user("ada", roles.WRITERS)
    tell_held(make_held(post=make_post(writer=make_person(user=ada))))
    (mail,) = mails()
    assert "/moderate/" not in mail.body


def test_a_reply_that_was_deleted_is_told_of(client, mo):
    comment = make_held(created_at=timezone.now())
    link = address(comment, mo)
    comment.delete()
    for response, status in ((client.get(link), 410), (client.post(link), 409)):
        assert response.status_code == status
        assert "This reply is no longer there" in response.text
