"""A reader is asked about personal data, with scripts on the page and without them on one of its own."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from comments.models import Comment
from tests.base import PASSWORD, make_comment, make_mo, make_post, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TEXT = "Should I stop my sertraline? Call me at 555-123-4567."


@pytest.fixture
def article(page):
    make_site(name="Harbor Clinic", clinic_phone="+1 555 010 0200", portal_url="https://portal.example.org/")
    make_post("Ketamine and sleep", slug="sleep")
    page.expected_complaints.append("422")
    page.goto("/posts/sleep/")
    for name, value in {"comment": TEXT, "name": "Rita", "email": "rita@example.org"}.items():
        page.locator(f"#reply-{name}").fill(value)
    return page


def press(page, name="Post Comment"):
    page.get_by_role("button", name=name, exact=True).click()


def assert_no_finding(page):
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def asked(page):
    press(page)
    question = page.get_by_role("group", name="Your reply is not sent yet.")
    question.wait_for()
    return question


BOTH = pytest.mark.parametrize("page", [True, False], ids=["scripts", "no scripts"], indirect=True)


@BOTH
def test_parts_are_taken_out_and_the_rest_is_sent(article):
    question = asked(article)
    assert question.locator("mark").inner_text().replace("\n", " ").count("555-123-4567") == 1
    assert question.get_by_role("link", name="Call us: +1 555 010 0200").is_visible()
    press(article, "Take them out")
    article.locator(".preview").get_by_text("Call me at […].").wait_for()
    assert article.locator("#reply-comment").input_value() == "Should I stop my sertraline? Call me at […]."
    assert article.locator("#reply-name").input_value() == "Rita"
    press(article)
    article.locator(".held").wait_for()
    assert Comment.objects.get().source == "Should I stop my sertraline? Call me at […]."


@BOTH
def test_parts_are_kept_for_staff_to_decide(article):
    asked(article)
    press(article, "Keep them, and let staff decide")
    article.locator(".held").wait_for()
    assert Comment.objects.get().source == TEXT
    assert Comment.objects.get().status == "pending"


@BOTH
def test_the_text_is_changed_by_hand_and_asked_about_anew(article):
    asked(article)
    article.get_by_role("link", name="Change the text myself").click()
    article.locator("#reply-comment").fill(f"{TEXT} Or 555-123-9999.")
    press(article)
    article.locator("mark", has_text="555-123-9999").wait_for()
    press(article, "Keep them, and let staff decide")
    article.locator(".held").wait_for()
    assert Comment.objects.get().source == f"{TEXT} Or 555-123-9999."


def test_the_question_is_in_place_has_the_focus_and_no_finding(article):
    article.evaluate("window.stays = true")
    question = asked(article)
    assert article.evaluate("window.stays === true")
    assert question.evaluate("element => element === document.activeElement")
    assert_no_finding(article)
    article.set_viewport_size({"width": 320, "height": 700})
    assert article.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("page", [False], ids=["no scripts"], indirect=True)
def test_who_goes_away_instead_leaves_nothing(article):
    asked(article)
    article.goto("/posts/sleep/")
    assert not Comment.objects.exists()


def test_a_moderator_publishes_it_redacted(page):
    make_mo()
    make_comment(make_post(slug="sleep"), TEXT, status="pending")
    page.goto("/admin/comments/comment/")
    page.get_by_label("Username").fill("mo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator(".desk-card mark").get_by_text("555-123-4567").wait_for()
    assert_no_finding(page)
    press(page, "Publish redacted")
    page.get_by_text("Published without the marked parts.").wait_for()
    assert Comment.objects.get().source == "Should I stop my sertraline? Call me at […]."


def test_staff_use_the_words_that_confirm_nothing(page):
    make_mo()
    make_post(slug="sleep")
    page.expected_complaints.append("422")
    page.goto("/admin/")
    page.get_by_label("Username").fill("mo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.goto("/posts/sleep/")
    page.locator("#reply-comment").fill("We hope your infusion went well.")
    press(page)
    page.get_by_role("group", name="may confirm that its reader is a patient").wait_for()
    assert_no_finding(page)
    press(page, "Use these words")
    page.locator(".preview").wait_for()
    assert page.locator("#reply-comment").input_value().startswith("Thank you for writing.")
    press(page)
    page.locator(".reply .badge").wait_for()
