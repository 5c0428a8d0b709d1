"""Questions and answers in a real browser: readable on every screen and on paper; made by staff by hand."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from ketablog import roles
from posts.models import Question
from tests.base import PASSWORD, make_comment, make_person, make_post, make_site, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHOUT_SCRIPTS = pytest.mark.parametrize("page", [False], ids=["no scripts"], indirect=True)


@pytest.fixture
def post():
    make_site(name="Harbor Clinic")
    post = make_post("Ketamine and sleep", slug="sleep")
    make_comment(post, "A reply.")
    who = make_person(name="Amara Desai", credentials="MD")
    post.questions.create(question="May I drive home?", answer="No.\n\n- Tram\n- Taxi", answered_by=who)
    post.questions.create(question="Donaudampfschifffahrt" * 8, answer="https://example.org/" + "x" * 120, position=2)
    return post


def violations(page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_section_fits_and_has_no_fault_that_axe_finds(page, post, scheme, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto("/posts/sleep/")
    page.get_by_role("region", name="Questions and answers").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


@WITHOUT_SCRIPTS
def test_a_link_to_a_question_leads_to_its_open_answer_also_on_paper(page, post):
    question = Question.objects.earliest("pk")
    page.goto("/posts/sleep/")
    page.get_by_role("link", name="May I drive home?").click()
    assert page.url.endswith(f"#question-{question.pk}")
    assert page.get_by_text("Tram").is_visible()
    page.emulate_media(media="print")
    assert page.get_by_text("Tram").is_visible()
    assert not page.get_by_text("A reply.").is_visible()


def test_staff_make_one_from_the_desk_and_see_it_on_the_page(page, post):
    doctor = make_user("grace", roles.SITE_MANAGERS)
    make_person(name="Grace Doctor", credentials="MD", user=doctor)
    asked = make_comment(post, "Hi, Rita here: may I eat before?", name="Rita")
    make_comment(post, "Rita, better not.", parent=asked, user=doctor, name="Grace Doctor", email="")
    page.goto("/admin/login/?next=/admin/comments/comment/?status=approved")
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Make a question and answer of it…").click()
    page.get_by_text("The name that the reader gave stands in a text below.").wait_for()
    page.get_by_label("Question:").fill("May I eat before?")
    page.get_by_label("Answer:").fill("Better not, for *six* hours.")
    page.get_by_label("I have read both texts: nothing in them tells who asked.").check()
    page.get_by_role("button", name="Add it to the article").click()
    page.get_by_role("link", name="See it on its page").click()
    section = page.get_by_role("region", name="Questions and answers")
    section.get_by_role("heading", name="May I eat before?").wait_for()
    assert section.get_by_text("Answered by Grace Doctor, MD").is_visible()
    assert not section.get_by_text("Rita").count()
