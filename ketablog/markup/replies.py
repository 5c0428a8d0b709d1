"""Replies: small Markdown to safe HTML."""

import re
from functools import partial

from bleach.linkifier import LinkifyFilter
from markdown_it import MarkdownIt

from ketablog.markup.policies import COMMENT

COMMENT_LIMIT = 10_000  # Characters before parsing: bleach takes more than linear time on hostile nesting.

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
