"""Plain text: the title in the first line, then paragraphs, short lines above them as headings, and lists."""

import re
from dataclasses import dataclass
from itertools import groupby

from posts.importers.article import Article, compose
from posts.importers.elements import Element, clean, is_visible

HEADING_LIMIT = 120
WRAP_LIMIT = 120  # No editor wraps later: a longer line is a paragraph of its own.

_ITEM = re.compile(r"(?:(?P<bullet>[-*•‣◦▪·])|(?P<number>\d{1,3})[.)]) (?P<text>.+)")
_RULE = re.compile(r"[-*_=~# ]{3,}")
_FINAL_PUNCTUATION = re.compile(r"[.!?:;,…。！？：；，][\"'”’»)\]*]*$")


@dataclass(slots=True)
class _Passage:
    """A paragraph ("p") or one item of a list ("ul", "ol"), as its line is written."""

    kind: str
    text: str

    @property
    def item(self) -> Element:
        match = _ITEM.fullmatch(self.text)
        return Element("li", [match["text"] if match else self.text])

    @property
    def is_short(self) -> bool:
        return len(self.text) <= HEADING_LIMIT and not _FINAL_PUNCTUATION.search(self.text)


def read(source: str) -> Article:
    """The article in a plain text. Raises `ImportFailed` if it has no title or no text."""
    lines = [_line(line) for line in source.splitlines()]
    while lines and not lines[0]:
        del lines[0]
    title, lines = (lines[0], lines[1:]) if lines else ("", [])
    return compose(title, _blocks(_passages(lines)))


def _line(source: str) -> str:
    line = clean(source).strip()
    return line if is_visible(line) and not _RULE.fullmatch(line) else ""


def _passages(lines: list[str]) -> list[_Passage]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    has_groups = "" in lines
    passages: list[_Passage] = []
    for is_group, group in groupby(lines, key=bool):
        if is_group:
            passages += _passages_of_group(list(group), may_be_wrapped=has_groups)
    return passages


def _passages_of_group(lines: list[str], *, may_be_wrapped: bool) -> list[_Passage]:
    is_wrapped = may_be_wrapped and max(map(len, lines)) <= WRAP_LIMIT
    passages: list[_Passage] = []
    for line in lines:
        if item := _ITEM.fullmatch(line):
            passages.append(_Passage("ul" if item["bullet"] else "ol", line))
        elif is_wrapped and passages:
            passages[-1].text += f" {line}"
        else:
            passages.append(_Passage("p", line))
    return passages


def _blocks(passages: list[_Passage]) -> list[Element]:
    blocks: list[Element] = []
    before: _Passage | None = None
    for passage, after in zip(passages, [*passages[1:], None], strict=False):
        if _is_heading(before, passage, after):
            blocks.append(Element("h2", [passage.text]))
        elif passage.kind == "p":
            blocks.append(Element("p", [passage.text]))
        elif blocks and blocks[-1].tag == passage.kind:
            blocks[-1].children.append(passage.item)
        else:
            blocks.append(Element(passage.kind, [passage.item], _start(passage)))
        before = passage
    return blocks


def _is_heading(before: _Passage | None, passage: _Passage, after: _Passage | None) -> bool:
    if not passage.is_short or after is None or (after.kind == "p" and after.is_short):
        return False
    if passage.kind == "ol":  # "2. The first visit", between paragraphs
        return after.kind == "p" and (before is None or before.kind == "p")
    return passage.kind == "p"


def _start(passage: _Passage) -> dict[str, str]:
    match = _ITEM.fullmatch(passage.text)
    number = int(match["number"] or 1) if match else 1
    return {} if number == 1 else {"start": str(number)}
