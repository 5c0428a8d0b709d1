"""What of an article is searched, as readers see it."""

from collections.abc import Iterable

from ketablog.markup import plain_text, without_marks
from posts.models import Post, Question


def summary_lines(post: Post) -> list[str]:
    """The standfirst and the key points."""
    return [line for line in [post.standfirst.strip(), *post.key_point_list] if line]


def body_lines(post: Post) -> list[str]:
    """The text, a line for each paragraph, heading and cell, without the marks of its references."""
    return without_marks(plain_text(post.body_html)).splitlines()


def question_lines(questions: Iterable[Question]) -> list[str]:
    """The questions, each followed by the lines of its answer."""
    return [line for row in questions for line in (row.question, *row.plain_answer.splitlines())]
