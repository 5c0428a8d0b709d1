"""Articles are set at save: anchors, tables in boxes, reference marks, callouts, videos and images in sizes."""

import re

import pytest
from django.utils import translation

from ketablog.markup import TYPESET, ImageData, ImageSource, linked_marks, plain_text, render_article

VIDEO = "https://www.youtube.com/watch?v=abcdefghijk"


def set_(source: str, references: int = 0) -> str:
    """The HTML of a source without images."""
    html = render_article(source, {}, references).html
    assert TYPESET.nh3_clean(html) == html
    return html


def titles(source: str) -> list[tuple[object, object, object]]:
    return [(row["id"], row["title"], row["level"]) for row in render_article(source, {}).contents]


# Headings


def test_headings_have_ids_made_of_their_words_and_are_listed():
    source = "<h2>Side effects</h2><p>x</p><h3>Nausea &amp; <em>dizziness</em></h3><h4>Later</h4>"
    assert set_(source) == (
        '<h2 id="s-side-effects">Side effects</h2><p>x</p>'
        '<h3 id="s-nausea-dizziness">Nausea &amp; <em>dizziness</em></h3><h4>Later</h4>'
    )
    assert titles(source) == [("s-side-effects", "Side effects", 2), ("s-nausea-dizziness", "Nausea & dizziness", 3)]


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("כותרת ראשונה", "s-כותרת-ראשונה"),
        ("हिन्दी में", "s-हिन्दी-में"),
        ("Кетамин и сон", "s-кетамин-и-сон"),
        ("睡眠", "s-睡眠"),
        ("Café 2", "s-café-2"),
        ("“Is it safe?”", "s-is-it-safe"),
        ("???", "s"),
        ("a\u200b\u202eb", "s-ab"),
        ("x" * 200, "s-" + "x" * 60),
    ],
)
def test_an_id_keeps_the_letters_of_any_language(title, anchor):
    assert titles(f"<h2>{title}</h2>")[0][0] == anchor
    assert f'<h2 id="{anchor}">' in set_(f"<h2>{title}</h2>")


def test_the_same_heading_twice_has_two_ids_and_none_is_given_twice():
    source = "<h2>Risks</h2><h2>Risks 2</h2><h2>Risks</h2><h2>Risks!</h2>"
    assert [row[0] for row in titles(source)] == ["s-risks", "s-risks-2", "s-risks-3", "s-risks-4"]


def test_no_heading_takes_an_id_of_the_page():
    taken = ["main", "title", "replies", "leave-reply", "share-heading", "references", "ref-1", "comment-12", "mark-1"]
    found = [row[0] for row in titles("".join(f"<h2>{name}</h2>" for name in taken))]
    assert not set(found) & set(taken)
    assert all(str(name).startswith("s-") for name in found)


def test_empty_headings_are_left_out_of_the_contents():
    source = "<h2></h2><h2> &nbsp;<br></h2><h3><em></em></h3><h2>\u200b</h2>"
    assert titles(source) == []
    assert "id=" not in set_(source)


def test_a_heading_in_a_quote_can_be_linked_to_but_is_no_section():
    source = "<h2>One</h2><blockquote class='note'><h3>Two</h3></blockquote><blockquote><h2>Three</h2></blockquote>"
    assert [row[1] for row in titles(source)] == ["One"]
    assert '<h3 id="s-two">' in set_(source)
    assert '<h2 id="s-three">' in set_(source)


def test_a_line_break_in_a_heading_is_a_space_in_the_contents():
    assert titles("<h2>One<br>two\n three</h2>") == [("s-one-two-three", "One two three", 2)]


def test_a_thousand_headings_have_a_thousand_ids():
    article = render_article("<h2>Again</h2>" * 1000, {})
    assert len({row["id"] for row in article.contents}) == 1000
    assert TYPESET.nh3_clean(article.html) == article.html


# Tables


def test_a_table_stands_in_a_box_that_is_named_by_its_caption():
    assert set_("<table><caption>Doses</caption><tbody><tr><td>1</td></tr></tbody></table>") == (
        '<div class="table-box" tabindex="0" role="region" aria-labelledby="table-1"><table>'
        '<caption id="table-1">Doses</caption><tbody><tr><td>1</td></tr></tbody></table></div>'
    )


def test_tables_without_words_above_them_are_told_apart_by_number_in_the_active_language():
    source = "<table><tr><td>1</td></tr></table><table><caption> </caption><tr><td>2</td></tr></table>"
    assert re.findall(r'aria-label="([^"]*)"', set_(source)) == ["Table 1", "Table 2"]
    assert "aria-labelledby" not in set_(source)


def test_a_table_in_a_table_has_no_box_and_lends_no_caption():
    inner = "<table><caption>Inner</caption><tbody><tr><td>1</td></tr></tbody></table>"
    html = set_(f"<table><tbody><tr><td>{inner}</td></tr></tbody></table>")
    assert html.count("table-box") == 1
    assert 'aria-label="Table 1"' in html
    assert "<caption>Inner</caption>" in html


# Reference marks


def test_a_mark_leads_to_its_reference_and_the_first_one_can_be_led_back_to():
    html = set_("<p>So it is [1].</p><p>Again[1].</p>", 1)
    assert html == (
        '<p>So it is<span class="marks">&nbsp;['
        '<a class="mark" id="mark-1" href="#ref-1" aria-label="Reference 1">1</a>]</span>.</p>'
        '<p>Again<span class="marks">[<a class="mark" href="#ref-1" aria-label="Reference 1">1</a>]</span>.</p>'
    )
    assert linked_marks(html) == {1}


@pytest.mark.parametrize(
    ("mark", "links", "marked"),
    [
        ("[2, 3]", ["2", "3"], {2, 3}),
        ("[2,3]", ["2", "3"], {2, 3}),
        ("[1; 3]", ["1", "3"], {1, 3}),
        ("[1,&nbsp;3]", ["1", "3"], {1, 3}),
        ("[1-3]", ["1", "3"], {1, 2, 3}),
        ("[1–4]", ["1", "4"], {1, 2, 3, 4}),
        ("[1&ndash;3, 4]", ["1", "3", "4"], {1, 2, 3, 4}),
        ("[3-1]", ["3", "1"], {1, 3}),
        ("[3, 9]", ["3"], {3}),
        ("[3-9]", ["3"], {3, 4}),
        ("[9, 2]", ["2"], {2}),
        ("[01]", ["1"], {1}),
    ],
)
def test_marks_may_be_lists_and_ranges(mark, links, marked):
    html = set_(f"<p>x{mark}</p>", 4)
    assert re.findall(r'href="#ref-(\d+)"', html) == links
    assert linked_marks(html) == marked
    assert plain_text(html) == f"x{plain_text(f'<p>{mark}</p>')}"


@pytest.mark.parametrize(
    "words", ["[4]", "[0]", "[0, 1]", "[2019]", "[1 mg]", "[a]", "[-1]", "[1", "1]", "[1,, 2]", "[1.5]", "[ 1 ]"]
)
def test_what_is_no_mark_or_has_no_reference_stays_as_it_is(words):
    assert set_(f"<p>x {words} y</p>", 3) == f"<p>x {words} y</p>"


@pytest.mark.parametrize(
    "source",
    [
        "<p><code>a[1]</code></p>",
        "<pre>a[1]</pre>",
        "<pre><code>a[1]</code></pre>",
        '<p><a href="/x/">paper <em>[1]</em></a></p>',
        "<h4>Later [1]</h4>",
    ],
)
def test_code_links_and_headings_have_no_marks(source):
    assert set_(source, 3) == source
    assert render_article(source, {}, 3).marks == []


def test_the_mark_of_a_heading_is_neither_in_its_id_nor_in_the_contents():
    assert set_("<h2>Does it last? [1, 2]</h2>", 3) == '<h2 id="s-does-it-last">Does it last? [1, 2]</h2>'
    assert titles("<h2>Does it last? [1, 2]</h2>") == [("s-does-it-last", "Does it last?", 2)]


def test_marks_in_cells_captions_quotes_and_superscripts_are_linked():
    for source in (
        "<table><tr><td>1 [1]</td></tr></table>",
        "<figure><figcaption>From [1]</figcaption></figure>",
        "<blockquote class=warning><p>x [1]</p></blockquote>",
        "<p>x<sup>[1]</sup></p>",
        "<ul><li>x [1]</li></ul>",
    ):
        assert linked_marks(set_(source, 1)) == {1}


def test_all_marks_of_the_running_text_are_told_also_those_without_a_reference():
    assert render_article("<p>[2] [7, 9]</p><h2>[5]</h2><p>[2]</p>", {}, 3).marks == [2, 7, 9]


# Callouts


@pytest.mark.parametrize(("kind", "word"), [("note", "Note"), ("tip", "Good to know"), ("warning", "Warning")])
def test_a_marked_quote_is_a_callout_with_its_word(kind, word):
    assert set_(f'<blockquote class="{kind}"><p>Do not drive.</p></blockquote>') == (
        f'<div class="callout callout-{kind}" role="note"><p class="callout-label"><strong>{word}</strong></p>'
        "<p>Do not drive.</p></div>"
    )


@pytest.mark.parametrize("kind", ["evil", "warning note", "callout", "Warning", "warning\n", ""])
def test_a_quote_with_any_other_class_is_a_quote(kind):
    assert set_(f'<blockquote class="{kind}"><p>x</p></blockquote>') == "<blockquote><p>x</p></blockquote>"


def test_callouts_and_quotes_may_stand_in_each_other():
    html = set_(
        "<blockquote class='note'>a<blockquote>b<blockquote class='tip'>c</blockquote></blockquote>d</blockquote>e"
    )
    assert re.findall(r"<(/?(?:div|blockquote))", html) == [
        "div",
        "blockquote",
        "div",
        "/div",
        "/blockquote",
        "/div",
    ]


# Videos


@pytest.mark.parametrize(
    ("address", "host"),
    [
        (VIDEO, "youtube.com"),
        ("https://youtube.com/watch?list=x&amp;v=abcdefghijk&amp;t=10s", "youtube.com"),
        ("https://m.youtube.com/shorts/abcdefghijk", "youtube.com"),
        ("https://www.youtube-nocookie.com/embed/abcdefghijk", "youtube.com"),
        ("https://youtu.be/abcdefghijk?si=x", "youtube.com"),
        ("http://vimeo.com/12345", "vimeo.com"),
        ("https://vimeo.com/12345/abcdef", "vimeo.com"),
        ("https://player.vimeo.com/video/12345", "vimeo.com"),
    ],
)
def test_a_video_alone_in_its_paragraph_is_a_card_and_nothing_is_loaded(address, host):
    html = set_(f'<p>\n<a href="{address}">What a visit is <em>like</em></a> </p>')
    assert html == (
        f'<p class="video"><a href="{address}" rel="noopener noreferrer">What a visit is <em>like</em></a> '
        f'<span class="video-note">Opens at {host}; nothing is loaded from there before you follow it.</span></p>'
    )
    assert not re.search(r"<(?:img|iframe|source|link|script)", html)


@pytest.mark.parametrize(
    "source",
    [
        f"<p>{VIDEO}</p>",
        f'<p><a href="{VIDEO}">{VIDEO}</a></p>',
        f'<p><a href="{VIDEO}">{VIDEO.removeprefix("https://")}</a></p>',
        f'<p><a href="{VIDEO}"></a></p>',
    ],
)
def test_a_video_without_words_of_its_own_is_called_video(source):
    assert f'<a href="{VIDEO}" rel="noopener noreferrer">Video</a>' in set_(source)


@pytest.mark.parametrize(
    "source",
    [
        f'<p>See <a href="{VIDEO}">this</a></p>',
        f'<p><a href="{VIDEO}">one</a> <a href="{VIDEO}">two</a></p>',
        f'<ul><li><p><a href="{VIDEO}">x</a></p></li></ul>',
        f"<table><tbody><tr><td><p>{VIDEO}</p></td></tr></tbody></table>",
        f'<h2><a href="{VIDEO}">x</a></h2>',
        '<p><a href="https://www.youtube.com/@clinic">x</a></p>',
        '<p><a href="https://www.youtube.com/watch?list=x">x</a></p>',
        '<p><a href="https://vimeo.com/about">x</a></p>',
        '<p><a href="https://youtube.com.evil.example/watch?v=abcdefghijk">x</a></p>',
        '<p><a href="https://evil.example/youtube.com/watch?v=abcdefghijk">x</a></p>',
        '<p><a href="https://youtube.com@evil.example/watch?v=abcdefghijk">x</a></p>',
        '<p><a href="https://[youtube.com/watch?v=abcdefghijk">x</a></p>',
        '<p><a href="javascript://youtube.com/watch?v=abcdefghijk">x</a></p>',
        '<p><a href="//youtube.com/watch?v=abcdefghijk">x</a></p>',
        "<p></p>",
    ],
)
def test_any_other_link_is_no_card(source):
    assert "video" not in set_(source).replace(VIDEO, "")


def test_a_linked_picture_of_the_writer_s_own_stays_a_picture():
    image = {7: ImageData("/media/a.webp", 160, 90, "A chair")}
    html = render_article(f'<p><a href="{VIDEO}"><img src="/images/7/"></a></p>', image).html
    assert '<img src="/media/a.webp"' in html
    assert "class=" not in html


def test_what_the_site_says_about_a_video_is_not_part_of_the_words():
    assert plain_text(set_(f'<p>One</p><p><a href="{VIDEO}">A visit</a></p>')) == "One\nA visit"


# Links


def test_a_link_that_leads_elsewhere_gives_no_hold_on_the_page():
    html = set_(
        '<p><a href="https://example.org" rel="opener">a</a><a href="/b/">b</a><a href="mailto:c@d.e">c</a></p>'
    )
    assert html == (
        '<p><a href="https://example.org" rel="noopener">a</a><a href="/b/">b</a><a href="mailto:c@d.e">c</a></p>'
    )


# Images


def test_an_image_comes_in_better_formats_first_and_keeps_its_own_size():
    sources = (
        ImageSource("image/avif", "/media/a-480.avif 480w, /media/a-960.avif 960w"),
        ImageSource("image/webp", "https://files.example/a,b.webp?x=1&y=2 480w"),
    )
    image = {7: ImageData("/media/a.webp", 1600, 900, 'Tom & "Jerry" &lt;b&gt;', sources)}
    html = render_article('<figure><img src="/images/7/"></figure>', image).html
    assert TYPESET.nh3_clean(html) == html
    sizes = 'sizes="(min-width: 46em) 43rem, calc(100vw - 2rem)"'
    assert html == (
        "<figure><picture>"
        f'<source type="image/avif" srcset="/media/a-480.avif 480w, /media/a-960.avif 960w" {sizes}>'
        f'<source type="image/webp" srcset="https://files.example/a,b.webp?x=1&amp;y=2 480w" {sizes}>'
        '<img src="/media/a.webp" alt="Tom &amp; &quot;Jerry&quot; &amp;lt;b&amp;gt;" width="1600" height="900" '
        'loading="lazy" decoding="async"></picture></figure>'
    )


@pytest.mark.parametrize(
    "srcset", ["javascript:alert(1) 1w", "data:image/png,x 1w", "//x.example/a 1w", "/a 1w, data:x 2w", "/a", ""]
)
def test_no_other_scheme_gets_into_the_sizes_of_an_image(srcset):
    image = {7: ImageData("/media/a.webp", 1, 1, "x", (ImageSource("image/webp", srcset),))}
    assert "srcset" not in render_article('<img src="/images/7/">', image).html


# What only typesetting may add


@pytest.mark.parametrize(
    "source",
    [
        '<p id="title" class="video">x</p>',
        '<p><a id="mark-1" class="mark" href="/x/" aria-label="Reference 1">x</a></p>',
        '<p><span id="mark-1" class="marks">x</span></p>',
        '<div class="callout callout-warning" role="note"><p class="callout-label">x</p></div>',
        '<div class="table-box" tabindex="0" role="region" aria-label="x">x</div>',
        '<aside class="callout">x</aside>',
        '<picture><source type="image/webp" srcset="https://x.example/a.webp 1w" sizes="1px">x</picture>',
        '<p dir="rtl" lang="he" style="x" data-x="y" tabindex="5" role="alert">x</p>',
    ],
)
def test_a_writer_can_type_no_id_class_role_or_picture(source):
    assert not re.search(
        r"\s(?:id|class|role|tabindex|aria-\w+|style|dir|data-\w+|srcset)=|<(?!/?[pa]\b)", set_(source)
    )


def test_ids_and_names_from_the_source_give_way_to_our_own():
    html = set_('<h2 id="main" class="x">A</h2><table class="x"><caption id="title">B</caption></table><p>[1]</p>', 1)
    assert re.findall(r'\sid="([^"]*)"', html) == ["s-a", "table-1", "mark-1"]


def test_what_was_set_can_be_set_again_and_gains_nothing():
    once = set_("<h2>A</h2><table><tr><td>x</td></tr></table><blockquote>y</blockquote>")
    assert set_(once) == once


def test_deep_nesting_is_set_all_the_same():
    for source in ("<blockquote class=note><h2>x" * 200, "<table><td>" * 200, "<ul><li><p>[1]" * 200):
        assert set_(source, 1)


def test_the_words_of_typesetting_are_in_the_active_language(monkeypatch):
    monkeypatch.setattr("ketablog.markup.tables._", lambda words: f"{words} {translation.get_language()}")
    with translation.override("es"):
        assert 'aria-label="Table 1 es"' in set_("<table><tr><td>1</td></tr></table>")
