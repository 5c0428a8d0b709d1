"""Reference marks: [1], [2, 3] or [1–3] in running text leads to the list of references."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from ketablog.markup.tokens import Token, end, is_text, start, text, with_ancestors

MARK = re.compile(r" ?\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\]")
NUMBER = re.compile(r"(\d+)")
LINKED = re.compile(r'id="mark-(\d+)"')
# A link within a link is none; the text of code is not ours; a heading is also an address and a line of the contents.
PLAIN = {"a", "code", "pre", "h2", "h3", "h4"}


def without_marks(words: str) -> str:
    """The words without their reference marks."""
    return MARK.sub("", words)


def linked_marks(safe_html: str) -> set[int]:
    """The references that an article's HTML leads to: the first mark of each has the id `mark-<number>`."""
    return {int(number) for number in LINKED.findall(safe_html)}


def with_marks(source: Iterable[Token], references: int, marked: set[int]) -> Iterator[Token]:
    """Marks up to the number of `references` as links; `marked` gets every number, also those beyond."""
    linked: set[int] = set()
    for token, ancestors in with_ancestors(source):
        if not is_text(token) or PLAIN.intersection(ancestors):
            yield token
            continue
        words, done = token["data"], 0
        for match in MARK.finditer(words):
            numbers = set(_numbers(match[1]))
            if 0 in numbers:  # An interval, not a mark.
                continue
            marked |= numbers
            if min(numbers) <= references:
                yield text(words[done : match.start()])
                yield from _links(match, references, linked)
                done = match.end()
        yield text(words[done:])


def _parts(marks: str) -> Iterator[tuple[str, str]]:
    """Each number of a mark with what stands before it."""
    separator = ""
    for part in NUMBER.split(marks):
        if part.isdecimal():
            yield separator, part
        else:
            separator = part


def _between(separator: str, before: int, number: int) -> range:
    """The numbers that a dash stands for."""
    return range(before + 1, number) if separator.strip() in ("-", "–") else range(0)


def _numbers(marks: str) -> Iterator[int]:
    before = 0
    for separator, part in _parts(marks):
        yield from _between(separator, before, int(part))
        before = int(part)
        yield before


def _links(match: re.Match[str], references: int, linked: set[int]) -> Iterator[Token]:
    yield start("span", class_="marks")
    # A mark never begins a line: the space before it does not break.
    yield text("\N{NO-BREAK SPACE}[" if match[0][0] == " " else "[")
    before = 0
    for separator, part in _parts(match[1]):
        number = int(part)
        for skipped in _between(separator, before, min(number, references + 1)):
            if skipped not in linked:
                linked.add(skipped)
                yield from (start("span", id=f"mark-{skipped}"), end("span"))
        yield text(separator)
        if number <= references:
            first = {} if number in linked else {"id": f"mark-{number}"}
            linked.add(number)
            label = _("Reference %(number)s") % {"number": number}
            yield start("a", class_="mark", **first, href=f"#ref-{number}", aria_label=label)
            yield from (text(part), end("a"))
        else:
            yield text(part)
        before = number
    yield from (text("]"), end("span"))
