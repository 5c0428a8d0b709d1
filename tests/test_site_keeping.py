"""What is kept in memory, because making it takes long, is never what was true before or elsewhere."""

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.test.utils import override_script_prefix
from django.utils import timezone, translation

from ketablog.markup.molds import Mold, kept, place
from ketablog.moments import exactly, in_words
from ketablog.paths import path_of
from posts.models import Correction, Image, Post, Reference
from tests.base import make_image, make_post, make_site

NEW_YEAR = datetime(2026, 1, 1, 3, 30, 15, tzinfo=UTC)


def test_a_moment_is_written_in_the_time_zone_and_the_language_in_force():
    with timezone.override("UTC"), translation.override("en"):
        assert (exactly(NEW_YEAR), in_words(NEW_YEAR, "DATE_FORMAT")) == ("2026-01-01T03:30:15+0000", "Jan. 1, 2026")
    with timezone.override("America/New_York"), translation.override("en"):
        assert (exactly(NEW_YEAR), in_words(NEW_YEAR, "DATE_FORMAT")) == ("2025-12-31T22:30:15-0500", "Dec. 31, 2025")
        assert in_words(NEW_YEAR, "DATETIME_FORMAT") == "Dec. 31, 2025, 10:30 p.m."
        with translation.override("es"):
            assert in_words(NEW_YEAR, "DATE_FORMAT") == "31 de diciembre de 2025"


def test_an_address_begins_where_the_site_does():
    assert path_of("post_detail", "sleep") == "/posts/sleep/"
    with override_script_prefix("/blog/"):
        assert path_of("post_detail", "sleep") == "/blog/posts/sleep/"
    assert path_of("post_detail", "sleep") == "/posts/sleep/"


@pytest.mark.parametrize(("is_debugging", "times"), [(False, 1), (True, 3)])
def test_a_mold_is_made_once_for_each_kind_unless_its_template_may_be_edited(settings, is_debugging, times):
    settings.DEBUG = is_debugging
    made = []

    @kept
    def mold(kind: str) -> Mold:
        made.append(kind)
        return Mold(engines["django"].from_string("{{ kind }}: {{ word }}").render({"kind": kind, "word": place("w")}))

    assert [mold("a").fill({"w": word}) for word in ("<", "2", "3")] == ["a: &lt;", "a: 2", "a: 3"]
    assert mold("b").fill({"w": 1}) == "b: 1"
    assert made == ["a"] * times + ["b"]


CHANGES = {
    "its text": lambda: Post.objects.update(body_html="<p>changed</p>"),
    "its standfirst": lambda: Post.objects.update(standfirst="changed"),
    "its points": lambda: Post.objects.update(key_points="changed"),
    "its cover": lambda: Image.objects.update(alt="changed"),
    "a reference": lambda: Reference.objects.update(title="changed"),
    "one more reference": lambda: Post.objects.get().references.create(position=2, title="changed", year=2020),
    "a correction": lambda: Correction.objects.update(text="changed"),
    "the site": lambda: make_site(disclaimer="changed"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", CHANGES)
def test_an_article_in_a_feed_is_told_anew_once_anything_of_it_changed(client, what):
    make_site()
    post = make_post(cover=make_image())
    post.references.create(position=1, title="A trial", year=2020)
    post.corrections.create(text="It said nine hours.")
    before = client.get("/feed/").text
    assert "A trial" in before
    assert "It said nine hours." in before
    assert "changed" not in before
    CHANGES[what]()
    assert "changed" in client.get("/feed/").text


@pytest.mark.django_db
def test_an_article_in_a_feed_is_told_in_the_language_of_the_site(client):
    make_post(key_points="Sleep.")
    make_site()
    assert "In short" in client.get("/feed/").text
    make_site(language="es")
    assert "In short" not in client.get("/feed/").text
