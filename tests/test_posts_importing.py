"""Files of four formats become plain articles, without the furniture of the page they came from."""

import io
import re
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.importers import Article, ImportFailed, markdown, pages, read_article, text, word

OPENING = "Many people sleep badly before their first visit, and most of them tell nobody about it."
MIDDLE = "A nurse asks a few questions, checks the blood pressure and stays in the room the whole time."
CLOSING = "Would you like to know more? Ring the desk on any weekday."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def blocks(article: Article) -> list[str]:
    return article.body.splitlines()


def paragraph(words: str, style: str = "", properties: str = "") -> str:
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f"<w:p><w:pPr>{style}</w:pPr>"
        f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'
    )


def docx(body: str, compression: int = zipfile.ZIP_DEFLATED, **parts: str) -> bytes:
    """A Word document with this body; its styles are named as Word names them."""
    names = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2", "Heading3": "heading 3"}
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in names.items()
    )
    parts = {
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
        **parts,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


# Plain text


def test_a_text_becomes_a_title_paragraphs_and_headings():
    article = text.read(
        f"The first visit\n\n{OPENING}\n\nHere is what happens.\n\n"
        f"You’re never alone in the room\n\n{MIDDLE}\n\n{CLOSING}\n"
    )
    assert article.title == "The first visit"
    assert blocks(article) == [
        f"<p>{OPENING}</p>",
        "<p>Here is what happens.</p>",
        "<h2>You’re never alone in the room</h2>",
        f"<p>{MIDDLE}</p>",
        f"<p>{CLOSING}</p>",
    ]


def test_a_repeated_title_is_dropped():
    article = text.read(f"The First Visit\n\nThe first visit\n\n{OPENING}")
    assert article == Article("The First Visit", f"<p>{OPENING}</p>")


def test_a_hard_wrapped_paragraph_is_joined():
    article = text.read("Title\n\nA line that goes on\r\nin the next one.\r\n\r\nAnother\tparagraph.")
    assert blocks(article) == ["<p>A line that goes on in the next one.</p>", "<p>Another paragraph.</p>"]


def test_a_hard_wrapped_heading_is_joined():
    article = text.read(f"Title\n\nWhat to bring to the clinic\non the day of your visit\n\n{OPENING}")
    assert blocks(article)[0] == "<h2>What to bring to the clinic on the day of your visit</h2>"


def test_without_blank_lines_each_line_is_a_paragraph():
    article = text.read(f"Title\n{OPENING}\nAt the clinic\n{MIDDLE}\n{CLOSING}")
    assert blocks(article) == [f"<p>{OPENING}</p>", "<h2>At the clinic</h2>", f"<p>{MIDDLE}</p>", f"<p>{CLOSING}</p>"]


def test_a_long_line_is_never_taken_for_a_wrapped_one():
    long = f"{OPENING} {MIDDLE}"
    article = text.read(f"Title\n\n{long}\nAt the clinic\n{long}")
    assert blocks(article) == [f"<p>{long}</p>", "<h2>At the clinic</h2>", f"<p>{long}</p>"]


@pytest.mark.parametrize(
    "line",
    ["It ends with a full stop.", "Is it a question?", "He said “yes.”", "For example:", "A word " * 20],
    ids=["stop", "question", "quote", "colon", "long"],
)
def test_a_sentence_or_a_long_line_is_no_heading(line):
    assert blocks(text.read(f"Title\n\n{line}\n\n{MIDDLE}"))[0] == f"<p>{line.strip()}</p>"


def test_a_short_line_above_another_one_or_at_the_end_is_no_heading():
    article = text.read(f"Title\n\nFirst\n\nSecond\n\n{MIDDLE}\n\nLast")
    assert blocks(article) == ["<p>First</p>", "<h2>Second</h2>", f"<p>{MIDDLE}</p>", "<p>Last</p>"]


@pytest.mark.parametrize("mark", ["-", "*", "•", "•\t"])
def test_bullets_become_a_list(mark):
    article = text.read(f"Title\n\nPlease bring:\n{mark} water\n\n{mark} a book\nto read\n\n{CLOSING}")
    assert blocks(article) == [
        "<p>Please bring:</p>",
        "<ul><li>water</li><li>a book to read</li></ul>",
        f"<p>{CLOSING}</p>",
    ]


def test_numbers_become_a_list_that_begins_where_the_writer_began():
    article = text.read("Title\n\nThen:\n\n3. rest\n4) drink\n")
    assert blocks(article) == ["<p>Then:</p>", '<ol start="3"><li>rest</li><li>drink</li></ol>']


def test_a_numbered_line_above_a_paragraph_is_a_heading():
    article = text.read(f"Two things\n\n1. It is safe\n\n{OPENING}\n\n2. It is quick\n\n{MIDDLE}")
    assert blocks(article)[::2] == ["<h2>1. It is safe</h2>", "<h2>2. It is quick</h2>"]


def test_everything_is_escaped_and_nothing_visible_is_lost():
    article = text.read("A <b> & “c”\n\n\u200b\n\nÄ\xa0<script>x\u200b</script> & نمی\u200cخواهم 世界。\n* * *\n")
    assert article.title == "A <b> & “c”"
    assert article.body == "<p>Ä &lt;script&gt;x&lt;/script&gt; &amp; نمی\u200cخواهم 世界。</p>"


# Furniture


FURNITURE = [
    "Share this post",
    "Leave a Reply",
    "Your email address will not be published. Required fields are marked *",
]
FORM = ["Comment *", "Name *", "Save my name in this browser for the next time I comment.", "Post Comment"]


@pytest.mark.parametrize("separator", ["\n", "\n\n", "\n\n\n"])
def test_the_furniture_of_a_copied_page_is_dropped(separator):
    article = text.read(
        separator.join(["The visit", "The visit", OPENING, "At the desk", MIDDLE, CLOSING, *FURNITURE, *FORM])
    )
    assert blocks(article) == [f"<p>{OPENING}</p>", "<h2>At the desk</h2>", f"<p>{MIDDLE}</p>", f"<p>{CLOSING}</p>"]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Share this:",
            "Click to share on Facebook (Opens in new window)",
            "Facebook",
            "X",
            "Like this:",
            "Loading...",
        ],
        ["Related posts", "Is it safe to drive home?", "Sleep and pain"],
        ["You may also like", "Sleep and pain"],
        ["Previous Post", "Sleep and pain", "Next Post", "Ten questions"],
        ["Previous post: Sleep and pain", "Next post: Ten questions"],
        ["← Sleep and pain", "Ten questions →"],
        ["Posted in News by the front desk", "Tags: sleep, pain", "Back to top"],
        ["2 thoughts on “The visit”", "Rita says:", "I was afraid too. It went well.", "Leave a Reply"],
        ["3 Comments", "Rita", "It went well.", "Leave a comment"],
        ["Leave a Reply to Rita Cancel reply", "It went well."],
        ["Post navigation", "Comments are closed."],
    ],
    ids=lambda lines: lines[0],
)
def test_what_a_page_shows_below_an_article_is_dropped(lines):
    article = text.read("\n\n".join(["The visit", OPENING, CLOSING, *lines]))
    assert blocks(article) == [f"<p>{OPENING}</p>", f"<p>{CLOSING}</p>"]


def test_what_a_page_shows_above_an_article_does_not_take_the_article_with_it():
    above = [
        "The visit",
        "Posted on March 3 by the desk",
        "4 min read",
        "Leave a comment",
        "3 Comments",
        "Share",
        "Facebook",
    ]
    article = text.read("\n\n".join([*above, "The visit", OPENING, CLOSING]))
    assert blocks(article) == [f"<p>{OPENING}</p>", f"<p>{CLOSING}</p>"]


@pytest.mark.parametrize(
    "line",
    [
        "Leave a reply if this has helped you.",
        "You may like it.",
        "More stories like this one are told every day.",
        "Posted in 2019, the film has moved many people.",
        "« Tout ira bien »",
        "Share this with your doctor",
        "Next, drink a glass of water",
        "Email",
    ],
)
def test_a_sentence_that_resembles_furniture_stays(line):
    assert blocks(text.read(f"Title\n\n{OPENING}\n\n{line}")) == [f"<p>{OPENING}</p>", f"<p>{line}</p>"]


def test_related_posts_in_the_middle_do_not_end_the_article():
    article = text.read(f"Title\n\n{OPENING}\n\nRelated posts\n\nSleep and pain\n\n{MIDDLE}")
    assert blocks(article)[-1] == f"<p>{MIDDLE}</p>"


# Markdown


def test_markdown_becomes_html_and_its_first_heading_the_title():
    article = markdown.read(
        f"# The *first* visit\n\n{OPENING}\n\n## At the desk\n\n- **water**\n- a [book](https://example.org/)\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n\n#### Deeper\n\nEnd<br>"
    )
    assert article.title == "The first visit"
    assert blocks(article) == [
        f"<p>{OPENING}</p>",
        "<h2>At the desk</h2>",
        '<ul><li><strong>water</strong></li><li>a <a href="https://example.org/">book</a></li></ul>',
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        "<blockquote><p>quoted</p></blockquote>",
        "<h4>Deeper</h4>",
        "<p>End&lt;br&gt;</p>",
    ]


@pytest.mark.parametrize("value", ["The visit", '"The visit"', "'The visit'  "])
def test_front_matter_gives_the_title_and_is_dropped(value):
    article = markdown.read(
        f"---\r\ndate: 2024-01-01\r\ntitle: {value}\r\ntags:\r\n  - sleep\r\n---\r\n\r\n# The visit\r\n\r\n{OPENING}"
    )
    assert article == Article("The visit", f"<p>{OPENING}</p>")


def test_a_line_at_the_top_is_no_front_matter():
    article = markdown.read(f"---\n\nThe visit\n\n{OPENING}\n\n---\n\n{CLOSING}")
    assert article == Article("The visit", f"<p>{OPENING}</p>\n<p>{CLOSING}</p>")


@pytest.mark.parametrize(
    ("alert", "kind"),
    [("NOTE", "note"), ("TIP", "tip"), ("important", "note"), ("WARNING", "warning"), ("Caution", "warning")],
)
def test_an_alert_of_github_becomes_a_callout(alert, kind):
    article = markdown.read(f"# Title\n\n{OPENING}\n\n> [!{alert}]\n> Do **not** drive.\n>\n> Rest.")
    assert blocks(article)[1] == (
        f'<blockquote class="{kind}"><p>Do <strong>not</strong> drive.</p><p>Rest.</p></blockquote>'
    )


def test_an_alert_may_have_its_line_to_itself_and_may_hold_a_list():
    article = markdown.read(f"# Title\n\n{OPENING}\n\n> [!NOTE]\n>\n> - One\n> - Two")
    assert blocks(article)[1] == '<blockquote class="note"><ul><li>One</li><li>Two</li></ul></blockquote>'


@pytest.mark.parametrize("quote", ["> [!NOTE] Rest.", "> [!DANGER]\n> Rest.", "> Rest.\n> [!NOTE]", "[!NOTE]\nRest."])
def test_any_other_quote_stays_a_quote(quote):
    assert "class" not in markdown.read(f"# Title\n\n{OPENING}\n\n{quote}").body


def test_a_furnished_markdown_file_is_cleared():
    article = markdown.read(
        f"# The visit\n\n{OPENING}\n\n### Share this post\n\n* Facebook\n* X\n\n### Leave a Reply\n\nName"
    )
    assert blocks(article) == [f"<p>{OPENING}</p>"]


# HTML


def test_of_a_page_only_the_article_is_read():
    article = pages.read(
        f"""<!DOCTYPE html><html><head><title>The visit – Harbor Clinic</title><style>p {{}}</style></head><body>
        <header><a href="/">Harbor Clinic</a></header><nav><ul><li>Home</li></ul></nav>
        <main><article><header><h1>The visit</h1><p>by Ada</p></header>
        <div><div>{OPENING}</div><h3>At the <span>desk</span></h3><p>{MIDDLE}<script>x()</script></p>
        <figure><img src="/a.jpg" alt=""><figcaption>A desk</figcaption></figure>
        <h4>Then</h4>{CLOSING}<br><br>Goodbye, and <b>thank</b> <i>you</i>.</div>
        <footer>Posted in News</footer></article><aside>Book now</aside>
        <article><h2>Another article</h2></article></main>
        <form><input name="q"><button>Search</button></form><footer>Imprint</footer></body></html>"""
    )
    assert article.title == "The visit"
    assert blocks(article) == [
        f"<p>{OPENING}</p>",
        "<h2>At the desk</h2>",
        f"<p>{MIDDLE}</p>",
        "<h3>Then</h3>",
        f"<p>{CLOSING}</p>",
        "<p>Goodbye, and <strong>thank</strong> <em>you</em>.</p>",
    ]


def test_a_card_that_leads_to_another_article_is_not_the_article():
    card = "<article><h3>Sleep and pain</h3></article>"
    article = pages.read(f"<title>The visit</title><main><p>{OPENING}</p><p>{CLOSING}</p>{card}{card}</main>")
    assert article.title == "The visit"
    assert blocks(article)[:2] == [f"<p>{OPENING}</p>", f"<p>{CLOSING}</p>"]


def test_an_empty_heading_is_no_title():
    assert pages.read(f"<title>The visit</title><h1><img src=logo.png></h1><p>{OPENING}").title == "The visit"


def test_a_fragment_without_a_title_begins_with_it():
    assert pages.read(f"<p>The visit</p><p>{OPENING}</p>") == Article("The visit", f"<p>{OPENING}</p>")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<a href='javascript:x()'>a</a>", "<p>a</p>"),
        ("<a href='#note'>a</a><a href='#ref'>↑</a>", "<p>a</p>"),
        ("<a href='/b/'><div>a</div></a>", "<p>a</p>"),
        ("<p onclick=x() style=color:red>a&nbsp;&amp;&lt;b&gt;</p><p>&nbsp;</p>", "<p>a &amp;&lt;b&gt;</p>"),
        ("H<sub>2</sub>O<br>x<sup>2</sup><br>", "<p>H<sub>2</sub>O<br>x<sup>2</sup></p>"),
        ("<ul><li><p>a</p><ul><li>b</ul><li><div>c</div><div>d</div></ul>",
         "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>"),
        ("<table><tr><th scope=row colspan=2>a<td><p>b</table>",
         '<table><tbody><tr><th colspan="2" scope="row">a</th><td>b</td></tr></tbody></table>'),
        ("<pre>a\n  b &lt;</pre>", "<pre>a\n  b &lt;</pre>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<p><strong>a</strong></p>\n<p>b</p>"),
        ("<h5>a</h5><h6>b</h6><h1>c", "<h4>a</h4>\n<h4>b</h4>\n<h2>c</h2>"),
    ],
)  # fmt: skip
def test_html_is_tidied(source, expected):
    assert pages.read(f"<h1>Title</h1>{source}").body == expected


def test_hostile_nesting_is_flattened():
    assert pages.read("<h1>Title</h1>" + "<blockquote>" * 2000 + "deep").body.count("<blockquote>") < 100


def test_a_callout_in_html_stays_one_and_other_classes_go():
    quotes = "".join(f'<blockquote class="{kind}"><p>{MIDDLE}</p></blockquote>' for kind in ("warning", "wp-quote"))
    article = pages.read(f"<h1>Title</h1><p class='warning'>{OPENING}</p>{quotes}")
    assert blocks(article)[1:] == [
        f'<blockquote class="warning"><p>{MIDDLE}</p></blockquote>',
        f"<blockquote><p>{MIDDLE}</p></blockquote>",
    ]
    assert "class" not in blocks(article)[0]


# Word


def test_a_word_document_becomes_html_and_its_title_the_title():
    article = word.read(
        docx(
            paragraph("The visit", "Title")
            + paragraph(OPENING)
            + paragraph("At the desk", "Heading1")
            + paragraph("thank you &amp; goodbye", properties="<w:b/>")
            + paragraph("2", properties='<w:vertAlign w:val="superscript"/>')
            + paragraph("Deeper", "Heading2")
            + paragraph(CLOSING)
            + "".join(map(paragraph, FURNITURE))
        )
    )
    assert article.title == "The visit"
    assert blocks(article) == [
        f"<p>{OPENING}</p>",
        "<h2>At the desk</h2>",
        "<p><strong>thank you &amp; goodbye</strong></p>",
        "<p><sup>2</sup></p>",
        "<h3>Deeper</h3>",
        f"<p>{CLOSING}</p>",
    ]


def test_without_a_title_the_first_heading_of_a_word_document_is_the_title():
    article = word.read(
        docx(
            paragraph("The visit", "Heading1") + paragraph(OPENING) + paragraph("Then", "Heading3") + paragraph(MIDDLE)
        )
    )
    assert article == Article("The visit", f"<p>{OPENING}</p>\n<h2>Then</h2>\n<p>{MIDDLE}</p>")


def test_without_any_style_the_first_line_of_a_word_document_is_the_title():
    assert word.read(docx(paragraph("The visit") + paragraph(OPENING))) == Article("The visit", f"<p>{OPENING}</p>")


def test_images_in_a_word_document_are_dropped():
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    image = (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{drawing}wordprocessingDrawing"><a:graphic xmlns:a="{drawing}main">'
        f'<a:graphicData><pic:pic xmlns:pic="{drawing}picture"><pic:blipFill><a:blip xmlns:r="{office}" r:embed="i1"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="i1" Type="{office}/image" Target="media/a.png"/></Relationships>'
    )
    parts = {"word/media/a.png": PIXEL, "word/_rels/document.xml.rels": links}
    assert blocks(word.read(docx(paragraph("The visit") + image + paragraph(OPENING), **parts))) == [
        f"<p>{OPENING}</p>"
    ]
    del parts["word/media/a.png"]
    assert blocks(word.read(docx(paragraph("The visit") + image + paragraph(OPENING), **parts))) == [
        f"<p>{OPENING}</p>"
    ]


# Files


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("visit.txt", f"The visit\n\n{OPENING}".encode()),
        ("visit.TXT", f"The visit\r\n\r\n{OPENING}".encode("utf-8-sig")),
        ("visit.txt", f"The visit\n\n{OPENING}".encode("utf-16")),
        ("visit.md", f"# The visit\n\n{OPENING}".encode()),
        ("visit.html", f"<h1>The visit</h1><p>{OPENING}</p>".encode()),
        ("visit.docx", docx(paragraph("The visit", "Title") + paragraph(OPENING))),
    ],
)
def test_a_file_is_read_by_its_suffix(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    assert read_article(path) == Article("The visit", f"<p>{OPENING}</p>")


BROKEN = "The file cannot be read as a Word document: it is broken, has a password or is of another kind."
NO_TEXT_BELOW = "The file has a title, but no text below it."
NO_TITLE = "The file has no title: the first line must be one, of at most 200 characters."


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("visit.pdf", b"%PDF", "Only .txt, .md, .html and .docx files can be imported, and visit.pdf is none of them."),
        ("visit", b"words", "Only .txt, .md, .html and .docx files can be imported, and visit is none of them."),
        ("visit.txt", b"", "The file is empty."),
        ("visit.txt", b"a" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB."),
        ("visit.txt", "Süß\n\nJa".encode("cp1252"),
         "The file is not in UTF-8: open it in a text editor, choose “Save as” and the encoding “UTF-8”."),
        ("visit.txt", PIXEL, "The file is binary, not text."),
        ("visit.html", b"\xff\xfe\x00\xd8", "The file is binary, not text."),
        ("visit.md", b"# Title\n\nwords\0", "The file is binary, not text."),
        ("visit.txt", " \n\u200b\u200d\n".encode(), "The file has no text."),
        ("visit.txt", b"Title\n\n- - -\n", NO_TEXT_BELOW),
        ("visit.txt", b"Title\n\nTitle\n\nLeave a Reply\n\nName", NO_TEXT_BELOW),
        ("visit.txt", b"word " * 50, NO_TITLE),
        ("visit.md", b"---\ntitle: Title\n---\n", NO_TEXT_BELOW),
        ("visit.html", b"<title>Title</title><nav>Home</nav><img src=a.png>", NO_TEXT_BELOW),
        ("visit.html", b"<script>x()</script>", "The file has no text."),
        ("visit.html", b"<p>" * 50_001, "The file has more than 50,000 tags, which is too many for one article."),
        ("visit.docx", b"\xd0\xcf\x11\xe0 an old or locked one", BROKEN),
        ("visit.docx", docx("")[:-30], BROKEN),
        ("visit.docx", docx("<w:p>"), BROKEN),
        ("visit.docx", docx("", zipfile.ZIP_BZIP2), BROKEN),
        ("visit.docx", docx("<w:tbl><w:tr><w:tc>" * 2000 + "</w:tc></w:tr></w:tbl>" * 2000), BROKEN),
        ("visit.docx", docx(paragraph("")), "The file has no text."),
        ("visit.docx", docx("", **{"word/a.bin": "0" * 20 * 1024 * 1024}),
         "The Word document unpacks to more than 20 MB."),
        ("visit.docx", docx("<w:p/>" * 250_000),
         "The Word document has more than 250,000 tags, too many for one article."),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value[:40],
)  # fmt: skip
def test_a_bad_file_is_refused_with_one_sentence(tmp_path, name, data, sentence):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ImportFailed) as refusal:
        read_article(path)
    assert str(refusal.value) == sentence


def test_a_missing_file_a_directory_and_an_unreadable_one_are_refused(tmp_path):
    missing, directory, endless = (tmp_path / name for name in ("missing.txt", "directory.txt", "endless.txt"))
    directory.mkdir()
    endless.symlink_to("/dev/zero")
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    sentences = {
        missing: f"There is no file {missing}.",
        directory / "inside.txt": f"There is no file {directory / 'inside.txt'}.",
        directory: f"{directory} is a directory, not a file.",
        endless: f"{endless} is not a regular file.",
        loop: f"The file {loop} cannot be read.",
    }
    for path, sentence in sentences.items():
        with pytest.raises(ImportFailed) as refusal:
            read_article(path)
        assert str(refusal.value) == sentence


# Anything at all

TAG = re.compile(
    r"</?(?:p|h[2-4]|ul|li|blockquote|a|strong|em|sub|sup|u|s|code|pre|table|thead|tbody|tfoot|tr|caption)>"
    r"|<br>|</?(?:ol|th|td|a)(?: (?:start|href|title|colspan|rowspan|scope)=\"[^\"<>]*\")*>"
)
PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "# ",
        "- ",
        "1. ",
        "---\n",
        "title: ",
        "Leave a Reply",
        "Share",
        "Next post",
        "<",
        "&lt;",
        '"',
        "\u200b",
        "|",
    ]
)
TAGS = st.sampled_from(
    "<h1> <h3> </h3> <p> </p> <div> <ul> <li> </ul> <b> </b> <a\thref='x'> <a\thref=#> </a> <table> <td> <pre> <br> "
    "<dt> <article> </article> <main> <header> </header> <title> </title> <figure> <blockquote> <script> <svg> <!-- "
    "<![CDATA[ <plaintext> <template> <frameset> </body> <select> <p/onx=1> <a/title='\"><script>'>".split(" ")
)
ANY_TEXT = st.lists(st.one_of(st.text(), PIECES)).map("".join)
ANY_HTML = st.lists(st.one_of(st.text(max_size=10), PIECES, TAGS)).map("".join)


def assert_well_made(read, source):
    try:
        article = read(source)
    except ImportFailed:
        return
    assert article.title == " ".join(article.title.split())
    assert 0 < len(article.title) <= 200
    assert article.body
    assert not set("<>") & set(TAG.sub("", article.body))
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", article.body)


@pytest.mark.parametrize("read", [text.read, markdown.read])
@given(source=ANY_TEXT)
def test_any_text_is_read_or_refused_and_never_gets_a_tag_through(read, source):
    assert_well_made(read, source)


@given(source=ANY_HTML)
def test_any_html_is_read_or_refused_and_only_known_tags_come_out(source):
    assert_well_made(pages.read, source)


@given(words=st.lists(st.text(alphabet="<>&\"' ab/", min_size=1), min_size=1))
def test_the_text_of_a_text_comes_out_as_it_went_in(words):
    lines = [f"x{' '.join(line.split())}." for line in words]
    body = text.read("\n\n".join(["Title", *lines])).body
    assert [re.sub(r"</?p>", "", line) for line in body.splitlines()] == [
        line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in lines
    ]


@given(data=st.binary(), size=st.integers(0, 2000))
def test_any_bytes_are_a_word_document_or_refused(data, size):
    whole = docx(paragraph("The visit") + paragraph(OPENING))
    for broken in (data, whole[:size], whole[:size] + data + whole[size + len(data) :]):
        with suppress(ImportFailed):
            word.read(broken)
