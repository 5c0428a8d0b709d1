"""The audit finds what it is there to find."""

import pytest

from audit.looking import Report, look_at
from audit.pages import Page
from posts.models import Attachment, Tag
from posts.publishing import settle
from tests.base import make_category, make_comment, make_person, make_post, make_site, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_good_page_has_no_findings(browser, live_server):
    make_comment(make_post("Ketamine and sleep", slug="sleep"))
    report = look_at(browser, live_server.url, Page("article", "/posts/sleep/"))
    assert besides_weight(report) == []
    assert report.requests == 4
    assert min(report.kilobytes[kind] for kind in ("html", "css", "js")) > 0


def besides_weight(report: Report) -> list[str]:
    """What else was found: the tests' server compresses no static files, so their weight tells nothing."""
    return [finding for finding in report.findings if " KB, at most " not in finding]


BODY = """<h2>One</h2><p>It helps [1], some say [2].</p><h3>More</h3><blockquote><p>A quote.</p></blockquote>
<blockquote class="note"><p>Bring a friend.</p></blockquote><blockquote class="tip"><p>Rest.</p></blockquote>
<blockquote class="warning"><p>Do not drive.</p></blockquote><p>https://vimeo.com/123456</p>
<h2>Two</h2><table><caption>Doses</caption><tr><th>mg</th><td>5</td></tr></table><pre><code>mg</code></pre>"""


def test_an_article_with_all_that_one_may_have_has_no_findings(browser, live_server):
    make_site(help_lines="A friend | tel:116123", disclaimer="No advice.")
    post = make_post(
        "Ketamine and sleep",
        slug="sleep",
        standfirst="What we know.",
        key_points="Rest.\nSleep.",
        body=BODY,
        category=make_category("Pain"),
        shows_help_lines=True,
        action_text="Talk to us.",
        action_label="Book",
        action_url="/contact/",
    )
    post.tags.add(Tag.objects.create(name="Sleep"))
    for number, doi in enumerate(["10.1000/1", ""], start=1):
        post.references.create(position=number, title="A trial", source="Pain", year=2020, doi=doi)
    post.attachments.add(Attachment.objects.create(title="A leaflet", file="leaflets/a.pdf", size=5, pages=2))
    post.corrections.create(text="A year was wrong.")
    settle(post)
    make_post("Ketamine and pain", category=post.category)
    staff = make_user("ann")
    make_person(name="Ann", user=staff)
    make_comment(post, "Thanks!", parent=make_comment(post, parent=make_comment(post), user=staff))
    assert besides_weight(look_at(browser, live_server.url, Page("article", "/posts/sleep/"))) == []


PAGE = """<!doctype html><html><head><title>Bad</title>
<script>console.warn("hush")</script></head><body><main>
<div class="wide" style="inline-size: 900px">Wide</div><img src="/static/img/favicon.svg">
<script src="https://counter.example/count.js"></script></main></body></html>"""


def test_each_fault_of_a_bad_page_is_told(browser, live_server):
    def answer(route):
        route.fulfill(
            body=PAGE, content_type="text/html", headers={"Content-Security-Policy": "style-src 'self'"}, status=500
        )

    def open_context(**kwargs):
        context = make_context(**kwargs)
        context.route("**/bad/", answer)
        context.route(
            "https://counter.example/**", lambda route: route.fulfill(body="", content_type="text/javascript")
        )
        return context

    make_context = browser.new_context
    browser.new_context = open_context
    try:
        findings = look_at(browser, live_server.url, Page("bad", "/bad/")).findings
    finally:
        del browser.new_context
    text = "\n".join(findings)
    assert "status 500, not 200" in text
    assert "asks another host: https://counter.example/count.js" in text
    assert "policy violated: style-src" in text
    assert "console: hush" in text
    assert "axe, light, 360 px: image-alt" in text
    assert "axe, dark, 1280 px: html-has-lang" in text
