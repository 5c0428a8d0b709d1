"""While a reply is written: nothing is lost by a wrong click, the keyboard is enough, and a name can stay unknown."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.base import make_comment, make_post, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article(page):
    make_site(name="Harbor Clinic")
    post = make_post("Ketamine and sleep", slug="sleep")
    make_comment(post, "What about sleep?", name="Nora")
    make_comment(post, "And what about dreams?", name="Quiet Harbor")
    page.goto("/posts/sleep/")
    return page


def write(page, text):
    page.locator("#reply-comment").fill(text)


def text_of(page):
    return page.locator("#reply-comment").input_value()


def answer(page, name):
    page.get_by_role("link", name=f"Reply to {name}").click()


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_a_reload_and_a_wrong_click_lose_nothing(article):
    write(article, "A long thought")
    article.reload()
    assert text_of(article) == "A long thought"
    article.goto("/")
    article.goto("/posts/sleep/")
    assert text_of(article) == "A long thought"


def test_what_was_begun_below_a_reply_is_there_again_without_a_jump(article):
    answer(article, "Nora")
    write(article, "I slept well")
    article.reload()
    assert article.get_by_role("heading", name="Leave a Reply to Nora").is_visible()
    assert text_of(article) == "I slept well"
    assert focused(article) == ""


def test_a_text_moves_with_the_form_and_two_texts_stay_two(article):
    write(article, "To the article")
    answer(article, "Nora")
    assert text_of(article) == "To the article", "it was begun above and belongs here"
    article.get_by_role("button", name="Cancel reply").click()
    assert text_of(article) == "To the article"
    article.goto(article.get_by_role("link", name="Reply to Nora").get_attribute("href"))
    assert text_of(article) == ""
    write(article, "To Nora")
    article.goto("/posts/sleep/")
    assert text_of(article) == "To the article"
    answer(article, "Nora")
    assert text_of(article) == "To Nora"
    article.get_by_role("button", name="Cancel reply").click()
    assert text_of(article) == "To the article"


def test_an_article_keeps_its_text_to_itself(article):
    write(article, "About sleep")
    make_post(slug="dreams")
    article.goto("/posts/dreams/")
    assert text_of(article) == ""


def test_what_was_taken_is_kept_no_longer(article):
    write(article, "Taken")
    article.get_by_role("textbox", name="Name").fill("Rita")
    article.get_by_role("textbox", name="Email").fill("rita@example.org")
    article.get_by_role("button", name="Post Comment").click()
    article.locator(".held").wait_for()
    assert article.evaluate("Object.keys(sessionStorage)") == ["own-replies"]
    article.goto("/posts/sleep/")
    assert text_of(article) == ""


def test_without_storage_everything_else_works(article):
    article.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })"
    )
    article.reload()
    answer(article, "Nora")
    write(article, "No storage here")
    article.get_by_role("button", name="Cancel reply").click()
    assert text_of(article) == "No storage here"
    assert not article.get_by_label("Remember my name").is_visible()
    article.get_by_role("textbox", name="Name").fill("Rita")
    article.get_by_role("textbox", name="Email").fill("rita@example.org")
    article.get_by_role("button", name="Post Comment").click()
    article.locator(".held").wait_for()


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter"])
def test_the_keyboard_alone_is_enough(article, keys):
    article.get_by_role("link", name="Reply to Nora").focus()
    article.keyboard.press("Enter")
    assert focused(article) == "reply-comment"
    article.keyboard.type("Mine, by keyboard")
    article.keyboard.press("Tab")
    assert article.evaluate("document.activeElement.textContent") == "Suggest a neutral name"
    article.keyboard.press("Enter")
    expect(article.locator("#reply-name")).not_to_have_value("")
    article.keyboard.press("Tab")
    assert focused(article) == "reply-name"
    article.keyboard.press("Tab")
    article.keyboard.type("rita@example.org")
    article.locator("#reply-comment").focus()
    article.keyboard.press(keys)
    article.locator(".held").wait_for()
    comment = Comment.objects.get(source="Mine, by keyboard")
    assert comment.parent.name == "Nora"
    assert focused(article) == f"comment-{comment.pk}"
    article.keyboard.press("Tab")
    assert article.evaluate("document.activeElement.closest('.reply').id") == f"comment-{comment.pk}"


def test_enter_alone_begins_a_new_line(article):
    article.locator("#reply-comment").focus()
    article.keyboard.type("one")
    article.keyboard.press("Enter")
    article.keyboard.type("two")
    assert text_of(article) == "one\ntwo"


def test_a_neutral_name_is_one_of_the_list_and_nobodys_here(article):
    button = article.get_by_role("button", name="Suggest a neutral name")
    with article.expect_response("**/comments/names/") as answer:
        button.click()
    names = answer.value.text().split(", ")
    assert "Quiet Harbor" in names
    suggested = set()
    for _ in range(12):
        article.locator("#reply-name").fill("")
        button.click()
        expect(article.locator("#reply-name")).not_to_have_value("")
        suggested.add(article.locator("#reply-name").input_value())
        assert article.locator("#reply-news").inner_text() == article.locator("#reply-name").input_value()
    assert suggested <= set(names) - {"Quiet Harbor"}
    assert len(suggested) > 1


def test_the_counter_speaks_when_it_appears_and_when_it_is_passed_only(article):
    news = article.locator("#reply-news")
    write(article, "x" * 4000)
    assert news.inner_text() == ""
    write(article, "x" * 4990)
    assert news.inner_text() == "Characters left: 10"
    write(article, "x" * 4991)
    assert news.inner_text() == "Characters left: 10"
    write(article, "x" * 5003)
    assert news.inner_text() == "Characters too many: 3"
