"""Every way from foreign text to safe HTML, and the only caller of `mark_safe`.

One policy table, two sanitizers: bleach does the work, nh3 has the last word, so that a fault of one
is caught by the other. Nothing is sanitized while a page is read: rows keep their source and its safe
HTML side by side, with `POLICY_VERSION`, and `manage.py render_again` makes all stored HTML anew.
"""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import bleach
import nh3
from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]
from bleach.linkifier import LinkifyFilter
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

POLICY_VERSION = 1
COMMENT_LIMIT = 10_000  # Characters before parsing: bleach takes more than linear time on hostile nesting.


@dataclass(frozen=True, slots=True)
class Policy:
    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]
    schemes: frozenset[str]
    link_rel: str

    def nh3_clean(self, source: str) -> str:
        return nh3.clean(
            source,
            tags=set(self.tags),
            attributes={tag: set(names) for tag, names in self.attributes.items()},
            url_schemes=set(self.schemes),
            link_rel=self.link_rel,
        )

    def bleach_clean(self, source: str, filters: list[Callable]) -> str:
        return bleach.Cleaner(
            tags=self.tags,
            attributes={tag: sorted(names - {"rel"}) for tag, names in self.attributes.items()},
            protocols=self.schemes,
            strip=True,
            filters=filters,
        ).clean(source)


COMMENT = Policy(
    tags=frozenset("p br em strong ul ol li blockquote code pre a".split()),
    attributes={"a": frozenset({"href"}), "ol": frozenset({"start"})},
    schemes=frozenset({"http", "https"}),
    link_rel="nofollow ugc noopener",
)
ARTICLE = Policy(
    tags=frozenset(
        "p br hr h2 h3 h4 em strong b i s u sub sup ul ol li blockquote code pre a figure figcaption img "
        "table caption thead tbody tfoot tr th td".split()
    ),
    attributes={
        "a": frozenset({"href", "title"}),
        "ol": frozenset({"start"}),
        "img": frozenset({"src", "alt", "width", "height", "loading", "decoding"}),
        "th": frozenset({"colspan", "rowspan", "scope"}),
        "td": frozenset({"colspan", "rowspan"}),
    },
    schemes=frozenset({"http", "https", "mailto", "tel"}),
    link_rel="noopener",
)

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).disable(
    ["heading", "lheading", "hr", "image", "html_block", "html_inline", "reference"]
)


# What was meant as an address: "www.example.org", but not "setup.py". bleach's own pattern knows old domains only.
WEB_ADDRESS = re.compile(r"(?<![\w@/.-])(?:https?://|www\.)[^\s<>\"']{2,}", re.IGNORECASE)


def render_comment(source: str) -> str:
    """Safe HTML of a reply's small Markdown: paragraphs, line breaks, emphasis, lists, quotes, code, links.

    Raises `ValueError` for a source longer than `COMMENT_LIMIT`.
    """
    if len(source) > COMMENT_LIMIT:
        raise ValueError("The text is too long to be rendered.")
    linkify = partial(LinkifyFilter, url_re=WEB_ADDRESS, callbacks=[], skip_tags={"pre", "code"}, parse_email=False)
    return COMMENT.nh3_clean(COMMENT.bleach_clean(_markdown.render(source), [linkify])).strip()


@dataclass(frozen=True, slots=True)
class ImageSource:
    """The sizes of an image in one better format: its media type, and a `srcset` with widths."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class ImageData:
    """What the HTML of an image needs: its address, its size in pixels, its words, and its other sizes, best first."""

    src: str
    width: int
    height: int
    alt: str
    sources: tuple[ImageSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A body made safe; `contents` are its `h2` and `h3` as rows with `id`, `title` and `level`."""

    html: str
    contents: list[dict[str, object]] = field(default_factory=list)


IMAGE_SOURCE = re.compile(r"(?:https?://[^/]+)?/images/(\d{1,18})/?")


def image_ids(source: str) -> set[int]:
    """The ids of the images that an article's source shows: their addresses are `/images/<id>/`."""
    return {int(number) for number in IMAGE_SOURCE.findall(source)}


def render_article(source: str, images: Mapping[int, ImageData], references: int = 0) -> Article:
    """Safe HTML of the editor's HTML. An image that is not among `images` is left out.

    Marks such as [1] up to the number of `references` become links to the list of them.
    """
    well_formed = ARTICLE.nh3_clean(source)
    return Article(ARTICLE.nh3_clean(ARTICLE.bleach_clean(well_formed, [partial(_ImageFilter, images=images)])).strip())


class _ImageFilter(Filter):
    """Puts an image's address, size and words in the place of its id."""

    def __init__(self, source, images: Mapping[int, ImageData]) -> None:
        super().__init__(source)
        self.images = images

    def __iter__(self) -> Iterator[dict]:
        for token in super().__iter__():
            if token["type"] in ("StartTag", "EmptyTag") and token["name"] == "img":
                image = self._image_of(token["data"])
                if image is None:
                    continue
                token["data"] = {
                    (None, "src"): image.src,
                    (None, "alt"): token["data"].get((None, "alt")) or image.alt,
                    (None, "width"): str(image.width),
                    (None, "height"): str(image.height),
                    (None, "loading"): "lazy",
                    (None, "decoding"): "async",
                }
            yield token

    def _image_of(self, attributes: dict) -> ImageData | None:
        match = IMAGE_SOURCE.fullmatch(attributes.get((None, "src"), ""))
        return self.images.get(int(match[1])) if match else None


def stored(safe_html: str) -> SafeString:
    """HTML that one of the functions above made at save, for a template to show as it is."""
    return mark_safe(safe_html)  # noqa: S308 (the one place)


IN_SCRIPT = str.maketrans({character: f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"})


def script_json(data: object) -> SafeString:
    """Data as JSON for the inside of a script element that is not run, such as `application/ld+json`."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(IN_SCRIPT))  # noqa: S308 (escaped for its place)


BLOCK_END = re.compile(r"</(?:p|h\d|li|blockquote|pre|tr|figcaption|caption)>|<br>")


def plain_text(safe_html: str) -> str:
    """The words of safe HTML, a line for each block."""
    text = html.unescape(nh3.clean(BLOCK_END.sub("\n", safe_html), tags=set()))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


# Joiners that Persian, Indic scripts and emoji need; every other invisible character goes.
KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}


def one_line(text: str) -> str:
    """A name or title as one line of visible characters, composed as Unicode's form C."""
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace()
        or character in KEPT_FORMAT_CHARACTERS
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join(visible.split())


def browser_length(text: str) -> int:
    """The length as a browser counts it: UTF-16 units, a line break as one."""
    return len(text.replace("\r\n", "\n").encode("utf-16-le", "surrogatepass")) // 2
