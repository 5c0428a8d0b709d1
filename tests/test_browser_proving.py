"""A doubted reply: the browser calculates for a moment and sends it again by itself, or a reader sends it without."""

import json
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from comments import proof
from comments.models import Comment
from tests.base import make_post, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TEXT = "\n".join(f"https://{letter}.example/sleep" for letter in "abcdef")
ASKED = "Your browser is asked to do a small calculation first."
DONE = "The calculation is done. Press the button below to send your reply."
WITHOUT = "Send it without the calculation"
# No browser finds the end of this one.
ENDLESS = {"nonce": "00", "salt": "00", "cost": 1, "keyLength": 1, "keyPrefix": "none"}


@pytest.fixture
def asked(page):
    """The page of an article where a doubted text is typed, and all that the browser asked for."""
    make_site(proof_of_work=True)
    make_post("Ketamine and sleep", slug="sleep")
    page.expected_complaints.append("422")
    page.asked_for = []
    page.on("request", lambda request: page.asked_for.append((request.method, request.url)))
    page.goto("/posts/sleep/")
    fill(page)
    return page


def fill(page):
    for name, value in {"comment": TEXT, "name": "Rita", "email": "rita@example.org"}.items():
        page.locator(f"#reply-{name}").fill(value)


def press(page, name="Post Comment"):
    page.get_by_role("button", name=name, exact=True).click()


def posts_of(page):
    return [url for method, url in page.asked_for if method == "POST"]


def loads_of_the_solver(page):
    return [url for _method, url in page.asked_for if "reply-proof" in url]


def last_rule():
    return Comment.objects.get().reasons[-1]["rule"]


def assert_no_finding(page):
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.fixture
def endless(monkeypatch):
    monkeypatch.setattr(proof, "challenge", lambda text: json.dumps({"parameters": ENDLESS}))


def test_the_browser_solves_it_by_itself_and_the_reply_is_taken(asked):
    asked.evaluate("window.stays = true")
    assert loads_of_the_solver(asked) == [], "no page loads it that does not need it"
    press(asked)
    asked.locator(".held").wait_for()
    assert last_rule() == "proof"
    assert asked.evaluate("window.stays"), "the page stayed"
    assert asked.evaluate("document.activeElement.id") == f"comment-{Comment.objects.get().pk}"
    assert asked.locator(".error-summary").count() == 0
    assert len(posts_of(asked)) == 2
    assert len(loads_of_the_solver(asked)) == 1
    assert {urlsplit(url).netloc for _method, url in asked.asked_for} == {urlsplit(asked.url).netloc}
    # A second one is solved by the script that is there already.
    fill(asked)
    asked.locator("#reply-comment").fill(TEXT + "\nhttps://g.example/")
    press(asked)
    asked.locator(".is-mine", has_text="g.example").wait_for()
    assert Comment.objects.count() == 2
    assert len(loads_of_the_solver(asked)) == 1


def test_on_a_page_that_came_by_itself_it_is_solved_as_well(asked):
    asked.evaluate("document.getElementById('reply-form').submit()")
    asked.wait_for_url("**/posts/sleep/?mine=*")
    assert last_rule() == "proof"


def test_meanwhile_it_says_so_and_the_reader_may_send_it_without(asked, endless):
    press(asked)
    status = asked.locator(".error-summary [role=status]")
    status.get_by_text("Calculating…").wait_for()
    assert asked.locator(".error-summary h2").inner_text() == f"One moment: your reply is not sent yet. {ASKED}"
    assert asked.evaluate("document.activeElement.className") == "error-summary"
    assert asked.locator("#reply-comment").input_value() == TEXT
    assert_no_finding(asked)
    # The keyboard gets there at once.
    asked.keyboard.press("Tab")
    assert asked.evaluate("document.activeElement.textContent") == WITHOUT
    asked.keyboard.press("Enter")
    asked.locator(".held").wait_for()
    assert last_rule() == "no_proof"


def test_a_text_that_is_being_changed_is_not_sent_by_a_script(asked):
    held = []
    asked.route("**/reply-proof*", lambda route: held.append(route))
    press(asked)
    asked.locator(".error-summary").get_by_text(ASKED).wait_for()
    asked.evaluate(
        """() => {
          const derive = SubtleCrypto.prototype.deriveBits;
          SubtleCrypto.prototype.deriveBits = function (...all) {
            const text = document.getElementById("reply-comment");
            if (text.value.length < 1000) text.value += " ".repeat(1000);
            text.dispatchEvent(new Event("input", { bubbles: true }));
            return derive.apply(this, all);
          };
        }"""
    )
    held.pop().continue_()
    asked.get_by_text(DONE).wait_for()
    assert len(posts_of(asked)) == 1
    assert not Comment.objects.exists()


def test_a_solution_that_does_not_hold_is_not_sent_over_and_over(asked, monkeypatch):
    monkeypatch.setattr(proof, "is_solved", lambda *args: False)
    press(asked)
    asked.get_by_text(DONE).wait_for()
    assert len(posts_of(asked)) == 2
    assert_no_finding(asked)
    monkeypatch.undo()
    press(asked)
    asked.locator(".held").wait_for()
    assert last_rule() == "proof"


def test_a_browser_without_cryptography_leaves_the_words_and_the_button(asked):
    asked.evaluate("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    press(asked)
    asked.get_by_text("Where your browser cannot do this").wait_for()
    press(asked, WITHOUT)
    asked.locator(".held").wait_for()
    assert last_rule() == "no_proof"


@pytest.mark.parametrize("page", [False], indirect=True)
def test_without_scripts_one_more_press_sends_it(asked):
    press(asked)
    asked.get_by_text(ASKED).wait_for()
    assert asked.locator("#reply-comment").input_value() == TEXT
    assert asked.get_by_text("Where your browser cannot do this").is_visible()
    press(asked, WITHOUT)
    asked.locator(".held").wait_for()
    assert last_rule() == "no_proof"
    assert loads_of_the_solver(asked) == []
