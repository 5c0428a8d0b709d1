"""A writer at work in a real browser, under the enforced content security policy."""

import pytest
from django.utils import timezone

from ketablog import roles
from posts.models import Image, Post, Tag
from tests.base import PASSWORD, make_person, make_user
from tests.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(page):
    """The browser with Ada signed in, on a new article."""
    make_person(user=make_user("ada", roles.WRITERS))
    page.goto("/admin/posts/post/add/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector(".ProseMirror")
    page.fill("#id_title", "What an infusion is like")
    page.select_option("#id_writer", index=1)
    return page


def press(page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def save(page) -> Post:
    page.click("[name=_continue] >> nth=0")
    page.wait_for_selector(".messagelist .success")
    return Post.objects.get()


def upload(page, alt: str = "An empty chair beside a window", caption: str = "The room") -> None:
    page.get_by_text("Upload a new one").click()
    file = picture(size=(640, 480))
    page.set_input_files("#upload-file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": file.read()})
    page.fill("#upload-alt", alt)
    page.fill("#upload-caption", caption)
    page.get_by_role("button", name="Upload and use").click()


def test_what_is_typed_and_formatted_reaches_the_reader(desk):
    desk.click(".ProseMirror")
    desk.keyboard.type("Before you come")
    press(desk, "Heading")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Eat ")
    desk.keyboard.press("Control+b")
    desk.keyboard.type("nothing")
    desk.keyboard.press("Control+b")
    desk.keyboard.type(" for six hours.")
    desk.keyboard.press("Enter")
    press(desk, "Image")
    upload(desk)
    desk.wait_for_selector(".ProseMirror figure img")
    post = save(desk)
    image = Image.objects.get()
    assert "<h2>Before you come</h2>" in post.body
    assert "<p>Eat <strong>nothing</strong> for six hours.</p>" in post.body
    assert (
        f'<figure><img src="/images/{image.pk}/" alt="An empty chair beside a window">'
        "<figcaption>The room</figcaption></figure>" in post.body
    )
    assert not post.body.endswith("<p></p>")
    Post.objects.update(published_at=timezone.now())
    desk.context.clear_cookies()
    desk.goto(post.get_absolute_url())
    shown = desk.get_by_role("img", name="An empty chair beside a window")
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") == 640
    assert desk.get_by_role("heading", name="Before you come").is_visible()


def test_an_upload_without_a_description_says_so_and_keeps_the_file(desk):
    desk.expected_complaints.append("422")
    desk.click(".ProseMirror")
    press(desk, "Image")
    upload(desk, alt="")
    desk.wait_for_selector("#upload-alt[aria-invalid=true]")
    assert desk.text_content("#upload-alt-error") == "This field is required."
    assert desk.evaluate("document.activeElement.id") == "upload-alt"
    assert Image.objects.count() == 0
    desk.fill("#upload-alt", "A chair")
    desk.get_by_role("button", name="Upload and use").click()
    desk.wait_for_selector(".ProseMirror figure img")
    assert Image.objects.get().alt == "A chair"


def test_an_image_of_the_library_becomes_the_cover(desk):
    desk.get_by_role("button", name="Choose an image…").click()
    upload(desk)
    desk.wait_for_selector(".picked-image:not([hidden])")
    assert save(desk).cover == Image.objects.get()
    desk.get_by_role("button", name="Take it away").click()
    assert save(desk).cover is None
    desk.get_by_role("button", name="Choose an image…").click()
    desk.get_by_role("button", name="An empty chair beside a window").click()
    assert save(desk).cover == Image.objects.get()


def test_closing_the_library_changes_nothing_and_leads_back_to_the_text(desk):
    desk.click(".ProseMirror")
    desk.keyboard.type("Before, ")
    press(desk, "Image")
    desk.get_by_role("button", name="Close", exact=True).click()
    desk.wait_for_selector("#image-dialog", state="hidden")
    desk.wait_for_selector(".ProseMirror-focused")
    desk.keyboard.type("and after.")
    press(desk, "Image")
    desk.keyboard.press("Escape")
    desk.wait_for_selector("#image-dialog", state="hidden")
    assert "<p>Before, and after.</p>" in save(desk).body


def test_the_description_of_an_image_and_its_caption_can_be_changed_in_the_text(desk):
    desk.click(".ProseMirror")
    press(desk, "Image")
    upload(desk)
    desk.click(".ProseMirror figure img")
    press(desk, "Image")
    desk.get_by_label("Description, for readers who cannot see it").fill("A chair")
    desk.get_by_role("button", name="Apply").click()
    press(desk, "Caption")
    assert 'alt="A chair">' in save(desk).body
    assert "figcaption" not in Post.objects.get().body


def test_a_link_and_a_table(desk):
    desk.click(".ProseMirror")
    desk.keyboard.type("our clinic")
    desk.keyboard.press("Control+a")
    press(desk, "Link")
    desk.get_by_label("Address", exact=True).fill("example.org/clinic")
    desk.get_by_role("button", name="Apply").click()
    desk.wait_for_selector(".ProseMirror:focus a")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Enter")
    press(desk, "Table")
    desk.keyboard.type("Dose")
    press(desk, "Add row")
    post = save(desk)
    assert '<a href="https://example.org/clinic" rel="noopener">our clinic</a>' in post.body_html
    assert post.body_html.count("<tr>") == 4
    assert "Dose" in post.body_html


def test_a_quote_becomes_a_callout_another_kind_and_plain_text_again(desk):
    desk.click(".ProseMirror")
    desk.keyboard.type("Do not drive.")
    press(desk, "A warning in a box")
    quote = desk.locator(".ProseMirror blockquote")
    assert quote.evaluate("it => getComputedStyle(it, '::before').content") == '"Warning"'
    warning = desk.get_by_role("toolbar").get_by_role("button", name="A warning in a box")
    assert warning.get_attribute("aria-pressed") == "true"
    post = save(desk)
    assert post.body == '<blockquote class="warning"><p>Do not drive.</p></blockquote>'
    assert '<div class="callout callout-warning" role="note">' in post.body_html
    desk.wait_for_selector(".ProseMirror blockquote.warning")
    desk.click(".ProseMirror blockquote p")
    press(desk, "A note in a box")
    assert save(desk).body == '<blockquote class="note"><p>Do not drive.</p></blockquote>'
    desk.click(".ProseMirror blockquote p")
    press(desk, "Quote")
    assert save(desk).body == "<blockquote><p>Do not drive.</p></blockquote>"
    desk.click(".ProseMirror blockquote p")
    press(desk, "Quote")
    assert save(desk).body == "<p>Do not drive.</p>"


def leave(page) -> None:
    page.get_by_role("link", name="Home", exact=True).click()


def test_what_is_not_saved_is_not_left_without_a_question(desk):
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", stay)
    desk.click(".ProseMirror")
    desk.keyboard.type("A draft of an hour.")
    with desk.expect_event("dialog"):
        leave(desk)
    assert asked == ["beforeunload"]
    assert desk.text_content(".ProseMirror p") == "A draft of an hour."
    save(desk)
    desk.wait_for_selector(".ProseMirror")
    leave(desk)
    desk.wait_for_url("**/admin/")
    assert asked == ["beforeunload"]


def test_what_was_changed_back_or_not_at_all_is_left_without_a_question(desk):
    asked = []
    save(desk)
    desk.wait_for_selector(".ProseMirror")
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.fill("#id_standfirst", "Something")
    desk.fill("#id_standfirst", "")
    leave(desk)
    desk.wait_for_url("**/admin/")
    assert asked == []


def test_what_was_refused_is_not_saved_yet(desk):
    desk.fill("#id_title", "  ")
    desk.evaluate("document.getElementById('id_title').form.noValidate = true")
    desk.click("[name=_continue] >> nth=0")
    desk.wait_for_selector(".errornote")
    desk.wait_for_selector(".ProseMirror")
    desk.click("#id_standfirst")  # Browsers ask only where somebody did something.
    with desk.expect_event("dialog") as asked:
        desk.once("dialog", lambda dialog: dialog.accept())
        leave(desk)
    assert asked.value.type == "beforeunload"


def test_a_tag_that_was_chosen_counts_as_a_change(desk):
    Tag.objects.create(name="Sleep")
    save(desk)
    desk.wait_for_selector("#id_tags_from option")
    desk.dblclick("#id_tags_from option")
    with desk.expect_event("dialog") as asked:
        desk.once("dialog", lambda dialog: dialog.accept())
        leave(desk)
    assert asked.value.type == "beforeunload"


def test_the_buttons_of_an_article_do_not_lie_on_its_title(desk):
    desk.fill("#id_title", "What to expect at an infusion visit " * 5)
    save(desk)
    for width in (360, 1280):
        desk.set_viewport_size({"width": width, "height": 800})
        title = desk.locator("#content > h2").bounding_box()
        buttons = desk.locator(".object-tools").bounding_box()
        assert title["y"] + title["height"] <= buttons["y"]


def test_a_table_has_a_caption_that_can_be_changed(desk):
    desk.click(".ProseMirror")
    press(desk, "Table")
    press(desk, "Table caption")
    desk.get_by_label("What the table shows, above it").fill("Doses in the trials [1]")
    desk.get_by_role("button", name="Apply").click()
    assert desk.text_content(".ProseMirror caption") == "Doses in the trials [1]"
    desk.click(".ProseMirror td >> nth=0")
    desk.keyboard.type("Dose")
    post = save(desk)
    assert "<table><caption>Doses in the trials [1]</caption><tbody><tr>" in post.body
    assert 'aria-labelledby="table-1"' in post.body_html
    desk.click(".ProseMirror td >> nth=0")
    press(desk, "Add row")
    press(desk, "Table caption")
    desk.get_by_label("What the table shows, above it").fill("")
    desk.get_by_role("button", name="Apply").click()
    assert "caption" not in save(desk).body


def test_what_has_no_button_is_kept_while_the_rest_is_changed(desk):
    save(desk)
    kept = "<p>x<u>a</u><s>b</s><code>c</code></p><hr><pre><code>d\n  e</code></pre>"
    Post.objects.update(body=kept)
    desk.reload()
    desk.click(".ProseMirror p >> nth=0", position={"x": 1, "y": 5})
    desk.keyboard.press("Home")
    desk.keyboard.type("y")
    assert save(desk).body == kept.replace("x", "yx", 1)


def test_saving_without_a_change_leaves_the_text_as_it_is(desk):
    post = save(desk)
    source = "<h2>One</h2>\n<p>Two<br>three</p>\n\n<blockquote>Four</blockquote>"
    Post.objects.update(body=source)
    desk.reload()
    desk.wait_for_selector(".ProseMirror blockquote")
    save(desk)
    post.refresh_from_db()
    assert post.body == source


def test_the_toolbar_is_one_stop_and_moves_with_the_arrow_keys(desk):
    desk.focus("#id_standfirst")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.dataset.command") == "paragraph"
    desk.keyboard.press("ArrowRight")
    assert desk.evaluate("document.activeElement.dataset.command") == "heading2"
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.getAttribute('aria-label')") == "Text"
    desk.keyboard.type("Typed")
    assert "<p>Typed</p>" in save(desk).body


@pytest.mark.parametrize("page", [False], indirect=True)
def test_without_scripts_the_text_is_its_html(page):
    make_person(user=make_user("ada", roles.WRITERS))
    page.goto("/admin/posts/post/add/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.fill("#id_title", "Plain")
    page.select_option("#id_writer", index=1)
    page.fill("#id_body", "<p>By hand.</p>")
    page.click("[name=_save] >> nth=0")
    assert Post.objects.get().body == "<p>By hand.</p>"
