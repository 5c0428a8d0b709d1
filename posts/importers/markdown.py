"""Markdown: CommonMark with tables. Raw HTML in it is text."""

import re

from markdown_it import MarkdownIt

from posts.importers.article import Article, compose
from posts.importers.elements import clean
from posts.importers.fragments import blocks_of, parse

_FRONT_MATTER = re.compile(
    r"""\s* --- [ \t]* \n
    (?P<fields> (?: (?: \w[\w-]* [ \t]* : | [ \t] | -[ \t] | \# ) .* \n | \n )* )
    (?: --- | \.\.\. ) [ \t]* (?: \n | $ )""",
    re.VERBOSE,
)
_TITLE = re.compile(
    r"^title[ \t]*:[ \t]*(?P<quote>[\"']?)(?P<title>.*?)(?P=quote)[ \t]*$", re.MULTILINE | re.IGNORECASE
)

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def read(source: str) -> Article:
    """The article in a Markdown text: its title is the front matter's, or else the first `# Heading`.

    Raises `ImportFailed` if it has no title or no text.
    """
    title, source = _front_matter(source.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = blocks_of(parse(_markdown.render(source)))
    if not title:
        heading = next((block for block in blocks if block.tag == "h1"), None)
        if heading is not None:
            blocks = [block for block in blocks if block is not heading]
            title = heading.text
    return compose(title, blocks)


def _front_matter(source: str) -> tuple[str, str]:
    """The title in the front matter, if there is one, and the text below it."""
    block = _FRONT_MATTER.match(source)
    if block is None:
        return "", source
    title = _TITLE.search(block["fields"])
    return clean(title["title"]).strip() if title else "", source[block.end() :]
