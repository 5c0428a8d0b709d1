"""Readers report a reply without an account: three hold it for staff, and nothing tells who they were."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from comments import moderation
from comments.models import Comment, Decision, Report
from comments.own import changes
from comments.reports import taking
from ketablog import roles
from ketablog.secrets import form_token
from ketablog.site import ModerationPolicy, current
from posts.models import Post
from tests.base import make_comment, make_mo, make_post, make_site, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"


@pytest.fixture
def comment():
    return make_comment(make_post(slug="sleep"), "Take twice the dose.", name="Sam")


def report(client, comment, number: int = 1, **fields):
    """A report by the reader with this number."""
    data = {"reason": "harm", "words": "", "token": form_token(comment.post_id), **fields}
    headers = {"REMOTE_ADDR": f"192.0.2.{number}", "HTTP_SEC_FETCH_SITE": "same-origin"}
    return client.post(f"/comments/{comment.pk}/report/", data, **headers)


def status_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


# The form


def test_each_public_reply_has_a_link_to_report_it_also_where_replies_are_closed(client, comment):
    make_site(replies_open=False)
    text = client.get("/posts/sleep/").text
    assert f'href="/comments/{comment.pk}/report/">Report<span class="unseen"> the reply by Sam</span>' in text
    assert "reply-link" not in text


def test_the_form_shows_the_reply_and_is_the_same_for_everybody(client, comment):
    response = client.get(f"/comments/{comment.pk}/report/")
    assert response.status_code == 200
    assert "Take twice the dose." in response.text
    assert "I am worried about this person" in response.text
    assert 'href="tel:988"' in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    client.force_login(make_mo())
    assert client.get(f"/comments/{comment.pk}/report/").content == response.content


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_what_is_not_public_cannot_be_reported(client, comment, status):
    Comment.objects.update(status=status)
    for response in (client.get(f"/comments/{comment.pk}/report/"), report(client, comment)):
        assert response.status_code == 404
        assert "nothing to report" in response.text
    assert "Report<" not in client.get("/posts/sleep/").text
    assert not Report.objects.exists()


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_reply_that_there_is_not_cannot_be_reported(client, number):
    assert client.get(f"/comments/{number}/report/").status_code == 404


def test_a_report_is_kept_and_thanked_for_and_changes_nothing_to_see(client, comment):
    before = client.get("/posts/sleep/").text
    response = report(client, comment, words=" Dangerous!\r\nReally. ")
    assert response.status_code == 303
    assert response["Location"] == "/posts/sleep/reported/"
    thanks = client.get(response["Location"])
    assert "Your report is with the moderators." in thanks.text
    assert thanks["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    stored = Report.objects.get()
    assert (stored.comment, stored.reason, stored.words) == (comment, "harm", "Dangerous!\nReally.")
    assert status_of(comment) == "approved"
    assert client.get("/posts/sleep/").text == before


def test_the_thanks_of_an_article_that_is_not_public_are_not_found(client):
    make_post(slug="draft", published=None)
    assert client.get("/posts/draft/reported/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "Choose what is wrong with it"),
        ({"reason": "revenge"}, "Choose one of the reasons in the list."),
        ({"words": "x" * 501}, "This is 1 character too long; up to 500 fit."),
    ],
)
def test_a_wrong_field_comes_back_with_what_was_typed(client, comment, fields, sentence):
    response = report(client, comment, **{"words": "my words", **fields})
    assert response.status_code == 422
    assert sentence in response.text
    assert fields.get("words", "my words") in response.text
    assert "private" in response["Cache-Control"]
    assert not Report.objects.exists()


def test_a_form_from_elsewhere_or_too_old_comes_back_filled_and_can_be_sent(client, comment):
    data = {"reason": "hurt", "words": "my words", "token": form_token(comment.post_id)}
    address = f"/comments/{comment.pk}/report/"
    elsewhere = client.post(address, data, headers={"Sec-Fetch-Site": "cross-site"})
    old = client.post(address, {**data, "token": "0" * 64}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (elsewhere.status_code, old.status_code) == (403, 422)
    assert "came from another site" in elsewhere.text
    assert "open for a long time" in old.text
    for response in (elsewhere, old):
        assert "my words" in response.text
        assert '<option value="hurt" selected>' in response.text
        assert form_token(comment.post_id) in response.text
    assert not Report.objects.exists()


def test_a_body_that_cannot_be_read_and_a_wrong_method_are_sentences(client, comment):
    address = f"/comments/{comment.pk}/report/"
    assert client.post(address, "{}", content_type="application/json").status_code == 400
    assert client.post(address, {"words": "x" * 600_000}).status_code == 413
    response = client.put(address)
    assert response.status_code == 405
    assert "Reports are sent with the form" in response.text


def test_too_many_reports_of_one_network_wait(client):
    comments = [make_comment(make_post()) for _ in range(6)]
    answers = [report(client, comment, words="mine") for comment in comments]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) <= 60
    assert "mine" in answers[-1].text


def test_a_database_that_fails_loses_nothing(client, comment, monkeypatch):
    def fail(*args):
        raise DatabaseError

    monkeypatch.setattr(taking, "_receive", fail)
    response = report(client, comment, words="my words")
    assert response.status_code == 503
    assert "could not be saved" in response.text
    assert "my words" in response.text


def test_nothing_is_kept_of_who_reported(client, comment):
    other = make_comment(comment.post)
    report(client, comment, words="words")
    report(client, other)
    rows = list(Report.objects.values())
    assert "192.0.2.1" not in str(rows)
    assert rows[0]["client"] != rows[1]["client"]
    assert set(rows[0]) == {"id", "comment_id", "reason", "words", "client", "text_version", "at", "settled_at"}


# What reports lead to


def test_the_same_reader_counts_once_a_day(client, comment):
    for _ in range(3):
        assert report(client, comment).status_code == 303
    assert Report.objects.count() == 1
    assert status_of(comment) == "approved"


def test_three_readers_hold_a_reply_and_moderators_are_told(client, comment, mails):
    make_mo()
    for number in (1, 2):
        report(client, comment, number)
    assert status_of(comment) == "approved"
    report(client, comment, 3)

    held = Comment.objects.get(pk=comment.pk)
    assert held.status == "pending"
    assert [reason["rule"] for reason in held.reasons] == ["reported"]
    decision = Decision.objects.get()
    assert (decision.before, decision.after, decision.by) == ("approved", "pending", None)
    assert "Take twice the dose." not in client.get("/posts/sleep/").text
    (message,) = mails()
    assert "A reply waits" in message.subject
    assert "- Readers reported it." in message.body
    assert "Take twice" not in message.body


def approve(comment: Comment) -> None:
    """A moderator read the reply and all that was reported of it."""
    comment.refresh_from_db()
    newest = max(comment.reports.values_list("pk", flat=True))
    assert moderation.approve(comment, by=None, text_version=comment.text_version, newest_report=newest)


def change(comment: Comment) -> None:
    """Its writer changes the text, which stays public."""
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    comment.refresh_from_db()
    version = comment.text_version
    text = f"Take {version} times the dose."
    assert changes.edit(comment, source=text, name="Sam", text_version=version, site_settings=current())


def test_a_text_that_staff_approved_although_it_was_reported_stays_and_new_reports_tell_them(client, comment, mails):
    for number in (1, 2, 3):
        report(client, comment, number)
    approve(comment)
    assert not Report.objects.unsettled().exists()
    make_mo()
    for number in (4, 5):
        report(client, comment, number)
    assert mails() == []
    report(client, comment, 6)
    assert status_of(comment) == "approved"
    assert [mail.subject.partition(" under")[0] for mail in mails()] == ["Readers reported a reply"]


def test_a_later_text_is_held_by_three_reports_again(client, comment):
    for number in (1, 2, 3):
        report(client, comment, number)
    approve(comment)
    change(comment)
    for number in (4, 5, 6):
        assert status_of(comment) == "approved"
        report(client, comment, number)
    held = Comment.objects.get(pk=comment.pk)
    assert (held.status, held.text_version) == ("pending", 2)
    assert [reason["rule"] for reason in held.reasons] == ["reported"]


def test_staff_who_approve_without_having_seen_the_reports_settle_none(client, comment):
    for number in (1, 2, 3):
        report(client, comment, number)
    comment.refresh_from_db()
    moderation.approve(comment, by=None, text_version=1)
    assert Report.objects.unsettled().count() == 3
    report(client, comment, 4)
    assert status_of(comment) == "pending"


def test_who_reported_one_text_can_report_the_next_but_counts_once(client, comment):
    report(client, comment)
    for _ in range(2):
        change(comment)
        report(client, comment)
        report(client, comment)
    assert [stored.text_version for stored in Report.objects.order_by("pk")] == [1, 2, 3]
    assert status_of(comment) == "approved"
    report(client, comment, 2)
    assert status_of(comment) == "approved"
    report(client, comment, 3)
    assert status_of(comment) == "pending"


def test_a_report_is_about_the_text_that_the_reader_saw(client, comment):
    assert 'name="version" value="1"' in client.get(f"/comments/{comment.pk}/report/").text
    change(comment)
    assert 'name="version" value="2"' in client.get(f"/comments/{comment.pk}/report/").text
    for number, version in enumerate(["1", "2", "3", "", "0", "x", "9" * 40], start=1):
        other = make_comment(comment.post, text_version=2)
        report(client, other, number, version=version)
    assert [stored.text_version for stored in Report.objects.order_by("pk")] == [1, 2, 2, 2, 2, 2, 2]
    report(client, comment, 9, version="1")
    client.force_login(make_mo())
    assert "of an earlier text" in client.get(f"{LIST}{comment.pk}/change/").text


def test_a_reader_who_reported_yesterday_counts_today(client, comment, monkeypatch):
    today = timezone.now().date()
    for days in range(3):
        monkeypatch.setattr("ketablog.secrets._today", lambda day=today - timedelta(days): day)
        report(client, comment)
    assert status_of(comment) == "pending"


def test_what_staff_wrote_is_never_taken_down_by_reports_and_moderators_are_told_once(client, mails):
    mo = make_mo()
    comment = make_comment(make_post(slug="sleep"), "A word of the clinic.", user=make_user("grace"))
    for number in (1, 2, 3, 4):
        report(client, comment, number)
    assert status_of(comment) == "approved"
    assert Report.objects.unsettled().count() == 4
    (message,) = mails()
    assert message.to == [mo.email]
    assert "Readers reported a reply under" in message.subject
    assert f"http://testserver/admin/comments/comment/{comment.pk}/change/" in message.body


def test_worry_about_a_person_tells_moderators_at_once_and_keeps_watch(client, comment, mails):
    make_mo()
    report(client, comment, reason="worry", words="She wrote goodbye, CANARY")
    assert Comment.objects.get(pk=comment.pk).help_rank == Comment.HelpRank.WATCH
    assert status_of(comment) == "approved"
    (message,) = mails()
    assert message.subject.startswith("Please look soon: a reader is worried")
    assert "- I am worried about this person" in message.body
    assert "CANARY" not in message.body
    assert "Sam" not in message.body
    report(client, comment, 2, reason="worry")
    assert len(mails()) == 1
    report(client, comment, 3)
    assert [reason["rule"] for reason in Comment.objects.get(pk=comment.pk).reasons] == ["reported", "worried"]


def test_worry_never_lowers_what_is_urgent(client, comment):
    Comment.objects.update(help_rank=Comment.HelpRank.URGENT)
    report(client, comment, reason="worry")
    assert Comment.objects.get(pk=comment.pk).help_rank == Comment.HelpRank.URGENT


def test_a_mail_about_reports_that_are_settled_is_not_sent(client, comment, mails):
    mo = make_mo()
    report(client, comment, reason="worry")
    taking.settle(comment, by=mo, newest=Report.objects.get().pk, text_version=1)
    assert mails() == []


def test_a_report_of_a_reply_that_is_deleted_meanwhile_is_thanked_for_and_not_kept(client, comment, monkeypatch):
    def version_seen(*_args):
        Comment.objects.all().delete()
        Post.objects.all().delete()
        return 1

    monkeypatch.setattr(taking, "_version_seen", version_seen)
    assert report(client, comment).status_code == 303
    assert not Report.objects.exists()


def test_a_report_that_comes_while_its_writer_withdraws_leaves_no_words_behind(client, comment, monkeypatch):
    def withdraw_first(*args):
        changes.withdraw(comment)

    monkeypatch.setattr(taking, "check_flood", withdraw_first)
    assert report(client, comment, reason="worry", words="She wrote: CANARY").status_code == 303
    assert not Report.objects.exists()
    assert Comment.objects.get().help_rank == Comment.HelpRank.NONE


# The desk


def test_the_desk_shows_what_was_reported_and_a_button_settles_it(client, comment):
    mo = make_mo()
    report(client, comment, words="It is <b>wrong</b>")
    client.force_login(mo)
    for address in (f"{LIST}?status=approved&reported=new", f"{LIST}{comment.pk}/change/"):
        page = client.get(address).text
        assert "1 reader reported it" in page
        assert "Its advice could harm somebody" in page
        assert "It is &lt;b&gt;wrong&lt;/b&gt;" in page
    settle = re.search(r'value="(settle:[^"]+)"', page)[1]
    page = client.post(LIST, {"mark": settle}, follow=True).text
    assert "Settled: the reply stays as it is" in page
    assert LogEntry.objects.get().change_message == "The reports of readers were settled; the reply stays."
    assert "1 reader reported it" not in client.get(f"{LIST}?status=approved").text
    assert "Sam" not in client.get(f"{LIST}?status=approved&reported=new").text
    assert "Sam" in client.get(f"{LIST}?status=approved&reported=ever").text
    assert "no reports to settle" in client.post(LIST, {"mark": settle}, follow=True).text


def test_what_is_reported_and_not_settled_has_a_tab_of_its_own_on_the_desk(client, comment):
    client.force_login(make_mo())
    tab = 'href="?status=reported"'
    assert f'{tab}>Reported <span class="desk-count">0</span>' in client.get(LIST).text
    report(client, comment, reason="worry")
    report(client, comment, 2)
    assert f'{tab}>Reported <span class="desk-count">1</span>' in client.get(LIST).text
    shown = client.get(LIST, {"status": "reported"}).text
    assert f'{tab} aria-current="page">Reported' in shown
    assert "Sam" in shown


def test_a_worry_that_came_after_the_page_was_opened_is_not_settled_unseen(client, comment, mails):
    client.force_login(make_mo())
    report(client, comment, reason="other")
    settle = re.search(r'value="(settle:[^"]+)"', client.get(f"{LIST}{comment.pk}/change/").text)[1]
    report(client, comment, 2, reason="worry")
    client.post(LIST, {"mark": settle})
    assert [report.reason for report in Report.objects.unsettled()] == ["worry"]
    assert [mail.subject.partition(":")[0] for mail in mails()] == ["Please look soon"]


@pytest.mark.parametrize("verb", ["remove", "spam"])
def test_a_worry_that_came_after_the_page_was_opened_outlives_the_decision(client, comment, mails, verb):
    client.force_login(make_mo())
    page = f"{LIST}{comment.pk}/change/"
    report(client, comment)
    decide = re.search(rf'value="({verb}:[^"]+)"', client.get(page).text)[1]
    report(client, comment, 2, reason="worry", words="She said goodbye.")
    text = client.post(page, {"decide": decide}, follow=True).text
    assert "was reported after you opened this page" in text
    assert "She said goodbye." in text
    assert "It is hurtful" not in text
    assert [stored.reason for stored in Report.objects.unsettled()] == ["worry"]
    (message,) = mails()
    assert message.subject.startswith("Please look soon: a reader is worried")
    assert "Readers no longer see it." in message.body
    settle = re.search(r'value="(settle:[^"]+)"', text)[1]
    assert "Settled" in client.post(page, {"mark": settle}, follow=True).text
    assert not Report.objects.unsettled().exists()


def test_several_decided_at_once_settle_what_stood_on_the_page(client, comment):
    client.force_login(make_mo())
    report(client, comment)
    text = client.get(f"{LIST}?status=approved").text
    version = re.search(rf'name="version-{comment.pk}" value="([^"]+)"', text)[1]
    data = {"decide_selected": "remove", "selected": comment.pk, f"version-{comment.pk}": version}
    report(client, comment, 2, reason="private")
    text = client.post(LIST, data, follow=True).text
    assert "1 reply was removed." in text
    assert f"Reply {comment.pk} was reported after you opened this page" in text
    assert [stored.reason for stored in Report.objects.unsettled()] == ["private"]


def test_reports_of_a_text_that_was_changed_meanwhile_are_not_settled(client, comment):
    client.force_login(make_mo())
    report(client, comment)
    settle = re.search(r'value="(settle:[^"]+)"', client.get(f"{LIST}{comment.pk}/change/").text)[1]
    change(comment)
    assert "its writer changed the text meanwhile" in client.post(LIST, {"mark": settle}, follow=True).text
    assert Report.objects.unsettled().exists()


def test_reports_are_listed_for_moderators_and_never_changed(client, comment):
    report(client, comment, words="look")
    stored = Report.objects.get()
    client.force_login(make_mo())
    page = client.get("/admin/comments/report/").text
    assert "look" in page
    assert stored.client not in page
    assert client.get(f"/admin/comments/report/{stored.pk}/change/").status_code == 200
    assert client.get("/admin/comments/report/add/").status_code == 403
    assert client.post(f"/admin/comments/report/{stored.pk}/delete/", {"post": "yes"}).status_code == 403
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.get("/admin/comments/report/").status_code == 403


def test_who_may_delete_a_reply_deletes_its_reports_with_it(client, comment):
    report(client, comment)
    client.force_login(make_user("boss", roles.SITE_MANAGERS))
    assert client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Report.objects.exists()


def test_a_report_needs_no_cookie_and_no_token_of_djangos(comment):
    assert report(Client(enforce_csrf_checks=True), comment).status_code == 303
