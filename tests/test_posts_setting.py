"""Cards that are set from a mold are what their template makes of them."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from ketablog.moments import exactly, in_words
from posts.models import Post
from posts.templatetags.cards import card
from tests.base import make_category, make_image, make_post

pytestmark = pytest.mark.django_db

HOSTILE = "\"><script>'& \ue000address\ue001"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("kind", "is_first"), [("", True), ("", False), ("card-lead", False)])
@pytest.mark.parametrize("cover", [None, {}, {"renditions": {"avif": [320, 640], "webp": [320]}}])
@pytest.mark.parametrize("words", ["", HOSTILE])
def test_a_card(words, cover, kind, is_first, language):
    post = make_post(
        f"Sleep {words}",
        standfirst=words,
        category=make_category(f"Pain {words}") if words else None,
        cover=make_image(**cover) if cover is not None else None,
    )
    post = Post.objects.for_list().get(pk=post.pk)
    with translation.override(language):
        published = {"exactly": exactly(post.published_at), "shown": in_words(post.published_at, "DATE_FORMAT")}
        context = {"post": post, "published": published, "kind": kind, "is_first": is_first}
        plain = render_to_string("posts/_card.html", context)
        shown = card(post, kind=kind, is_first=is_first)
    assert re.sub(r"\s*\n\s*", "\n", plain) == shown
    assert "<script>" not in shown
