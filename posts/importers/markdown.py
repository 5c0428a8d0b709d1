"""Markdown: CommonMark with tables and GitHub's alerts. Raw HTML in it is text."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

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

_ALERT = re.compile(r"\[!(?P<name>NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)", re.IGNORECASE)
_CALLOUTS = {"note": "note", "tip": "tip", "important": "note", "warning": "warning", "caution": "warning"}


def _mark_alerts(state: StateCore) -> None:
    """A quote that begins with a line such as `[!NOTE]` gets the class of a callout instead of that line."""
    for quote, paragraph, content in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        alert = _ALERT.match(content.content) if content.type == "inline" else None
        if alert and quote.type == "blockquote_open" and paragraph.type == "paragraph_open":
            quote.attrSet("class", _CALLOUTS[alert["name"].lower()])
            content.content = content.content[alert.end() :]


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_markdown.core.ruler.after("block", "alerts", _mark_alerts)


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
