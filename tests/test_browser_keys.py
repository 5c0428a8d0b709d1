"""A moderator decides by keys alone, in a real browser under the enforced content security policy."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from comments.models import Comment
from tests.base import PASSWORD, make_comment, make_mo, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/comments/comment/"
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NAMES = ["Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gil", "Hana", "Ivo", "June"]


@pytest.fixture
def desk(page):
    """Mo, signed in by the keyboard, before ten replies that wait; Ann's may be a cry for help."""
    make_mo()
    post, now = make_post(), timezone.now()
    for number, name in enumerate(NAMES):
        rank = 2 if name == "Ann" else 0
        make_comment(
            post, f"Said by {name}", name=name, status="pending", help_rank=rank,
            created_at=now - timedelta(minutes=60 - number),
        )  # fmt: skip
    page.goto(LIST)
    page.locator("#id_username").focus()
    page.keyboard.type("mo")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def status_of(name: str) -> str:
    return Comment.objects.get(name=name).status


def focused(desk) -> str:
    """Whose card has the focus."""
    text = desk.evaluate("document.activeElement.closest('.desk-card')?.querySelector('h2').innerText || ''")
    return text.replace("Urgent", "").strip()


def press(desk, key: str, said: str) -> None:
    """Press a key that sends a form, and wait for what the next page says."""
    with desk.expect_navigation():
        desk.keyboard.press(key)
    if said:
        desk.get_by_text(said).first.wait_for()


def test_ten_replies_are_decided_by_the_keyboard_alone(desk):
    desk.keyboard.press("?")
    dialog = desk.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    desk.keyboard.press("a")
    desk.keyboard.press("Escape")
    dialog.wait_for(state="hidden")

    desk.keyboard.press("j")
    assert focused(desk) == "Ann"
    assert desk.get_by_text("Said by Ann").count() == 0
    desk.keyboard.press("r")
    assert status_of("Ann") == "pending"
    press(desk, "o", "Said by Ann")
    assert focused(desk) == "Ann"
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    assert focused(desk) == "Bob"

    press(desk, "a", "Approved: readers of the article see it now.")
    assert status_of("Bob") == "approved"
    assert focused(desk) == "Cleo"
    desk.get_by_role("status").get_by_text("Approved: readers").wait_for()
    press(desk, "s", "Marked as spam")
    assert status_of("Cleo") == "spam"
    press(desk, "u", "Taken back: the reply is as it was before.")
    assert status_of("Cleo") == "pending"
    assert focused(desk) == "Cleo"
    press(desk, "r", "Removed: readers do not see it.")
    assert status_of("Cleo") == "removed"
    assert focused(desk) == "Dan"

    desk.keyboard.press("e")
    desk.keyboard.type("Please ask us jokingly.")
    desk.keyboard.press("Tab")
    press(desk, "Enter", "Approved and answered")
    assert status_of("Dan") == "approved"
    assert Comment.objects.get(parent__name="Dan").source == "Please ask us jokingly."
    assert focused(desk) == "Eve"

    for name in ("Eve", "Finn", "Gil"):
        desk.keyboard.press("x")
        assert desk.get_by_role("checkbox", name=name).is_checked()
        desk.keyboard.press("j")
    assert desk.locator("#desk-ticked").inner_text() == "3"
    desk.locator(".desk-bulk").get_by_role("button", name="Remove").focus()
    press(desk, "Enter", "3 replies were removed.")
    assert focused(desk) == "Hana"
    press(desk, "u", "Taken back: 3 replies are as they were before.")
    assert [status_of(name) for name in ("Eve", "Finn", "Gil")] == ["pending"] * 3

    for name in ("Eve", "Finn", "Gil", "Hana", "Ivo", "June"):
        assert focused(desk) == name
        press(desk, "a", "Approved: readers")
    assert focused(desk) == "Ann"
    assert Comment.objects.awaiting().count() == 1


def test_letters_are_letters_while_one_types_and_when_the_keys_are_off(desk):
    desk.get_by_role("searchbox", name="Search").focus()
    desk.keyboard.type("aj?srux")
    assert desk.get_by_role("searchbox", name="Search").input_value() == "aj?srux"
    desk.keyboard.press("Tab")
    desk.get_by_role("button", name="Keys").press("Enter")
    desk.get_by_label("Keys of one letter are on").press("Space")
    desk.get_by_role("button", name="Close").press("Enter")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    assert focused(desk) == ""
    assert Comment.objects.awaiting().count() == 10


def test_the_offer_to_take_back_goes_when_its_time_is_over(desk):
    desk.clock.install()
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    press(desk, "r", "Removed: readers do not see it.")
    offer = desk.get_by_role("button", name="Undo")
    assert offer.is_visible()
    assert re.fullmatch(r"10|9", desk.locator(".desk-seconds").inner_text())
    desk.clock.run_for(11_000)
    offer.wait_for(state="detached")
    assert status_of("Bob") == "removed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out_and_axe_finds_nothing(desk, scheme, width):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 800})
    number = Comment.objects.get(name="Bob").pk
    Comment.objects.filter(pk=number).update(reasons=[{"rule": "links", "fragment": "https://x.example/" + "y" * 300}])

    desk.expected_complaints.append("Applying inline style")  # Axe itself scrolls with one.

    def look() -> None:
        found = Axe().run(desk, options=AXE).response["violations"]
        assert [f"{finding['id']}: {finding['nodes'][0]['html']}" for finding in found] == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= width

    desk.keyboard.press("j")
    desk.keyboard.press("j")
    press(desk, "r", "Removed: readers do not see it.")
    desk.keyboard.press("e")
    desk.get_by_role("article", name="Cleo").get_by_text("More", exact=True).click()
    look()
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Keys").click()
    look()
    for address in (
        f"{LIST}{number}/change/",
        f"{LIST}{number}/text/",
        f"{LIST}?status=spam",
        f"{LIST}?status=removed",
    ):
        desk.goto(address)
        look()
    # What 200 % zoom makes of it.
    desk.set_viewport_size({"width": max(width // 2, 320), "height": 400})
    desk.goto(LIST)
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("page", [False], indirect=True)
def test_all_of_it_works_by_buttons_without_scripts(desk):
    assert not desk.get_by_role("button", name="Keys").is_visible()
    desk.get_by_role("article", name="Ann").get_by_role("button", name="Show the text").click()
    desk.get_by_text("Said by Ann").wait_for()
    desk.get_by_role("article", name="Bob").get_by_role("button", name="Spam").click()
    desk.get_by_role("button", name="Undo").click()
    desk.get_by_text("Taken back: the reply is as it was before.").wait_for()
    assert status_of("Bob") == "pending"
    card = desk.get_by_role("article", name="Cleo")
    card.get_by_text("Answer", exact=True).click()
    card.get_by_label("Your answer").fill("Thank you.")
    card.get_by_role("button", name="Approve and send the answer").click()
    desk.get_by_text("Approved and answered").wait_for()
    assert status_of("Cleo") == "approved"
