"""Words set into a picture: in a font of this machine that has their letters, balanced, and as large as their box is.

A machine may have no fonts at all; Pillow's own then serves for English. What no font here can write is not set, since
boxes in the place of letters would be worse than nothing.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from PIL import ImageDraw, ImageFont, features

PILLOWS_OWN = ""
# By the names of their files, which Pillow looks for where Linux, macOS and Windows keep fonts. The first ones look
# best; the last ones have the letters that those lack.
SERIF = (
    "NotoSerif-Bold.ttf",
    "LiberationSerif-Bold.ttf",
    "DejaVuSerif-Bold.ttf",
    "Georgia Bold.ttf",
    "georgiab.ttf",
)
SANS = ("NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "DejaVuSans.ttf", "Arial.ttf", "arial.ttf")
OTHER_SCRIPTS = (
    "DejaVuSans-Bold.ttf",
    "NotoNaskhArabic-Bold.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansDevanagari-Bold.ttf",
    "NotoSansBengali-Bold.ttf",
    "NotoSansThai-Bold.ttf",
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "Arial Unicode.ttf",
    "msyh.ttc",
    PILLOWS_OWN,
)
# What a font may lack without harm: signs are left out, dashes are written as hyphens.
SIGNS = {"So", "Sk", "Me", "Cn", "Co"}
DASHES = str.maketrans("‐‑‒–—―−", "-------")
IN_NO_FONT = "\uffff"

_WIDE = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003fffd"
_CLOSING = "、。,.!?;:)]」』】〉》！？；：）］，．…”’"
# Where a line may end: after a word (and a dash behind it), after a hyphen in it, and between two letters of Chinese or
# Japanese.
PIECE = re.compile(rf"[{_WIDE}][{re.escape(_CLOSING)}]*\s*|[^\s{_WIDE}-]*-+\s*|[^\s{_WIDE}-]+(?:\s+[–—-](?=\s))?\s*")


@dataclass(frozen=True, slots=True)
class Lettering:
    """Lines in a font, ready to be drawn."""

    lines: list[str]
    font: ImageFont.FreeTypeFont
    is_rtl: bool

    @property
    def line_height(self) -> int:
        return round(self.font.size * 1.24)

    @property
    def height(self) -> int:
        return self.line_height * len(self.lines)

    def draw(
        self, on: ImageDraw.ImageDraw, left: int, right: int, top: int, color: str, *, from_right: bool = False
    ) -> None:
        """Draw the lines from `top` down, each beginning at `left`, or ending at `right`."""
        ascent, descent = self.font.getmetrics()
        baseline = top + (self.line_height + ascent - descent) // 2
        is_shaped = self.font.layout_engine == ImageFont.Layout.RAQM
        direction = ("rtl" if self.is_rtl else "ltr") if is_shaped else None
        for number, line in enumerate(self.lines):
            place = (right if from_right else left, baseline + number * self.line_height)
            on.text(place, line, color, self.font, "rs" if from_right else "ls", direction=direction)


def letter(text: str, faces: Sequence[str], width: int, height: int, sizes: range) -> Lettering | None:
    """The text in the first font that has its letters, in the largest of these sizes in which it fits the box.

    In the last size it is cut where it must be. `None` where it is empty or no font here can write it.
    """
    is_rtl = reads_from_right(text)
    if _has_right_to_left(text) and not features.check("raqm"):
        return None
    for face in (*faces, *OTHER_SCRIPTS):
        written = _as_written(text, face)
        if written:
            return _fit(written, face, width, height, sizes, is_rtl)
    return None


def reads_from_right(text: str) -> bool:
    """Whether its first letter that has a direction goes from right to left."""
    found = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in found if kind in ("L", "R", "AL")), "L") != "L"


def _has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text)


@cache
def _path(face: str) -> str | None:
    """Where the file of a font is; looking for it goes through folders."""
    try:
        return str(ImageFont.truetype(face, 24).path)
    except OSError:
        return None


def _font(face: str, size: int, engine: ImageFont.Layout | None = None) -> ImageFont.FreeTypeFont | None:
    """The font in a size, of its own for each caller: one must not be used by two threads at once."""
    if face != PILLOWS_OWN:
        path = _path(face)
        return ImageFont.truetype(path, size, layout_engine=engine) if path else None
    font = ImageFont.load_default(size)
    return font if isinstance(font, ImageFont.FreeTypeFont) else None


@lru_cache(maxsize=4096)
def _has(face: str, character: str) -> bool:
    """Whether the font has a shape of its own for it, not the one that stands for all it lacks."""
    font = _font(face, 24, ImageFont.Layout.BASIC)
    return font is not None and _shape(font, character) != _shape(font, IN_NO_FONT)


def _shape(font: ImageFont.FreeTypeFont, character: str) -> tuple[object, bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


def _as_written(text: str, face: str) -> str:
    """The text as this font can write it; empty where it lacks a letter, a number or a mark."""
    if _font(face, 24) is None:
        return ""
    kept: list[str] = []
    for character in text:
        kind = unicodedata.category(character)
        if kind == "Cf":  # A joiner: it has no shape, and a meaning only behind a letter of a font that shapes.
            if face != PILLOWS_OWN and features.check("raqm") and kept and kept[-1].isalpha():
                kept.append(character)
        elif character.isspace() or _has(face, character):
            kept.append(character)
        elif _has(face, character.translate(DASHES)):
            kept.append(character.translate(DASHES))
        elif kind not in SIGNS and not "\ufe00" <= character <= "\ufe0f":
            return ""
    return " ".join("".join(kept).split())


def _fit(text: str, face: str, width: int, height: int, sizes: range, is_rtl: bool) -> Lettering | None:
    made = None
    for size in sizes:
        font = _font(face, size)
        if font is None:
            return None
        made = Lettering(_balanced(PIECE.findall(text), font, width), font, is_rtl)
        if made.height <= height and all(font.getlength(line) <= width for line in made.lines):
            return made
    return _cut(text, made, width, height) if made else None


def _balanced(pieces: list[str], font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines of about the same length: the narrowest that are no more than need be."""
    lines = _lines(pieces, font, width)
    low, high = width // 3, width
    while high - low > 8:
        middle = (low + high) // 2
        narrower = _lines(pieces, font, middle)
        if len(narrower) == len(lines) and all(font.getlength(line) <= middle for line in narrower):
            high = middle
        else:
            low = middle
    return _lines(pieces, font, high)


def _lines(pieces: list[str], font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and font.getlength((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _cut(text: str, last: Lettering, width: int, height: int) -> Lettering:
    """Words wider than the box are broken where it ends, and lines that are too many are left out."""
    font = last.font
    words = PIECE.findall(text)
    pieces = [part for word in words for part in ([word] if font.getlength(word) <= width else _letters(word))]
    lines = _lines(pieces, font, width)
    most = max(1, height // last.line_height)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1].rstrip() + "…"]
    return Lettering(lines, font, last.is_rtl)


def _letters(word: str) -> list[str]:
    """The letters of a word, each with the marks that belong to it."""
    letters: list[str] = []
    for character in word:
        if letters and unicodedata.category(character).startswith("M"):
            letters[-1] += character
        else:
            letters.append(character)
    return letters
