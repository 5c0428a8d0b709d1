"""A writer who comes back is known by the browser, and a moderator bans one: in a real browser."""

import pytest

from comments import moderation, threads
from comments.models import Ban, Comment
from comments.notices import watching
from ketablog import secrets
from ketablog.site_replies import ModerationPolicy
from tests.base import PASSWORD, make_comment, make_mo, make_post, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/comments/comment/"


@pytest.fixture
def post():
    make_site(moderation_policy=ModerationPolicy.HOLD_FIRST, first_held=1)
    return make_post("Ketamine and sleep", slug="sleep")


def write(page, text: str, *, remember: bool = False) -> Comment:
    page.get_by_role("textbox", name="Comment").fill(text)
    page.get_by_role("textbox", name="Name").fill("Rita")
    page.get_by_role("textbox", name="Email").fill("rita@example.org")
    if remember:
        page.locator("#reply-remember").check()
    page.get_by_role("button", name="Post Comment").click()
    page.locator(".reply", has_text=text).wait_for()
    return Comment.objects.get(source=text)


def approve(comment: Comment) -> None:
    assert moderation.approve(comment, by=make_mo(), text_version=1)


def test_a_writer_who_is_remembered_comes_back_and_is_published(page, post):
    page.goto("/posts/sleep/")
    assert page.locator("#reply-key").input_value() == ""
    first = write(page, "Does it change dreams?", remember=True)
    assert first.status == "pending"
    assert page.locator("#reply-key").input_value() == first.writer_key
    approve(first)
    later = page.context.new_page()
    later.goto("/posts/sleep/")
    second = write(later, "Thank you, it did.")
    assert (second.status, second.writer) == ("approved", first.writer)


def test_who_is_not_remembered_is_known_until_the_tab_is_closed(page, post):
    page.goto("/posts/sleep/")
    first = write(page, "Does it change dreams?")
    approve(first)
    page.reload()
    assert write(page, "The same tab.").status == "approved"
    assert page.evaluate("localStorage.getItem('own-replies')") is None
    later = page.context.new_page()
    later.goto("/posts/sleep/")
    other = write(later, "Another tab.")
    assert (other.status, other.writer == first.writer) == ("pending", False)


def test_a_preview_and_an_error_keep_the_key(page, post):
    page.expected_complaints.append("422")
    page.goto("/posts/sleep/")
    first = write(page, "Does it change dreams?")
    approve(first)
    page.get_by_role("textbox", name="Comment").fill("And sleep?")
    page.get_by_role("button", name="Preview").click()
    page.locator("#reply-preview").wait_for()
    page.get_by_role("textbox", name="Name").fill("")
    page.get_by_role("button", name="Post Comment").click()
    page.get_by_text("Tell us what to call you").first.wait_for()
    assert write(page, "And sleep?").status == "approved"


@pytest.mark.parametrize("page", [False], indirect=True)
def test_without_scripts_each_reply_waits_and_arrives_all_the_same(page, post):
    page.goto("/posts/sleep/")
    first = write(page, "Does it change dreams?")
    approve(first)
    page.goto("/posts/sleep/")
    assert write(page, "Thank you, it did.").status == "pending"


def test_the_link_of_a_mail_makes_another_browser_known(page, post):
    page.goto("/posts/sleep/")
    first = write(page, "Does it change dreams?", remember=True)
    approve(first)
    watching.begin(first)
    page.goto(first.watch.address.get_absolute_url())
    page.get_by_role("button", name="Yes, write to me").click()
    page.get_by_text("Thank you. We write to you").wait_for()
    other = page.context.browser.new_context(base_url=page.url.partition("/notices")[0])
    phone = other.new_page()
    phone.goto(first.watch.address.get_absolute_url())
    phone.goto("/posts/sleep/")
    assert write(phone, "From my phone.").status == "approved"
    other.close()


@pytest.mark.parametrize("has_key", [True, False])
def test_who_follows_the_link_of_somebody_else_does_not_go_on_as_that_one(page, post, has_key):
    bait = make_comment(post, "Look here.", name="Sam", status="pending", writer=secrets.new_writer())
    page.goto("/posts/sleep/")
    if has_key:
        own = write(page, "Does it change dreams?").writer_key
    page.goto(threads.address_on_page(bait, own=True, new=True))
    page.get_by_text("Look here.").wait_for()
    assert page.locator("#reply-key").input_value() == (own if has_key else "")
    page.reload()
    reply = write(page, "Thank you, it did.")
    assert reply.writer != bait.writer


def test_a_key_in_the_browsers_storage_that_is_none_of_ours_does_no_harm(page, post):
    page.goto("/posts/sleep/")
    for kept in ('{"key": "<b>x</b>"}', '{"key": 5}', '{"key": {}}'):
        page.evaluate("kept => sessionStorage.setItem('own-replies', kept)", kept)
        page.reload()
    assert write(page, "Does it change dreams?").status == "pending"


@pytest.mark.parametrize("page", [True, False], ids=["scripts", "no scripts"], indirect=True)
def test_a_moderator_bans_and_takes_it_back(page, post):
    make_mo()
    make_comment(post, "Buy here.", name="Sam", status="pending")
    page.goto(LIST)
    page.fill("#id_username", "mo")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    card = page.get_by_role("article", name="Sam")
    card.get_by_text("More", exact=True).click()
    card.get_by_role("button", name="Ban this writer").click()
    page.get_by_text("Banned: what this writer sends").wait_for()
    assert page.get_by_text("Its writer is banned", exact=True).is_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("The ban is lifted").wait_for()
    assert not Ban.objects.in_force().exists()
