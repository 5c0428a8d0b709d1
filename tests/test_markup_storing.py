"""What typesetting makes is stored with the article, renewed with its policy, and read as it is."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from ketablog.markup import POLICY_VERSION, ImageData, ImageSource
from posts import checklist, publishing
from posts.models import Image, Post, Reference
from tests.base import make_image, make_page, make_post, make_site

pytestmark = pytest.mark.django_db
EVERYTHING = (
    "<h2>Does it last?</h2><p>It does [1], mostly [1, 3].</p>"
    "<table><caption>Doses</caption><tbody><tr><td>1</td></tr></tbody></table>"
    '<blockquote class="warning"><p>Do not drive.</p></blockquote>'
    "<p>https://youtu.be/abcdefghijk</p>"
)


def refer(post: Post, number: int) -> None:
    for position in range(1, number + 1):
        Reference.objects.create(post=post, position=position, title=f"Trial {position}", source="Pain", year=2020)
    publishing.settle(post)


def warnings(post: Post) -> list[str]:
    return [sentence for sentence in checklist.missing(post) if "mark" in sentence.lower()]


def test_marks_are_linked_once_the_references_are_stored(client):
    post = make_post(slug="sleep", body=EVERYTHING)
    assert 'href="#ref-' not in Post.objects.get().body_html
    refer(post, 3)
    text = client.get("/posts/sleep/").text
    assert re.findall(r'href="#ref-(\d)"', text) == ["1", "1", "3"]
    assert text.count('id="mark-1"') == text.count('id="ref-1"') == 1


def test_the_list_leads_back_from_what_is_marked_and_from_nothing_else(client):
    refer(make_post(slug="sleep", body=EVERYTHING), 3)
    text = client.get("/posts/sleep/").text
    assert re.findall(r'<a class="back" href="#mark-(\d)" aria-label="Back to mark (\d) in the text">', text) == [
        ("1", "1"),
        ("3", "3"),
    ]


def test_the_contents_are_stored(client):
    make_post(body=EVERYTHING)
    assert Post.objects.get().contents == [{"id": "s-does-it-last", "title": "Does it last?", "level": 2}]


def test_a_page_is_set_like_an_article_but_has_no_references(client):
    page = make_page("about", body=EVERYTHING)
    assert [row["title"] for row in page.contents] == ["Does it last?"]
    text = client.get("/about/").text
    assert "It does [1], mostly [1, 3]." in text
    assert "table-box" in text


def test_rows_of_an_older_policy_are_brought_up_to_date_and_read_well_until_then(client, monkeypatch):
    image = make_image()
    body = EVERYTHING + f'<p><img src="/images/{image.pk}/"></p>'
    post = make_post(slug="sleep", body=body)
    refer(post, 3)
    old = body.replace(' class="warning"', "")
    Post.objects.update(body_html=old, body_policy=1, contents=[])
    text = client.get("/posts/sleep/").text
    assert old in text
    assert 'class="back"' not in text

    data = ImageData("/media/a.webp", 16, 9, "A", (ImageSource("image/avif", "/media/a-480.avif 480w"),))
    monkeypatch.setattr(Image, "data", data)
    out = StringIO()
    call_command("render_again", stdout=out)
    assert out.getvalue().startswith("changed 1 of 1 articles")
    post = Post.objects.get()
    assert (post.body, post.body_policy) == (body, POLICY_VERSION)
    assert post.contents[0]["title"] == "Does it last?"
    assert post.marked == {1, 3}
    for part in (
        '<h2 id="s-does-it-last">',
        '<div class="table-box" tabindex="0" role="region" aria-labelledby="table-1">',
        '<div class="callout callout-warning" role="note">',
        '<p class="video"><a href="https://youtu.be/abcdefghijk" rel="noopener noreferrer">Video</a>',
        '<source type="image/avif" srcset="/media/a-480.avif 480w"',
    ):
        assert part in post.body_html


def test_a_command_sets_the_words_in_the_language_of_the_site(monkeypatch):
    monkeypatch.setattr("ketablog.markup.tables._", lambda words: f"{words} {translation.get_language()}")
    make_site(language="es")
    with translation.override("en"):
        make_post(body="<table><tbody><tr><td>1</td></tr></tbody></table>")
    assert 'aria-label="Table 1 es"' in Post.objects.get().body_html


def test_feeds_carry_an_image_in_one_size_and_marks_that_lead_home(client, monkeypatch):
    data = ImageData("/media/a.webp", 16, 9, "A", (ImageSource("image/avif", "/media/a-480.avif 480w"),))
    monkeypatch.setattr(Image, "data", data)
    image = make_image()
    refer(make_post(slug="sleep", body=f'{EVERYTHING}<p><img src="/images/{image.pk}/"></p>'), 3)
    text = client.get("/feed/").text
    assert "picture" not in text
    assert "srcset" not in text
    assert 'src="http://testserver/media/a.webp"' in text.replace("&quot;", '"')
    assert 'href="http://testserver/posts/sleep/#ref-1"' in text.replace("&quot;", '"')


def test_writers_are_told_of_marks_without_a_reference():
    post = make_post(body="<p>[1], [7] and [4–5].</p>")
    refer(post, 1)
    assert warnings(post) == [
        "The text has the marks [4], [5], [7], but there are no such references: readers see numbers leading nowhere."
    ]
    post.body = "<p>[1] [7] <code>[9]</code></p>"
    assert warnings(post) == [
        "The text has the mark [7], but there is no such reference: readers see a number leading nowhere."
    ]


def test_writers_are_told_of_references_without_a_mark_where_others_have_one():
    post = make_post(body="<p>[2]</p>")
    refer(post, 3)
    assert warnings(post) == ["No marks in the text lead to the references 1, 3, though others have one."]
    post.body = "<p>[1, 3]</p>"
    assert warnings(post) == ["No mark in the text leads to reference 2, though others have one."]
    post.body = "<p>[1–3]</p>"
    assert warnings(post) == []


def test_a_text_without_marks_is_no_fault():
    post = make_post()
    refer(post, 3)
    assert warnings(post) == []
