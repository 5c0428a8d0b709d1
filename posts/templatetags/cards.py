"""Articles in a list, set from a mold of their template as replies are."""

from datetime import datetime
from types import SimpleNamespace
from typing import NamedTuple, cast

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ketablog.markup.molds import Mold, kept, place
from ketablog.moments import exactly, in_words
from posts.models import Post

register = template.Library()


class Kind(NamedTuple):
    """All that makes one card's HTML another than the next one's, but for its words."""

    language: str | None
    name: str
    is_first: bool
    has_category: bool
    has_standfirst: bool
    has_cover: bool
    formats: tuple[str, ...]


@register.simple_tag
def card(post: Post, *, kind: str = "", is_first: bool = False) -> SafeString:
    """An article by `posts/_card.html`; `kind` is a class, and the first one's picture is seen at once."""
    sources = post.cover.sources if post.cover else ()
    formats = tuple(source.type for source in sources)
    made = Kind(get_language(), kind, is_first, bool(post.category), bool(post.standfirst), bool(post.cover), formats)
    at = cast(datetime, post.published_at)  # Lists are of public articles.
    words = {
        "address": post.get_absolute_url(),
        "title": post.title,
        "standfirst": post.standfirst,
        "writer": post.writer,
        "exactly": exactly(at),
        "shown": in_words(at, "DATE_FORMAT"),
    }
    if post.category:
        words |= {"category": post.category.name, "category_address": post.category.get_absolute_url()}
    if post.cover:
        words |= {"image": post.cover.file.url, "width": post.cover.width, "height": post.cover.height}
        words |= {source.type.replace("/", "_"): source.srcset for source in sources}
    return _mold(made).fill(words)


@kept
def _mold(kind: Kind) -> Mold:
    sources = [SimpleNamespace(type=name, srcset=place(name.replace("/", "_"))) for name in kind.formats]
    cover = SimpleNamespace(
        sources=sources, file=SimpleNamespace(url=place("image")), width=place("width"), height=place("height")
    )
    category = SimpleNamespace(name=place("category"), get_absolute_url=place("category_address"))
    post = SimpleNamespace(
        cover=cover if kind.has_cover else None,
        category=category if kind.has_category else None,
        get_absolute_url=place("address"),
        title=place("title"),
        standfirst=place("standfirst") if kind.has_standfirst else "",
        writer=place("writer"),
    )
    published = SimpleNamespace(exactly=place("exactly"), shown=place("shown"))
    context = {"post": post, "published": published, "kind": kind.name, "is_first": kind.is_first}
    return Mold(render_to_string("posts/_card.html", context))
