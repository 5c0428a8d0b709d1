"""Notices in a real browser, without scripts and with them: from the tick in the form to the last mail."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from comments import moderation
from comments.models import Comment, NoticeAddress
from comments.notices import choosing, telling, watching
from tests.base import make_comment, make_post, make_site
from tests.queue import run_tasks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHOUT_SCRIPTS = pytest.mark.parametrize("page", [True, False], ids=["scripts", "no scripts"], indirect=True)
TICK = "Tell me by email when my reply is published and when somebody answers it"


@pytest.fixture
def post():
    make_site(name="Harbor Clinic")
    return make_post("Ketamine and sleep", slug="sleep")


@pytest.fixture
def arrived(post_office, live_server, settings, monkeypatch):
    """What has arrived, once the worker has worked; its links lead to the live server."""
    settings.SITE_URL = live_server.url
    monkeypatch.setattr(telling, "SECOND_THOUGHTS", telling.SECOND_THOUGHTS * 0)

    def work():
        run_tasks()
        return [mail for mail in post_office.taken if mail.receiver == "rita@example.org"]

    return work


def open_link(page, mail) -> None:
    """As a mail program does it: its HTML, and a press on its first link."""
    page.set_content(mail.html)
    page.get_by_role("link").first.click()


@WITHOUT_SCRIPTS
def test_a_writer_says_yes_is_told_of_an_answer_and_stops_it(page, post, arrived):
    page.goto("/posts/sleep/")
    page.get_by_role("textbox", name="Comment").fill("Does it change dreams?")
    page.get_by_role("textbox", name="Name").fill("Rita")
    page.get_by_role("textbox", name="Email").fill("rita@example.org")
    page.get_by_role("checkbox", name=TICK).check()
    page.get_by_role("button", name="Post Comment").click()
    page.locator(".held").wait_for()
    comment = Comment.objects.get()
    assert arrived() == []
    moderation.approve(comment, by=None, text_version=1)

    open_link(page, arrived()[0])
    page.get_by_role("button", name="Yes, write to me").click()
    page.get_by_text("Thank you. We write to you").wait_for()
    answer = make_comment(post, "It does.", parent=comment, email="ben@example.org", status="pending")
    moderation.approve(answer, by=None, text_version=1)
    assert len(arrived()) == 2
    open_link(page, arrived()[1])
    page.get_by_text("It does.").wait_for()
    assert page.url.endswith(f"#comment-{answer.pk}")

    page.goto(NoticeAddress.objects.get().get_absolute_url())
    page.get_by_role("button", name="Write to me once a day at most").click()
    page.get_by_text("From now on all answers of a day").wait_for()
    page.get_by_role("button", name="Never write to me again").click()
    page.get_by_text("your address is erased here").wait_for()
    assert NoticeAddress.objects.get().email_encrypted == ""
    page.get_by_role("button", name="Write to me again").click()
    page.get_by_text("Notices can reach you again.").wait_for()
    page.get_by_role("button", name="Nothing more about this one").click()
    page.get_by_text("no more mails about that reply").wait_for()
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_has_no_finding_and_does_not_scroll_sideways(page, post, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    long = make_post("W" * 150)
    addresses = ["/posts/sleep/"]
    for name in ("unconfirmed", "each", "daily", "stopped", "left"):
        for article in (post, long):
            comment = make_comment(
                article, email=f"{name}@example.org", status="pending" if article == post else "approved"
            )
            watching.begin(comment)
            addresses.append(comment.get_own_url())
        row = comment.watch.address
        if name != "unconfirmed":
            choosing.confirm(row)
        if name == "daily":
            choosing.set_pace(row, NoticeAddress.Pace.DAILY)
        if name == "stopped":
            choosing.stop(row)
        if name == "left":
            row.watches.all().delete()
        addresses.append(f"{row.get_absolute_url()}?done={'confirm' if name == 'each' else ''}")
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        results = Axe().run(page, options=options)
        assert results.violations_count == 0, results.generate_report()
