"""The main job in a real browser: a reader replies, a moderator lets it through, the next reader sees it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from comments.models import Comment
from tests.base import PASSWORD, make_comment, make_mo, make_post, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHOUT_SCRIPTS = pytest.mark.parametrize("page", [True, False], ids=["scripts", "no scripts"], indirect=True)


@pytest.fixture
def post():
    make_site(name="Harbor Clinic")
    return make_post("Ketamine and sleep", slug="sleep", body="<h2>Night</h2><p>What we know.</p>")


def fill(page, text: str) -> None:
    page.get_by_role("textbox", name="Comment").fill(text)
    page.get_by_role("textbox", name="Name").fill("Rita")
    page.get_by_role("textbox", name="Email").fill("rita@example.org")


@WITHOUT_SCRIPTS
def test_a_reply_goes_from_the_reader_over_the_moderator_to_the_next_reader(page, post):
    make_mo()
    page.goto("/posts/sleep/")
    fill(page, "Does it change dreams?")
    page.get_by_role("button", name="Post Comment").click()
    page.locator(".held").wait_for()
    assert page.get_by_text("Does it change dreams?").is_visible()
    comment = Comment.objects.get()
    assert comment.status == "pending"

    page.goto("/posts/sleep/")
    assert page.get_by_text("Does it change dreams?").count() == 0

    page.goto("/admin/comments/comment/")
    page.get_by_label("Username").fill("mo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator(".desk-card").get_by_role("button", name="Approve").click()
    page.locator(".messagelist").wait_for()
    comment.refresh_from_db()
    assert (comment.status, comment.decided_by.username) == ("approved", "mo")

    page.context.clear_cookies()
    page.goto("/posts/sleep/")
    assert page.get_by_text("Does it change dreams?").is_visible()
    assert page.get_by_role("heading", name="One reply").is_visible()


@WITHOUT_SCRIPTS
def test_answering_a_reply_says_whom_and_keeps_the_place(page, post):
    parent = make_comment(post, "What about sleep?", name="Nora")
    page.goto("/posts/sleep/")
    page.get_by_role("link", name=re.compile("Reply")).first.click()
    page.get_by_role("heading", name="Leave a Reply to Nora").wait_for()
    fill(page, "I slept well.")
    page.get_by_role("button", name="Post Comment").click()
    page.locator(".held").wait_for()
    assert Comment.objects.get(source="I slept well.").parent == parent


def test_reply_moves_the_form_and_cancel_brings_it_and_the_focus_back(page, post):
    make_comment(post, "What about sleep?", name="Nora")
    page.goto("/posts/sleep/")
    page.get_by_role("link", name=re.compile("Reply")).first.click()
    assert page.evaluate("document.activeElement.name") == "comment"
    page.get_by_role("button", name="Cancel reply").click()
    assert page.evaluate("document.activeElement.textContent").strip().startswith("Reply")
    assert page.locator("input[name=parent]").input_value() == ""
    page.get_by_role("heading", name="Leave a Reply", exact=True).wait_for()


@WITHOUT_SCRIPTS
def test_a_mistake_keeps_every_word_and_says_where_it_is(page, post):
    page.expected_complaints.append("422")
    page.goto("/posts/sleep/")
    page.get_by_role("textbox", name="Comment").fill("A long thought & <tags>")
    page.get_by_role("textbox", name="Email").fill("rita at home")
    page.get_by_role("button", name="Post Comment").click()
    page.get_by_role("alert").first.wait_for()
    assert page.get_by_role("textbox", name="Comment").input_value() == "A long thought & <tags>"
    assert page.get_by_role("textbox", name="Email").input_value() == "rita at home"
    assert page.get_by_text("Tell us what to call you").first.is_visible()
    page.get_by_role("textbox", name="Name").fill("Rita")
    page.get_by_role("textbox", name="Email").fill("rita@example.org")
    page.get_by_role("button", name="Post Comment").click()
    page.locator(".held").wait_for()


@WITHOUT_SCRIPTS
def test_the_summary_of_errors_takes_the_focus(page, post):
    page.expected_complaints.append("422")
    page.goto("/posts/sleep/")
    page.get_by_role("button", name="Post Comment").click()
    page.get_by_role("alert").first.wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


@WITHOUT_SCRIPTS
@pytest.mark.parametrize("button", ["Post Comment", "Preview"])
def test_where_it_may_be_a_cry_for_help_who_answers_is_seen_before_any_error(page, post, button):
    page.expected_complaints.append("422")
    page.goto("/posts/sleep/")
    page.get_by_role("textbox", name="Comment").fill("I want to die.")
    page.get_by_role("button", name=button).click()
    page.locator(".help-block:focus").wait_for()
    page.goto("/posts/sleep/comments/")
    assert page.locator("[autofocus]").count() == 0


def test_remember_keeps_name_and_address_in_this_browser_only(page, post):
    page.goto("/posts/sleep/")
    fill(page, "First reply.")
    page.get_by_label(re.compile("^Remember my name")).check()
    page.get_by_role("button", name="Post Comment").click()
    page.locator(".held").wait_for()
    page.goto("/posts/sleep/")
    assert page.get_by_role("textbox", name="Name").input_value() == "Rita"
    assert page.context.cookies() == []
    page.get_by_label(re.compile("^Remember my name")).uncheck()
    page.get_by_role("textbox", name="Comment").fill("Second reply.")
    page.get_by_role("button", name="Post Comment").click()
    page.locator(".held").wait_for()
    page.goto("/posts/sleep/")
    assert page.get_by_role("textbox", name="Name").input_value() == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_article_and_form_have_no_finding_and_do_not_scroll_sideways(page, post, scheme, width):
    parent = make_comment(post, "W" * 300, name="Nora")
    for _ in range(4):
        parent = make_comment(post, "https://example.org/" + "x" * 200, parent=parent, website="https://example.org")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    top = parent.thread_id
    for address in ("/", "/posts/sleep/", f"/posts/sleep/comments/?parent={parent.pk}", f"/comments/{top}/thread/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        results = Axe().run(page, options=options)
        assert results.violations_count == 0, results.generate_report()
