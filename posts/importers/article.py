"""What every reader hands back, and how it is put together from a title and blocks."""

from dataclasses import dataclass

from ketablog.markup import one_line
from posts.importers.elements import Element, is_visible
from posts.importers.furniture import without_furniture

TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Article:
    """A plain row: a title of one line, and a body of HTML that is made safe when it is saved."""

    title: str
    body: str


class ImportFailed(Exception):
    """The file cannot be imported; the text is one sentence that says why."""


def compose(title: str, blocks: list[Element]) -> Article:
    """The article of these blocks. Without a title, the first block is the title.

    Raises `ImportFailed` if the title is too long or no text is left.
    """
    if not title and blocks:
        title, blocks = blocks[0].text, blocks[1:]
    title = one_line(title)
    if not is_visible(title):
        raise ImportFailed("The file has no text.")
    if len(title) > TITLE_LIMIT:
        raise ImportFailed(f"The file has no title: the first line must be one, of at most {TITLE_LIMIT} characters.")
    blocks = without_furniture(title, blocks)
    if not blocks:
        raise ImportFailed("The file has a title, but no text below it.")
    _level_headings(blocks)
    return Article(title, "\n".join(block.html for block in blocks))


def _level_headings(blocks: list[Element]) -> None:
    """Move all headings by the same step, so that the highest is an h2, and none is below h4."""
    headings = [element for block in blocks for element in block.walk() if element.is_heading]
    highest = min((heading.level for heading in headings), default=2)
    for heading in headings:
        heading.tag = f"h{min(heading.level - highest + 2, 4)}"
