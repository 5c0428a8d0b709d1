"""All own replies by address, in a real browser, with scripts and without."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from comments.models import Comment, DataRequest
from comments.mydata import asking
from tests.base import make_comment, make_post, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHOUT_SCRIPTS = pytest.mark.parametrize("page", [True, False], ids=["scripts", "no scripts"], indirect=True)
ASK = "/privacy/my-data/"


@pytest.fixture
def post():
    make_site(name="Harbor Clinic", contact="Harbor Clinic\nhello@example.org")
    return make_post("Ketamine and sleep", slug="sleep")


def open_mail() -> str:
    """The link that the last request sends."""
    message = asking.link_mail(DataRequest.objects.latest("asked_at").pk)
    return re.search(r"(/privacy/my-data/\S+/)", message.body)[1]


def ask(page, address: str = "rita@example.org") -> None:
    page.goto(ASK)
    page.get_by_role("textbox", name="The email address").fill(address)
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("heading", name="Please check your email").wait_for()


def enter(page) -> None:
    ask(page)
    page.goto(open_mail())
    page.get_by_role("button", name="Show my replies").click()
    page.get_by_role("heading", name="All your replies").wait_for()


@WITHOUT_SCRIPTS
def test_a_reader_sees_copies_and_erases_everything(page, post):
    page.expected_complaints += ["404", "422"]
    make_comment(post, "Does it change dreams?")
    make_comment(post, "And sleep?", status="pending")
    enter(page)
    assert page.get_by_text("Does it change dreams?").is_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    with open(download.value.path(), encoding="utf-8") as file:
        assert len(json.load(file)["replies"]) == 2
    page.get_by_role("button", name="Read all on one page").click()
    page.get_by_role("heading", name="A copy of your replies").wait_for()
    page.get_by_role("button", name="Back to all your replies").click()
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("heading", name="Erase your 2 replies, texts and all").wait_for()
    page.get_by_role("button", name="Back, and change nothing").click()
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("checkbox", name="I know that this cannot be undone.").check()
    page.get_by_role("button", name="Erase now").click()
    page.get_by_text("Your 2 replies are erased.").wait_for()
    assert not Comment.objects.not_empty().exists()
    assert page.context.cookies() == []


def test_what_must_be_heard_takes_the_focus(page, post):
    page.expected_complaints += ["422"]
    make_comment(post, "Mine.")
    page.goto(ASK)
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_text("Type the address that you gave").first.wait_for()
    assert "Nothing is lost." in page.evaluate("document.activeElement.textContent")
    enter(page)
    page.get_by_role("button", name="Give them a neutral name").click()
    page.locator("#sure").evaluate("box => box.required = false")
    page.get_by_role("button", name="Give them a neutral name now").click()
    page.get_by_text("Nothing has been changed yet.").wait_for()
    assert "Nothing has been changed yet." in page.evaluate("document.activeElement.textContent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Give them a neutral name now").click()
    page.get_by_text("Your reply bears the name").wait_for()
    assert "Your reply bears the name" in page.evaluate("document.activeElement.textContent")


def test_everything_works_with_the_keyboard_alone(page, post):
    make_comment(post, "Mine.")
    enter(page)
    for name in ("Erase all but the texts", "Erase now"):
        button = page.get_by_role("button", name=name)
        if name == "Erase now":
            page.get_by_role("checkbox").focus()
            page.keyboard.press("Space")
            page.keyboard.press("Tab")
        for _ in range(40):
            if button.evaluate("button => button === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    page.get_by_text("Your reply is by “Former reader” now.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_has_no_finding_and_does_not_scroll_sideways(page, post, scheme, width):
    page.expected_complaints += ["404", "422"]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    long = "W" * 300 + " https://example.org/" + "x" * 200
    for status in ("pending", "approved", "spam", "removed"):
        make_comment(post, long, status=status, name="N" * 100, website=f"https://example.org/{'w' * 150}")
    for _ in range(60):
        make_comment(post)
    Comment.objects.filter(status="removed").update(public_reason="Please leave out names.")

    def look() -> None:
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.title()
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        results = Axe().run(page, options=options)
        assert results.violations_count == 0, f"{page.title()}: {results.generate_report()}"

    page.goto(ASK)
    look()
    page.get_by_role("textbox").fill("rita")
    page.get_by_role("button", name="Send me the link").click()
    page.locator(".error-summary").wait_for()
    look()
    page.goto(f"{ASK}x/")
    look()
    ask(page)
    look()
    page.goto(open_mail())
    look()
    page.get_by_role("button", name="Show my replies").click()
    page.get_by_text("Page 1 of 2").wait_for()
    look()
    page.get_by_role("button", name="Older replies").click()
    page.get_by_text("Page 2 of 2").wait_for()
    look()
    page.get_by_role("button", name="Read all on one page").click()
    page.get_by_role("heading", name="A copy of your replies").wait_for()
    look()
    for name in ("Give them a neutral name", "Erase all but the texts", "Erase everything"):
        page.get_by_role("button", name=re.compile("^Back")).click()
        page.get_by_role("heading", name="All your replies").wait_for()
        page.get_by_role("button", name=name).click()
        page.locator("#sure").wait_for()
        look()
    page.locator("#sure").evaluate("box => box.required = false")
    page.get_by_role("button", name="Erase now").click()
    page.locator(".error-summary").wait_for()
    look()
    page.locator("#sure").check()
    page.get_by_role("button", name="Erase now").click()
    page.locator(".done").wait_for()
    look()


def test_the_page_to_read_is_made_for_paper(page, post):
    make_comment(post, "Does it change dreams?")
    enter(page)
    page.get_by_role("button", name="Read all on one page").click()
    page.get_by_role("heading", name="A copy of your replies").wait_for()
    page.emulate_media(media="print")
    assert page.get_by_text("Does it change dreams?").is_visible()
    for hidden in (".masthead", ".site-footer", ".own form"):
        assert not page.locator(hidden).first.is_visible(), hidden
