"""What a reply quotes from its article is the article's, not the writer's."""

from __future__ import annotations

import html
import re

from comments.rules.help.letters import plain

QUOTED = re.compile(r'"([^"\n]{1,2000})"|“([^“”\n]{1,2000})”|«([^«»\n]{1,2000})»|^[ \t]*>[ \t]?(.*)$', re.MULTILINE)
TAG = re.compile(r"<[^<>]*>")


def without_quotes(text: str, article: str) -> str:
    """The text with blanks in place of what stands between quotation marks, or in a quoted line, and in the article.

    `article` may be HTML. What is quoted but stands nowhere in it is left: people quote themselves too.
    """
    if not article or not QUOTED.search(text):
        return text
    body = _bare(html.unescape(TAG.sub(" ", article)))
    return QUOTED.sub(lambda quote: _blank(quote, body), text)


def _blank(quote: re.Match[str], body: str) -> str:
    said = _bare(quote[int(quote.lastindex or 0)])
    return " " * len(quote[0]) if said and f" {said} " in f" {body} " else quote[0]


def _bare(text: str) -> str:
    return " ".join(filter(None, map(plain, re.split(r"[\W_]+", text.replace("'", "").replace("’", "")))))
