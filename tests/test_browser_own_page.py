"""The writer's own page in a real browser, with scripts and without."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from comments.models import Comment
from comments.own import changes
from tests.base import make_comment, make_post, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHOUT_SCRIPTS = pytest.mark.parametrize("page", [True, False], ids=["scripts", "no scripts"], indirect=True)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LINK = "Your reply · edit or withdraw"


@pytest.fixture
def post():
    make_site(name="Harbor Clinic", opening_hours="Monday to Friday, 9 am to 5 pm")
    return make_post("Ketamine and sleep", slug="sleep")


def assert_no_finding(page) -> None:
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def reply(page, remember: bool = False) -> None:
    page.goto("/posts/sleep/")
    page.get_by_role("textbox", name="Comment").fill("Does it change dreams?")
    page.get_by_role("textbox", name="Name").fill("Rita")
    page.get_by_role("textbox", name="Email").fill("rita@example.org")
    if remember:
        page.locator("#reply-remember").check()
    page.get_by_role("button", name="Post Comment").click()
    page.locator(".held").wait_for()


@WITHOUT_SCRIPTS
def test_a_writer_changes_a_reply_and_takes_it_back(page, post):
    page.expected_complaints.append("404")
    reply(page)
    page.get_by_role("link", name=LINK).click()
    own = page.url
    page.get_by_text("It waits for a moderator.").wait_for()
    page.get_by_role("textbox", name="Comment").fill("Does it change sleep?")
    page.get_by_role("button", name="Save the change").click()
    page.get_by_text("Your change is saved.").wait_for()
    assert Comment.objects.get().source == "Does it change sleep?"

    button = page.get_by_role("button", name="Withdraw it for good")
    assert not button.is_visible()
    page.get_by_text("Withdraw this reply").click()
    assert page.get_by_text("Nobody can undo this").is_visible()
    button.click()
    page.get_by_text("Your reply is withdrawn.").wait_for()
    assert Comment.objects.get().source == ""
    assert page.goto(own).status == 404
    assert page.context.cookies() == []


def test_what_was_done_takes_the_focus_so_that_it_is_heard(page, post):
    page.goto(make_comment(post, "Mine.").get_own_url())
    page.get_by_role("button", name="Save the change").click()
    page.get_by_text("Nothing was different").wait_for()
    assert page.evaluate("document.activeElement.textContent").startswith("Nothing was different")
    page.get_by_text("Withdraw this reply").click()
    page.get_by_role("button", name="Withdraw it for good").click()
    page.get_by_text("Your reply is withdrawn.").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Your reply is withdrawn."


@WITHOUT_SCRIPTS
def test_a_writer_looks_at_a_change_before_saving_it(page, post):
    page.goto(make_comment(post, "Mine.").get_own_url())
    page.get_by_role("textbox", name="Comment").fill("It *helped* me.")
    page.get_by_role("button", name="Preview").click()
    assert page.locator(".preview em").inner_text() == "helped"
    assert Comment.objects.get().source == "Mine."
    assert page.get_by_role("textbox", name="Comment").input_value() == "It *helped* me."
    page.get_by_role("button", name="Save the change").click()
    page.get_by_text("Your change is saved.").wait_for()
    assert Comment.objects.get().source == "It *helped* me."


def test_while_a_change_is_typed_the_counter_speaks_and_the_keyboard_saves(page, post):
    page.goto(make_comment(post, "Mine.").get_own_url())
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview").wait_for()
    assert page.evaluate("document.activeElement.id") == "reply-preview"
    assert_no_finding(page)
    text = page.get_by_role("textbox", name="Comment")
    assert page.locator("#reply-count").is_hidden()
    text.fill("x" * 4990)
    assert page.locator(".preview").count() == 0, "it would not show what is saved"
    assert page.locator("#reply-count").inner_text() == "Characters left: 10"
    assert page.locator("#reply-news").inner_text() == "Characters left: 10"
    assert_no_finding(page)
    text.fill("Mine, by keyboard.")
    text.press("Control+Enter")
    page.get_by_text("Your change is saved.").wait_for()
    assert Comment.objects.get().source == "Mine, by keyboard."


def test_a_mistake_in_a_change_takes_the_focus_and_has_no_finding(page, post):
    page.expected_complaints.append("422")
    page.goto(make_comment(post, "Mine.").get_own_url())
    page.get_by_role("textbox", name="Comment").fill("")
    page.get_by_role("button", name="Save the change").click()
    page.locator(".error-summary").get_by_text("Write your reply here first.").wait_for()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert_no_finding(page)


@WITHOUT_SCRIPTS
def test_a_writer_keeps_a_copy(page, post):
    comment = make_comment(post, "Mine.")
    page.goto(comment.get_own_url())
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    assert download.value.suggested_filename == f"reply-{comment.pk}.json"
    with open(download.value.path(), encoding="utf-8") as file:
        assert json.load(file)["text"] == "Mine."


def test_the_address_that_is_shared_by_mistake_has_no_way_to_the_page(page, post):
    reply(page)
    assert "mine=" in page.url
    assert "new=" not in page.url
    assert page.url.endswith(f"#comment-{Comment.objects.get().pk}")
    address = page.url
    other = page.context.browser.new_context()
    stranger = other.new_page()
    stranger.goto(address)
    assert stranger.get_by_text("Does it change dreams?").is_visible()
    assert stranger.get_by_role("link", name=LINK).count() == 0
    other.close()


def test_the_link_stays_for_this_tab_and_for_good_where_the_writer_is_remembered(page, post):
    reply(page)
    page.reload()
    page.get_by_role("link", name=LINK).wait_for()
    assert page.evaluate("localStorage.getItem('own-replies')") is None

    make_comment(post, "Another one.", name="Nora")
    Comment.objects.update(status="approved")
    page.evaluate("localStorage.setItem('writer', '{}')")
    page.evaluate("localStorage.setItem('own-replies', sessionStorage.getItem('own-replies'))")
    later = page.context.new_page()
    later.goto("/posts/sleep/")
    assert later.get_by_role("link", name=LINK).count() == 1
    later.get_by_role("link", name=LINK).click()
    later.get_by_text("It is published").wait_for()
    later.get_by_text("Withdraw this reply").click()
    later.get_by_role("button", name="Withdraw it for good").click()
    later.get_by_text("Your reply is withdrawn.").wait_for()
    assert list(json.loads(later.evaluate("localStorage.getItem('own-replies')"))) == ["key"]


def test_what_was_put_into_the_browsers_storage_is_no_link(page, post):
    comment = make_comment(post)
    page.goto("/posts/sleep/")
    for kept in ('{"%d": "https://evil.example/"}', '{"%d": "javascript:alert(1)"}', '{"%d": "//evil/"}', "[%d", "%d"):
        page.evaluate("kept => sessionStorage.setItem('own-replies', kept)", kept % comment.pk)
        page.reload()
        assert page.get_by_role("link", name=LINK).count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_has_no_finding_and_does_not_scroll_sideways(page, post, scheme, width):
    page.expected_complaints.append("404")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    long = "W" * 300 + " https://example.org/" + "x" * 200
    states = [make_comment(post, long, status=status, name="N" * 100) for status in ("pending", "approved", "removed")]
    Comment.objects.filter(status="removed").update(public_reason="Please leave out names.")
    Comment.objects.filter(status="pending").update(help_rank=2)
    withdrawn = make_comment(post)
    changes.withdraw(withdrawn)
    addresses = [*(f"{comment.get_own_url()}?done=edited" for comment in [*states, withdrawn]), "/replies/x/"]
    for address in addresses:
        page.goto(address)
        for details in page.locator("details").all():
            details.evaluate("details => (details.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert_no_finding(page)
