"""Every way from foreign text to safe HTML, and the only one that calls text safe (`mark_safe`, `SafeString`).

One policy table, two sanitizers: bleach does the work, nh3 has the last word, so that a fault of one
is caught by the other. Nothing is sanitized while a page is read: rows keep their source and its safe
HTML side by side, with `POLICY_VERSION`, and `manage.py render_again` makes all stored HTML anew.
"""

import json

from django.utils.safestring import SafeString, mark_safe

from ketablog.markup.articles import Article, render_article
from ketablog.markup.callouts import CALLOUTS
from ketablog.markup.images import ImageData, ImageSource, image_ids
from ketablog.markup.marks import linked_marks, without_marks
from ketablog.markup.policies import ARTICLE, COMMENT, POLICY_VERSION, TYPESET
from ketablog.markup.replies import COMMENT_LIMIT, render_comment
from ketablog.markup.words import browser_length, one_line, plain_text

__all__ = [
    "ARTICLE",
    "CALLOUTS",
    "COMMENT",
    "COMMENT_LIMIT",
    "POLICY_VERSION",
    "TYPESET",
    "Article",
    "ImageData",
    "ImageSource",
    "browser_length",
    "image_ids",
    "linked_marks",
    "one_line",
    "plain_text",
    "render_article",
    "render_comment",
    "script_json",
    "stored",
    "without_marks",
]

IN_SCRIPT = str.maketrans({character: f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"})


def stored(safe_html: str) -> SafeString:
    """HTML that one of the functions above made at save, for a template to show as it is."""
    return SafeString(safe_html)


def script_json(data: object) -> SafeString:
    """Data as JSON for the inside of a script element that is not run, such as `application/ld+json`."""
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(IN_SCRIPT))  # noqa: S308 (escaped for its place)
