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
from posts.search import Hit

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


class HitKind(NamedTuple):
    """The same, of an article that was found."""

    language: str | None
    has_category: bool
    has_extract: bool


@register.simple_tag
def card(post: Post, *, kind: str = "", is_first: bool = False) -> SafeString:
    """An article by `posts/_card.html`; `kind` is a class, and the first one's picture is seen at once."""
    sources = post.cover.sources if post.cover else ()
    formats = tuple(source.type for source in sources)
    made = Kind(get_language(), kind, is_first, bool(post.category), bool(post.standfirst), bool(post.cover), formats)
    words = _words(post) | {"title": post.title, "standfirst": post.standfirst}
    if post.cover:
        words |= {"image": post.cover.file.url, "width": post.cover.width, "height": post.cover.height}
        words |= {source.type.replace("/", "_"): source.srcset for source in sources}
    return _card(made).fill(words)


@register.simple_tag
def found(hit: Hit) -> SafeString:
    """An article that was found, by `posts/_hit.html`."""
    made = HitKind(get_language(), bool(hit.post.category), bool(hit.extract))
    return _hit(made).fill(_words(hit.post) | {"title": hit.title, "extract": hit.extract})


def _words(post: Post) -> dict[str, object]:
    """Those of any card."""
    at = cast(datetime, post.published_at)  # Lists are of public articles.
    words = {
        "address": post.get_absolute_url(),
        "writer": post.writer,
        "exactly": exactly(at),
        "shown": in_words(at, "DATE_FORMAT"),
    }
    if post.category:
        words |= {"category": post.category.name, "category_address": post.category.get_absolute_url()}
    return words


@kept
def _card(kind: Kind) -> Mold:
    sources = [SimpleNamespace(type=name, srcset=place(name.replace("/", "_"))) for name in kind.formats]
    cover = SimpleNamespace(
        sources=sources, file=SimpleNamespace(url=place("image")), width=place("width"), height=place("height")
    )
    post = _post(kind.has_category)
    post.cover = cover if kind.has_cover else None
    post.title = place("title")
    post.standfirst = place("standfirst") if kind.has_standfirst else ""
    context = {"post": post, "published": _published(), "kind": kind.name, "is_first": kind.is_first}
    return Mold(render_to_string("posts/_card.html", context))


@kept
def _hit(kind: HitKind) -> Mold:
    extract = place("extract") if kind.has_extract else ""
    hit = SimpleNamespace(post=_post(kind.has_category), title=place("title"), extract=extract)
    return Mold(render_to_string("posts/_hit.html", {"hit": hit, "published": _published()}))


def _post(has_category: bool) -> SimpleNamespace:
    category = SimpleNamespace(name=place("category"), get_absolute_url=place("category_address"))
    return SimpleNamespace(
        category=category if has_category else None, get_absolute_url=place("address"), writer=place("writer")
    )


def _published() -> SimpleNamespace:
    return SimpleNamespace(exactly=place("exactly"), shown=place("shown"))
