"""Images in an article: a source holds their ids, `/images/<id>/`; their addresses are put in at save."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ketablog.markup.tokens import Token, attribute, end, start, void

IMAGE_SOURCE = re.compile(r"(?:https?://[^/]+)?/images/(\d{1,18})/?")
# How wide the text is, by --measure and --gutter in static/css/tokens.css: 39 to 43rem, as the font at hand is wide.
TEXT_WIDTH = "(min-width: 46em) 43rem, calc(100vw - 2rem)"


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


def image_ids(source: str) -> set[int]:
    """The ids of the images that an article's source shows: their addresses are `/images/<id>/`."""
    return {int(number) for number in IMAGE_SOURCE.findall(source)}


def with_images(source: Iterable[Token], images: Mapping[int, ImageData]) -> Iterator[Token]:
    """Each image with its address, size and words in the place of its id; one that is not known is left out."""
    for token in source:
        if token["type"] in ("StartTag", "EmptyTag") and token["name"] == "img":
            match = IMAGE_SOURCE.fullmatch(attribute(token, "src"))
            image = images.get(int(match[1])) if match else None
            if image is not None:
                yield from _picture(image, attribute(token, "alt") or image.alt)
        else:
            yield token


def _picture(image: ImageData, alt: str) -> Iterator[Token]:
    shown = void(
        "img",
        src=image.src,
        alt=alt,
        width=str(image.width),
        height=str(image.height),
        loading="lazy",
        decoding="async",
    )
    if not image.sources:
        yield shown
        return
    yield start("picture")
    for better in image.sources:
        yield void("source", type=better.type, srcset=better.srcset, sizes=TEXT_WIDTH)
    yield shown
    yield end("picture")
