"""Articles: the editor's HTML, made safe and set."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from ketablog.markup.callouts import with_callouts
from ketablog.markup.headings import with_anchors
from ketablog.markup.images import ImageData, with_images
from ketablog.markup.marks import with_marks
from ketablog.markup.policies import ARTICLE, TYPESET
from ketablog.markup.tables import with_boxes
from ketablog.markup.tokens import Token, attribute, is_text, opens, put, text, whole
from ketablog.markup.videos import with_videos


@dataclass(frozen=True, slots=True)
class Article:
    """A body made safe and set.

    `contents` are its `h2` and `h3` as rows with `id`, `title` and `level`; `marks` are the numbers of all reference
    marks in its running text, also of those that no reference answers to.
    """

    html: str
    contents: list[dict[str, object]] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)


def render_article(source: str, images: Mapping[int, ImageData], references: int = 0) -> Article:
    """Safe HTML of the editor's HTML, in the active language. An image that is not among `images` is left out.

    Marks such as [1] up to the number of `references` become links to the list of them. Ids, classes and whatever
    else typesetting adds are its own: the source can bring none.
    """
    contents: list[dict[str, object]] = []
    marked: set[int] = set()
    filters: list[Callable] = [
        whole,
        _without_first_line_break,
        partial(with_images, images=images),
        with_callouts,
        with_videos,
        partial(with_anchors, contents=contents),
        partial(with_marks, references=references, marked=marked),
        with_boxes,
        _with_rel,
    ]
    html = TYPESET.nh3_clean(ARTICLE.bleach_clean(ARTICLE.nh3_clean(source), filters)).strip()
    return Article(html, contents, sorted(marked))


def _without_first_line_break(source: Iterable[Token]) -> Iterator[Token]:
    """Every parser drops one line break at the start of `pre`; without any, cleaning again changes nothing."""
    is_first = False
    for token in source:
        if is_first and is_text(token):
            token = text(token["data"].lstrip("\n"))
        is_first = opens(token, "pre")
        yield token


def _with_rel(source: Iterable[Token]) -> Iterator[Token]:
    """Links that lead elsewhere give no hold on our page."""
    for token in source:
        leads_out = opens(token, "a") and attribute(token, "href").lower().startswith(("http://", "https://"))
        if leads_out and not attribute(token, "rel"):
            put(token, "rel", "noopener")
        yield token
