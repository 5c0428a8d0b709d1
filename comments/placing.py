"""How many replies readers find before one, oldest first: that says on which page it stands."""

from comments.models import Comment
from ketablog.plain_sql import ask, moment

# What is public is counted in an index alone. Most that is asked about is new: all without those from there on is said
# faster than those before it. What is not public is shown where an answer to it is; of that there is little, and each
# is asked about.
BEFORE = """
    SELECT (SELECT COUNT(*) FROM comments_comment WHERE {of} AND status = 'approved')
    - (SELECT COUNT(*) FROM comments_comment WHERE {of} AND status = 'approved'
       AND created_at >= %s AND (created_at > %s OR id >= %s))
    + (SELECT COUNT(*) FROM comments_comment hidden WHERE {of} AND status IN ('pending', 'spam', 'removed')
       AND created_at <= %s AND (created_at < %s OR id < %s)
       AND EXISTS (SELECT 1 FROM comments_comment below WHERE {below}))
"""
TOPS = BEFORE.format(
    of="post_id = %s AND parent_id IS NULL", below="below.thread_id = hidden.id AND below.status = 'approved'"
)
ANSWERS = BEFORE.format(
    of="thread_id = %s",
    below="below.parent_id = hidden.id AND (below.status = 'approved' OR below.id = %s AND below.name > '')",
)


def tops_before(top: Comment) -> int:
    """How many threads of its article stand before this one."""
    return _number(TOPS, top, top.post_id)


def answers_before(comment: Comment, *, also: int | None = None) -> int:
    """How many answers of its thread stand before this one; `also` is shown with what it answers, to its writer."""
    return _number(ANSWERS, comment, comment.thread_id, also)


def _number(statement: str, comment: Comment, of: int | None, *also: int | None) -> int:
    at = moment(comment.created_at)
    place = [at, at, comment.pk]
    [(number,)] = ask(statement, [of, of, *place, of, *place, *also])
    return number
