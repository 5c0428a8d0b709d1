"""How much a reader loads for an article with fifty replies, images aside."""

import re

import pytest
import time_machine
from django.contrib.staticfiles import finders

from bench.content.filling import fill
from ketablog.pagecache.pages import brotlied

pytestmark = pytest.mark.django_db(transaction=True)

HTML, CSS, JS, ALL = 12_000, 9_000, 5_000, 30_000
REQUESTS = 4


@pytest.fixture
def page(client):
    """An article of 800 words with its references, questions and fifty replies, among others; the same each time."""
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        fill(12, 2_000, seed=6)
        text = client.get("/posts/replies-50/").text
    assert text.count('<article class="reply') == 50
    assert len(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", text))) > 3_500
    return text


def bundle(path: str) -> bytes:
    with open(finders.find(path.removeprefix("/static/")), "rb") as file:
        return brotlied(file.read())


def test_an_article_with_fifty_replies_is_light(client, page):
    scripts = re.findall(r'<script src="([^"]+)"', page)
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    html, js = brotlied(page.encode()), b"".join(bundle(path) for path in scripts)
    css = b"".join(
        bundle(path) if path.startswith("/static/") else brotlied(client.get(path).content) for path in sheets
    )
    assert len(html) <= HTML
    assert len(css) <= CSS
    assert len(js) <= JS
    assert len(html) + len(css) + len(js) <= ALL
    assert 1 + len(scripts) + len(sheets) <= REQUESTS


def test_no_template_leaves_its_indentation_in_a_page(page):
    assert not re.search(r"^[ \t]{2,}", page, re.MULTILINE)


def test_words_that_stood_apart_in_a_template_do_so_in_the_page(page):
    words = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "A first name or a nickname is enough. Suggest a neutral name" in words
