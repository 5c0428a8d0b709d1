"""A reader sends a reply and stays on the page; nothing typed is lost, whatever the answer is."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from comments import intake
from comments.models import Comment
from ketablog.site_replies import ModerationPolicy
from tests.base import PASSWORD, make_comment, make_mo, make_post, make_site
from tests.refusing import REFUSALS, TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FORM = "**/posts/sleep/comments/"


@pytest.fixture
def post():
    make_site(name="Harbor Clinic")
    return make_post("Ketamine and sleep", slug="sleep", published=timedelta(days=30))


@pytest.fixture
def article(page, post):
    """The page of the article, open; `stays` is told apart from a page that was loaded anew."""
    make_comment(post, "What about sleep?", name="Nora")
    page.goto("/posts/sleep/")
    page.evaluate("window.stays = true")
    return page


def fill(page, text=TEXT, **fields):
    for name, value in {"comment": text, "name": "Rita", "email": "rita@example.org", **fields}.items():
        page.locator(f"#reply-{name}").fill(value)


def press(page, name="Post Comment"):
    page.get_by_role("button", name=name, exact=True).click()


def text_of(page):
    return page.locator("#reply-comment").input_value()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


def news(page):
    return page.locator("#reply-news").inner_text()


def stays(page):
    return page.evaluate("window.stays === true")


def assert_no_finding(page):
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def test_the_own_reply_appears_in_its_place_with_focus_and_is_there_after_a_reload(article):
    fill(article)
    press(article)
    article.locator(".held").wait_for()
    comment = Comment.objects.get(status="pending")
    assert stays(article)
    assert focused(article) == f"comment-{comment.pk}"
    assert news(article) == "Your reply is awaiting moderation."
    assert re.search(rf"/posts/sleep/\?mine=[^#]+#comment-{comment.pk}$", article.url)
    assert text_of(article) == ""
    assert article.locator("#reply-name").input_value() == ""
    assert article.get_by_role("button", name="Post Comment").is_enabled()
    assert_no_finding(article)
    article.reload()
    assert article.locator(f"#comment-{comment.pk} .held").is_visible()
    assert text_of(article) == ""


def test_a_reply_that_is_published_at_once_is_counted_and_said_to_be(article):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    fill(article)
    press(article)
    article.get_by_role("heading", name="2 replies").wait_for()
    comment = Comment.objects.get(source=TEXT)
    assert focused(article) == f"comment-{comment.pk}"
    assert news(article) == "Your reply is published."
    assert article.url.endswith(f"/posts/sleep/#comment-{comment.pk}")
    assert stays(article)


def test_an_answer_stands_below_what_it_answers_and_the_form_is_home_again(article):
    article.get_by_role("link", name="Reply to Nora").click()
    fill(article)
    press(article)
    article.locator(".reply + .is-mine.depth-2").wait_for()
    assert Comment.objects.get(source=TEXT).parent.name == "Nora"
    assert article.locator("#replies #leave-reply").count() == 0
    assert article.locator("[name=parent]").input_value() == ""
    article.get_by_role("heading", name="Leave a Reply", exact=True).wait_for()
    # The page's new links still bring the form.
    article.get_by_role("link", name="Reply to Nora").click()
    assert focused(article) == "reply-comment"


def test_the_form_alone_leads_to_the_article(article):
    article.goto(article.locator(".reply-link").get_attribute("href"))
    fill(article)
    press(article)
    article.locator("#replies .is-mine .held").wait_for()
    assert "/posts/sleep/?mine=" in article.url
    assert text_of(article) == ""


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (ModerationPolicy.HOLD_ALL, "Your reply is awaiting moderation."),
        (ModerationPolicy.PUBLISH_CLEAN, "Your reply is published."),
    ],
)
def test_an_answer_from_the_page_of_a_thread_is_heard_once_it_stands_there(page, post, policy, sentence):
    make_site(moderation_policy=policy)
    top = make_comment(post, "What about sleep?", name="Nora")
    for number in range(101):
        last = make_comment(post, f"Answer {number}", name=f"N{number}", parent=top)
    page.goto(f"/comments/{top.pk}/thread/?page=2")
    page.locator(f"#comment-{last.pk} .reply-link").click()
    fill(page)
    press(page)
    page.locator("#replies").get_by_text(sentence).wait_for()
    page.wait_for_function("document.activeElement.id")
    assert focused(page) == f"comment-{Comment.objects.get(source=TEXT).pk}"
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert page.locator(f"#{described}").inner_text() == sentence
    assert f"/comments/{top.pk}/thread/?page=2" in page.url
    assert_no_finding(page)
    # Whoever comes back hears it no more.
    page.reload()
    page.get_by_text("I had the same question.").wait_for()
    assert focused(page) == "reply-page", "no reply, but the page itself"


def test_sending_shows_and_happens_once(article):
    held = []
    article.route(FORM, lambda route: held.append(route))
    fill(article)
    with article.expect_request(FORM):
        press(article)
    button = article.locator("button[name=send]")
    assert button.inner_text() == news(article) == "Sending…"
    assert article.locator("#reply-form").get_attribute("aria-busy") == "true"
    button.click()
    article.locator("#reply-comment").press("Control+Enter")
    held.pop().continue_()
    article.locator(".held").wait_for()
    assert held == []
    assert article.locator("#reply-form").get_attribute("aria-busy") is None
    assert Comment.objects.filter(source=TEXT).count() == 1


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_a_refusal_says_why_and_keeps_the_text(article, post, refusal):
    article.expected_complaints.append("Failed to load resource")
    if refusal.is_answer:
        article.get_by_role("link", name="Reply to Nora").click()
    fill(article, **refusal.fields)
    address = article.url
    with refusal.happens(post):
        before = Comment.objects.count()
        press(article)
        article.locator(".error-summary").get_by_text(refusal.sentence).wait_for()
    assert stays(article)
    assert article.url == address
    assert text_of(article) == TEXT
    assert article.locator("#reply-name").input_value() == "Rita"
    assert focused(article) == "error-summary"
    assert article.locator(".error-summary").count() == 1
    assert Comment.objects.count() == before
    assert_no_finding(article)
    if refusal.ends:
        press(article)
        article.locator(".held").wait_for()
        assert stays(article)
        assert Comment.objects.filter(source=TEXT, parent=None).count() == 1
        assert article.locator(".error-summary").count() == 0


def test_each_wrong_field_has_its_message_and_the_summary_leads_to_it(article):
    article.expected_complaints.append("422")
    fill(article, name="", email="rita at home")
    press(article)
    article.locator(".error-summary").wait_for()
    for name, sentence in (("name", "Tell us what to call you"), ("email", "does not look like an email address")):
        field = article.locator(f"#reply-{name}")
        assert field.get_attribute("aria-invalid") == "true"
        described = field.get_attribute("aria-describedby").split()
        assert any(sentence in article.locator(f"#{part}").inner_text() for part in described)
    article.locator(".error-summary").get_by_role("link", name="Email").click()
    assert focused(article) == "reply-email"
    fill(article)
    press(article)
    article.locator(".held").wait_for()
    assert stays(article)


def test_the_first_reply_is_one_link_away_from_its_repetition(article):
    article.expected_complaints.append("409")
    fill(article)
    press(article)
    article.locator(".held").wait_for()
    fill(article)
    press(article)
    article.locator(".error-summary").get_by_role("link", name="See it").click()
    article.locator(".is-mine").wait_for()
    assert Comment.objects.filter(source=TEXT).count() == 1


@pytest.mark.parametrize(
    "breaks",
    [lambda route: route.abort(), lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>")],
    ids=["network", "proxy"],
)
def test_where_no_answer_comes_the_text_is_kept_and_sent_again(article, breaks):
    article.expected_complaints.append("Failed to load resource")
    article.route(FORM, breaks)
    fill(article)
    press(article)
    article.locator(".error-summary").get_by_text("Your text is kept here; please try again in a moment.").wait_for()
    assert focused(article) == "error-summary"
    assert text_of(article) == TEXT
    assert article.locator("button[name=send]").inner_text() == "Post Comment"
    article.unroute(FORM)
    press(article)
    article.locator(".held").wait_for()
    assert stays(article)


def test_an_answer_that_nobody_foresaw_leaves_it_to_the_browser(article):
    article.expected_complaints.append("405")
    article.route(
        FORM, lambda route: route.continue_(method="PUT" if route.request.resource_type == "fetch" else "POST")
    )
    fill(article)
    press(article)
    article.locator(".held").wait_for()
    assert not stays(article)
    assert Comment.objects.filter(source=TEXT).count() == 1
    assert article.get_by_role("textbox", name="Comment").input_value() == ""


def test_a_server_that_redirects_a_script_too_is_followed(article):
    def without_preference(route):
        route.continue_(headers={k: v for k, v in route.request.headers.items() if k != "prefer"})

    article.route(FORM, without_preference)
    fill(article)
    press(article)
    article.locator(".held").wait_for()
    assert "?mine=" in article.url
    assert article.get_by_role("textbox", name="Comment").input_value() == ""


@pytest.mark.parametrize("policy", [ModerationPolicy.HOLD_ALL, ModerationPolicy.PUBLISH_CLEAN])
def test_a_reply_that_was_taken_is_never_called_lost(article, policy):
    make_site(moderation_policy=policy)
    article.expected_complaints.append("Failed to load resource")
    fill(article)
    article.route(
        "**/posts/sleep/**",
        lambda route: route.abort() if route.request.method == "GET" and is_fetch(route) else route.continue_(),
    )
    press(article)
    article.locator("#replies").get_by_text("I had the same question.").wait_for()
    assert article.locator(".error-summary").count() == 0
    assert Comment.objects.filter(source=TEXT).count() == 1


def is_fetch(route):
    return route.request.resource_type == "fetch"


@pytest.mark.parametrize("days", [6, 9])
def test_a_page_that_was_open_for_days_still_sends(page, post, days):
    page.expected_complaints.append("422")
    with time_machine.travel(timezone.now() - timedelta(days=days)):
        page.goto("/posts/sleep/")
    fill(page)
    press(page)
    if days > 8:
        page.locator(".error-summary").get_by_text("press the button once more").wait_for()
        assert text_of(page) == TEXT
        press(page)
    page.locator(".held").wait_for()
    assert Comment.objects.filter(source=TEXT).count() == 1


def test_a_cry_for_help_shows_who_answers_in_place(article):
    article.expected_complaints.append("422")
    fill(article, "I want to die.", name="")
    press(article)
    article.locator("#reply-form .help-block").wait_for()
    assert news(article) == "You do not have to carry this alone"
    assert focused(article) == "help-block"
    assert_no_finding(article)
    press(article, "Preview")
    article.locator(".preview").wait_for()
    assert article.locator(".help-block").count() == 1
    fill(article, "I want to die.")
    press(article)
    article.locator(".is-mine .help-block").wait_for()
    assert article.locator(".help-block").count() == 1
    assert news(article) == "Your reply is awaiting moderation. You do not have to carry this alone"
    assert_no_finding(article)


def test_staff_answer_in_place(page, post):
    make_mo()
    page.goto("/admin/")
    page.get_by_label("Username").fill("mo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.goto("/posts/sleep/")
    page.locator("#reply-comment").fill("Good question.")
    press(page)
    page.locator(".reply .badge").wait_for()
    assert news(page) == "Your reply is published."
    page.locator("#reply-comment").fill("And one more.")
    press(page)
    page.get_by_role("heading", name="2 replies").wait_for()


def test_a_preview_stands_under_the_text_and_nothing_is_sent(article):
    fill(article, "It *helped* me.", name="", email="")
    press(article, "Preview")
    shown = article.locator(".field-comment + .preview")
    shown.wait_for()
    assert shown.locator("em").inner_text() == "helped"
    assert focused(article) == "reply-preview"
    assert stays(article)
    assert Comment.objects.count() == 1
    assert text_of(article) == "It *helped* me."
    assert_no_finding(article)
    article.locator("#reply-comment").press("End")
    article.locator("#reply-comment").type(" Thanks")
    assert article.locator(".preview").count() == 0, "it would not show what is sent"
    fill(article, text_of(article))
    press(article)
    article.locator(".held").wait_for()


def test_a_preview_of_nothing_says_what_is_missing(article):
    article.expected_complaints.append("422")
    press(article, "Preview")
    article.locator(".error-summary").get_by_text("Write your reply here first.").wait_for()
    assert article.locator(".error-summary li").count() == 1


@pytest.mark.parametrize("page", [False], ids=["no scripts"], indirect=True)
def test_a_preview_without_scripts_is_a_page_of_its_own(page, post):
    page.goto("/posts/sleep/")
    fill(page, "It *helped* me.")
    press(page, "Preview")
    assert page.locator(".preview em").inner_text() == "helped"
    page.get_by_role("button", name="Suggest a neutral name").wait_for(state="hidden")
    press(page)
    page.locator(".held").wait_for()
    assert Comment.objects.get().source == "It *helped* me."


def test_too_many_previews_are_a_sentence(article):
    article.expected_complaints.append("429")
    fill(article)
    with patch.object(intake, "PREVIEW_LIMITS", ((0, timedelta(minutes=1)),)):
        press(article, "Preview")
        article.locator(".error-summary").get_by_text("Your text is kept here").wait_for()
    assert text_of(article) == TEXT
