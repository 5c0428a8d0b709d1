"""What of an article is searched, as readers see it."""

import re

from ketablog.markup import plain_text
from posts.models import Post

REFERENCE_MARK = re.compile(r"[^\S\n]*\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]")


def summary_lines(post: Post) -> list[str]:
    """The standfirst and the key points."""
    return [line for line in [post.standfirst.strip(), *post.key_point_list] if line]


def body_lines(post: Post) -> list[str]:
    """The text, a line for each paragraph, heading and cell, without the marks of its references."""
    return REFERENCE_MARK.sub("", plain_text(post.body_html)).splitlines()
