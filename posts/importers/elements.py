"""A small tree of HTML elements: the one place where imported text is cleaned and escaped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
INLINE = frozenset({"a", "strong", "em", "sub", "sup", "u", "s", "code", "br"})

# Control characters, soft hyphens, zero-width spaces, byte order marks and what XML does not allow.
# Zero-width joiners stay: Persian, Indic scripts and emoji are spelled with them.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u180e\u200b\u2060\ufeff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """The text with every run of white space made one space, and without characters nobody sees."""
    return _SPACE.sub(" ", without_invisible(text))


def without_invisible(text: str) -> str:
    """The text without control characters and characters of no width; white space stays as it is."""
    return _INVISIBLE.sub("", text)


def is_visible(text: str) -> bool:
    """Whether a reader would see anything of the text."""
    return any(character.isprintable() and not character.isspace() for character in text)


@dataclass(slots=True)
class Element:
    """An HTML element. Its children are elements and text that is not escaped."""

    tag: str
    children: list["Element | str"] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def is_heading(self) -> bool:
        return self.tag in HEADINGS

    @property
    def level(self) -> int:
        """The level of a heading."""
        return int(self.tag[1])

    @property
    def raw_text(self) -> str:
        """All text in the element, as it is written."""
        return "".join(child if isinstance(child, str) else child.raw_text for child in self.children)

    @property
    def text(self) -> str:
        """All text in the element, on one line."""
        return clean("".join(self._pieces())).strip()

    @property
    def html(self) -> str:
        """The element as HTML, everything in it escaped."""
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in sorted(self.attributes.items()))
        if self.tag == "br":
            return "<br>"
        inside = "".join(
            escape(child, quote=False) if isinstance(child, str) else child.html for child in self.children
        )
        return f"<{self.tag}{attributes}>{inside}</{self.tag}>"

    def walk(self) -> Iterator["Element"]:
        """The element and all elements in it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag == "br" or child.tag not in INLINE:
                yield from (" ", *child._pieces(), " ")
            else:
                yield from child._pieces()
