"""A language that is written from right to left turns the whole page, and what people typed keeps its own direction."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from ketablog import roles
from tests.base import PASSWORD, make_category, make_comment, make_person, make_post, make_site, make_user

IN_A_BROWSER = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STYLES = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
# A side of the page by its name, or four values of which the second and the fourth differ.
SIDE = re.compile(
    r"(?:margin|padding|border(?:-top|-bottom)?)-(?:left|right)|(?:^|[\s;{])(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)"
    r"|translateX|(?:margin|padding|inset)\s*:\s*(\S+) (\S+) (\S+) (?!\2\s*[;}])\S+\s*[;}]"
)
PARAGRAPH = "<p>الكيتامين دواء قديم له استعمال جديد. نشرح هنا ما نعرفه وما لا نعرفه.</p>"
BODY = (
    f"<h2>ما نعرفه</h2>{PARAGRAPH * 3}<blockquote><p>اقتباس</p></blockquote><ul><li>واحد</li></ul><pre>dose = 0.5</pre>"
)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_sheets_name_no_left_and_no_right(path):
    assert [match[0] for match in SIDE.finditer(path.read_text(encoding="utf-8"))] == []


@pytest.fixture
def arabic(settings):
    """An article of an Arabic clinic, with an answer two levels deep by somebody with an English name."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabic")]
    make_site(name="عيادة الميناء", language="ar", navigation="الرئيسية | /\nمن نحن | /about/", comment_limit=300)
    post = make_post(
        "الكيتامين والنوم", slug="sleep", body=BODY, key_points="نقطة أولى\nنقطة ثانية", standfirst="ملخص قصير للمقال.",
        category=make_category("الاكتئاب"), writer=make_person(name="آدا", credentials="MD"),
    )  # fmt: skip
    top = make_comment(post, "شكرا لكم على هذا المقال.", name="ريتا")
    answer = make_comment(post, "Thank you, Rita!", name="Sam (Dr.)", parent=top)
    make_comment(post, "وأنا أيضا.", name="نورا", parent=answer)
    for _ in range(50):
        make_comment(post, "شكرا", name="ليلى")
    return post


def box(page, selector: str) -> dict[str, float]:
    """Where the first such element is, with its `right` edge."""
    found = page.locator(selector).first.bounding_box()
    return {**found, "right": found["x"] + found["width"]}


def words_start(page, selector: str) -> dict[str, float]:
    """Where the words of the first such element begin and end on the screen, whatever room is around them."""
    return page.evaluate(
        "(selector) => { const range = document.createRange();"
        " range.selectNodeContents(document.querySelector(selector));"
        " const {left, right} = range.getBoundingClientRect(); return {left, right} }",
        selector,
    )


class TestRightToLeft:
    pytestmark = [
        *IN_A_BROWSER,
        pytest.mark.parametrize("width", [360, 1280]),
    ]

    @pytest.fixture(autouse=True)
    def _opened(self, page, arabic, width):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/posts/sleep/")

    def test_the_masthead_begins_at_the_right(self, page, width):
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert box(page, ".brand-name")["right"] > width - 60
        first, second = (item.bounding_box() for item in page.locator(".site-nav li").all())
        assert first["x"] > second["x"]
        assert box(page, ".theme-toggle")["x"] < 60

    def test_text_and_its_marks_begin_at_the_right(self, page, width):
        column = box(page, ".prose")
        for selector in ("h1", ".standfirst", ".prose h2", ".prose p"):
            assert words_start(page, selector)["right"] == pytest.approx(column["right"], abs=3), selector
        for selector in (".in-short", ".prose blockquote"):
            style = (
                "(element) => [getComputedStyle(element).borderRightWidth, getComputedStyle(element).borderLeftWidth]"
            )
            assert page.locator(selector).first.evaluate(style) == ["3px", "0px"], selector
        assert words_start(page, ".prose pre")["left"] < box(page, ".prose pre")["x"] + 30

    def test_the_breadcrumb_leads_leftward(self, page, width):
        home, category = (item.bounding_box() for item in page.locator(".breadcrumb a").all())
        assert category["x"] + category["width"] < home["x"]

    def test_replies_step_in_from_the_right_with_a_line_for_each_level(self, page, width):
        top, answer = page.locator(".depth-1").first, page.locator(".depth-2").first
        avatars = [reply.locator(".avatar").bounding_box() for reply in (top, answer)]
        names = [reply.locator(".reply-name").bounding_box() for reply in (top, answer)]
        for avatar, name in zip(avatars, names, strict=True):
            assert name["x"] + name["width"] < avatar["x"]
        step = avatars[0]["x"] - avatars[1]["x"]
        assert step > 15
        # The line is drawn at the outer edge of the room that the step leaves.
        lines = answer.evaluate("(element) => getComputedStyle(element)")
        assert lines["backgroundImage"].startswith("repeating-linear-gradient(to left,")
        assert lines["backgroundPositionX"] == "100%"
        assert lines["backgroundSize"].startswith(f"{step:g}px")

    def test_what_readers_typed_keeps_its_own_direction(self, page, width):
        english = page.locator(".depth-2 .reply-text").first
        assert english.evaluate("(element) => getComputedStyle(element).direction") == "ltr"
        assert words_start(page, ".depth-2 .reply-text p")["left"] == pytest.approx(english.bounding_box()["x"], abs=2)
        name = page.locator(".depth-2 .reply-name bdi").first
        assert name.evaluate("(element) => getComputedStyle(element).unicodeBidi") == "isolate"
        # "(Dr.)" would fall apart without it: its closing marks would stand at the left of the name.
        closing = name.evaluate(
            "(element) => { const range = document.createRange(); const text = element.firstChild;"
            " range.setStart(text, text.length - 1); range.setEnd(text, text.length);"
            " return range.getBoundingClientRect().left - element.getBoundingClientRect().left }"
        )
        assert closing > 30

    def test_the_form_begins_at_the_right_and_addresses_run_left_to_right(self, page, width):
        form = box(page, ".leave-reply form")
        for field in ("comment", "name"):
            assert words_start(page, f"label[for=reply-{field}]")["right"] == pytest.approx(form["right"], abs=3) or (
                width > 700 and field == "name"
            )
        directions = {
            field: page.locator(f"#reply-{field}").evaluate("(element) => getComputedStyle(element).direction")
            for field in ("comment", "email", "website")
        }
        assert directions == {"comment": "rtl", "email": "ltr", "website": "ltr"}
        bidi = page.locator("#reply-comment").evaluate("(element) => getComputedStyle(element).unicodeBidi")
        assert bidi == "plaintext"

    def test_the_pager_leads_onward_at_the_left(self, page, width):
        assert box(page, ".pager a[rel=next]")["x"] < box(page, ".pager .quiet")["x"]

    @pytest.mark.parametrize("address", ["/", "/posts/sleep/", "/posts/sleep/comments/", "/nothing/"])
    def test_no_page_scrolls_sideways(self, page, width, address):
        page.expected_complaints.append("404")
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_desk_turns_too(page, arabic, width):
    make_comment(arabic, "Thank you", name="Sam", status="pending", help_rank=2)
    make_user("mo", roles.MODERATORS)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/admin/login/?next=/admin/comments/comment/")
    page.locator("#id_username").fill("mo")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("[type=submit]").click()
    card = box(page, ".desk-card")
    assert box(page, ".desk-tick")["right"] > card["right"] - 40
    assert page.locator(".desk-card").evaluate("(element) => getComputedStyle(element).borderRightWidth") == "6px"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_arabic_reply_on_a_spanish_site_is_set_from_the_right(page):
    make_site(language="es")
    make_comment(make_post("El sueño", slug="sueno"), "شكرا لكم.", name="ريتا")
    page.goto("/posts/sueno/")
    text = box(page, ".reply-text")
    assert words_start(page, ".reply-text p")["right"] == pytest.approx(text["right"], abs=2)
    assert words_start(page, ".reply-name")["left"] < text["x"] + 120
