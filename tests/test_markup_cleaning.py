"""Foreign text becomes safe HTML, whatever it holds."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketablog import markup
from ketablog.markup import (
    COMMENT,
    TYPESET,
    ImageData,
    ImageSource,
    browser_length,
    one_line,
    plain_text,
    render_article,
    render_comment,
)

HARBOR = ImageData("/media/images/harbor.webp", 1600, 900, "A quiet harbor")
IMAGES = {7: replace(HARBOR, sources=(ImageSource("image/avif", "/media/images/harbor-480.avif 480w"),))}
HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVa\u200bScript:alert(1))",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        '"><b onmouseover=alert(1)>',
        "data:text/html,<script>alert(1)</script>",
        "![x](data:image/svg+xml;base64,AAAA)",
        "<form action=/x><button formaction=javascript:alert(1)>",
        "> > > > > >",
        "* " * 30,
        "\x00\ud7ff\u202e",
        "<table><td>" * 5,
        "<table><caption>Doses [1]<caption>x<tr><td>[2]",
        "<blockquote class=warning><h2>Heat",
        "<blockquote class='note evil'>",
        "<h2 id=title class=x>Heading [3]",
        "<h3>Heading",
        "<p>[1], [2, 3] and[1-9]</p>",
        "[2\u20133",
        "<p><a href='https://youtu.be/abcdefghijk'>",
        "<p>https://vimeo.com/12345",
        "<img src=/images/7/ srcset='javascript:x 1w' class=y>",
        "<picture><source srcset='data:x 1w'>",
        "<div class=table-box role=alert tabindex=9 onfocus=x>",
        "<span id=mark-1 class=marks><a id=mark-1 class=mark rel=x>",
        "<pre>\n\n[1]",
    ]
)
SOURCES = st.lists(st.one_of(st.text(max_size=60), HOSTILE), max_size=8).map("\n".join)
LIVE = re.compile(r"<[^>]*\son\w+\s*=|<[^>]*(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data|vbscript):", re.IGNORECASE)


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_a_reply_is_safe_and_both_sanitizers_agree_on_it(source):
    html = render_comment(source[: markup.COMMENT_LIMIT])
    assert COMMENT.nh3_clean(html) == html
    assert not LIVE.search(html)
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= COMMENT.tags


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_an_article_is_safe_and_cleaning_it_again_changes_nothing(source):
    article = render_article(source, IMAGES, references=3)
    html = article.html
    assert TYPESET.nh3_clean(html) == html
    assert not LIVE.search(html)
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= TYPESET.tags
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert all(re.match(r"s(-|$)|table-\d+$|mark-[123]$", name) for name in ids)
    assert {row["id"] for row in article.contents} <= set(ids)
    assert render_article(source, IMAGES, references=3) == article


def test_a_reply_keeps_its_small_markdown():
    html = render_comment("Hello *you*\nand **you**\n\n- one\n- two\n\n> said\n\n`code`")
    for part in (
        "<p>Hello <em>you</em><br>",
        "<strong>you</strong>",
        "<li>one</li>",
        "<blockquote>",
        "<code>code</code>",
    ):
        assert part in html


def test_a_reply_has_no_headings_images_or_html():
    html = render_comment("# Big\n\n![x](https://example.org/x.png)\n\n<b>bold</b>")
    assert "<h1" not in html
    assert "<img" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html


@pytest.mark.parametrize("text", ["https://example.org/a_b_c", "www.example.org", "[here](https://example.org)"])
def test_a_link_of_a_reader_helps_no_ranking_and_opens_nothing(text):
    assert 'rel="nofollow ugc noopener"' in render_comment(text)


@pytest.mark.parametrize("text", ["setup.py", "me@example.org", "`https://example.org`", "version 2.so"])
def test_what_is_no_web_address_is_not_linked(text):
    assert "<a " not in render_comment(text)


def test_a_text_over_the_limit_is_not_parsed():
    with pytest.raises(ValueError, match="too long"):
        render_comment("x" * (markup.COMMENT_LIMIT + 1))


def test_an_image_is_shown_by_its_id_with_its_size():
    html = render_article(
        '<figure><img src="/images/7/" alt="Boats"><figcaption>Dawn</figcaption></figure>', IMAGES
    ).html
    assert '<img src="/media/images/harbor.webp" alt="Boats" width="1600" height="900"' in html
    assert "<figcaption>Dawn</figcaption>" in html


def test_an_image_without_words_takes_those_of_the_library():
    assert 'alt="A quiet harbor"' in render_article('<img src="/images/7/">', IMAGES).html


@pytest.mark.parametrize(
    "src", ["/images/8/", "https://tracker.example/pixel.png", "//x.example/a", "/media/a.webp", ""]
)
def test_any_other_image_is_left_out(src):
    assert "<img" not in render_article(f'<p>a<img src="{src}">b</p>', IMAGES).html


def test_the_text_of_a_script_does_not_stay_behind():
    assert render_article("<p>a</p><script>alert(1)</script><style>p{}</style>", {}).html == "<p>a</p>"


def test_plain_text_has_a_line_for_each_block():
    assert plain_text("<h2>One &amp; two</h2><ul><li>a</li><li>b</li></ul><p>c<br>d</p>") == "One & two\na\nb\nc\nd"


def test_plain_text_has_a_line_for_each_cell():
    assert plain_text("<table><tr><th>Effect</th><td>7</td></tr><tr><td>b</td></tr></table>") == "Effect\n7\nb"


def test_a_name_is_one_line_of_visible_characters():
    assert one_line("  Ri\u202eta\n\t\u200b O\u2019Neil\x07 ") == "Rita O\u2019Neil"
    assert one_line("👩\u200d⚕️ नमस्\u200dते") == "👩\u200d⚕️ नमस्\u200dते"


def test_lengths_are_counted_as_a_browser_counts_them():
    assert browser_length("a\r\nb") == 3
    assert browser_length("👩") == 2
    assert browser_length("é") == 1
