"""The audit finds what it is there to find."""

import pytest

from audit.looking import look_at
from audit.pages import Page
from tests.base import make_comment, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_good_page_has_no_findings(browser, live_server):
    make_comment(make_post("Ketamine and sleep", slug="sleep"))
    report = look_at(browser, live_server.url, Page("article", "/posts/sleep/"))
    # The tests' server compresses no static files, so their weight tells nothing here.
    assert [finding for finding in report.findings if " KB, at most " not in finding] == []
    assert report.requests == 4
    assert min(report.kilobytes[kind] for kind in ("html", "css", "js")) > 0


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
