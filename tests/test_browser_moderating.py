"""A moderator at work in a real browser, under the enforced content security policy."""

import pytest

from comments.models import Comment
from tests.base import PASSWORD, make_comment, make_mo, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/comments/comment/"


@pytest.fixture
def desk(page):
    """The browser with Mo signed in, on the list with three replies that wait."""
    make_mo()
    post = make_post()
    for name in ("Tom", "Ann", "Sam"):
        make_comment(post, name=name, status="pending")
    page.goto(LIST)
    page.fill("#id_username", "mo")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"**{LIST}")
    return page


def waiting() -> list[str]:
    return list(Comment.objects.awaiting().values_list("name", flat=True))


def test_one_press_decides_about_all_that_are_ticked(desk):
    desk.get_by_label("All on this page").check()
    assert desk.locator("#desk-ticked").inner_text() == "3"
    desk.get_by_role("checkbox", name="Ann").uncheck()
    assert desk.locator("#desk-ticked").inner_text() == "2"
    desk.locator(".desk-bulk").get_by_role("button", name="Approve").click()
    desk.get_by_text("2 replies were approved.").wait_for()
    assert waiting() == ["Ann"]


def test_enter_on_a_tick_decides_nothing(desk):
    tick = desk.get_by_role("checkbox", name="Ann")
    tick.check()
    tick.press("Enter")
    desk.get_by_text("so nothing was changed. Please press one of the buttons.").wait_for()
    assert waiting() == ["Tom", "Ann", "Sam"]


@pytest.mark.parametrize("page", [False], indirect=True)
def test_the_desk_works_without_scripts(desk):
    assert not desk.get_by_label("All on this page").is_visible()
    desk.get_by_role("article", name="Sam").get_by_role("button", name="Spam").click()
    desk.get_by_text("Marked as spam: readers do not see it.").wait_for()
    desk.get_by_role("link", name="Tom").click()
    desk.get_by_role("button", name="Remove").click()
    desk.get_by_text("Removed: readers do not see it.").wait_for()
    assert waiting() == ["Ann"]


def test_nothing_is_wider_than_a_phone(desk):
    Comment.objects.filter(name="Tom").update(name="Wolfeschlegelstein" * 5, source="https://x.example/" + "y" * 400)
    desk.set_viewport_size({"width": 320, "height": 640})
    for address in (LIST, f"{LIST}{Comment.objects.first().pk}/change/", f"{LIST}?status=all"):
        desk.goto(address)
        assert desk.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_reply_is_within_reach_on_a_phone(desk):
    desk.set_viewport_size({"width": 360, "height": 800})
    tabs = desk.locator(".desk-tabs li").evaluate_all("tabs => tabs.map(tab => tab.getBoundingClientRect().top)")
    assert len(set(tabs)) < len(tabs) / 2
    assert desk.locator(".desk-card").first.bounding_box()["y"] < 800
