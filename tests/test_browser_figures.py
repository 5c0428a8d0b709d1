"""The figures, and deciding from a mail, in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from comments.mail_buttons import links
from comments.models import Comment, RuleHit
from tests.base import PASSWORD, make_comment, make_mo, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mo(page):
    mo = make_mo()
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("mo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return mo


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figures_fit_and_have_no_fault_that_axe_finds(page, mo, scheme, width):
    post = make_post()
    for status in ("pending", "approved", "spam"):
        comment = make_comment(post, status=status)
        RuleHit.objects.create(comment=comment, rule="links", outcome="hold", at=timezone.now(), was_right=False)
    comment = Comment.objects.get(status="approved")
    comment.decisions.create(before="pending", after="approved", text_version=1, by=mo)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto("/admin/comments/decision/figures/?days=90")
    page.get_by_text("The numbers of this chart").click()
    assert page.get_by_role("img", name="Replies and spam over time").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("page", [True, False], indirect=True)
def test_a_link_of_a_mail_asks_and_decides_with_and_without_scripts(page, mo):
    comment = make_comment(make_post(), status="pending")
    approve, *_others = links.offered(comment, mo)
    page.goto(approve.path)
    assert Comment.objects.get().status == "pending"
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Approved: readers of the article see it now.").wait_for()
    assert Comment.objects.get().status == "approved"
