"""How many replies readers find before one, oldest first: that says on which page it stands."""

from comments.models import Comment
from ketablog.plain_sql import ask, moment

# Most that is asked about is new: all without those from there on is said faster than those before it. How many threads
# there are is kept (`reply_counts`); what is not public is shown where an answer to it is.
TOPS = """
    SELECT COALESCE((SELECT threads FROM comments_replycount WHERE post_id = %s), 0)
    - (SELECT COUNT(*) FROM comments_comment top WHERE post_id = %s AND parent_id IS NULL
       AND created_at >= %s AND (created_at > %s OR id >= %s)
       AND (status = 'approved'
            OR EXISTS (SELECT 1 FROM comments_comment below
                       WHERE below.thread_id = top.id AND below.status = 'approved')))
"""
ANSWERS = """
    SELECT (SELECT COUNT(*) FROM comments_comment WHERE thread_id = %s AND status = 'approved')
    - (SELECT COUNT(*) FROM comments_comment WHERE thread_id = %s AND status = 'approved'
       AND created_at >= %s AND (created_at > %s OR id >= %s))
    + (SELECT COUNT(*) FROM comments_comment hidden WHERE thread_id = %s AND status IN ('pending', 'spam', 'removed')
       AND created_at <= %s AND (created_at < %s OR id < %s)
       AND EXISTS (SELECT 1 FROM comments_comment below WHERE below.parent_id = hidden.id
                   AND (below.status = 'approved' OR below.id = %s AND below.name > '')))
"""


def tops_before(top: Comment) -> int:
    """How many threads of its article stand before this one."""
    [(number,)] = ask(TOPS, [top.post_id, top.post_id, *_place(top)])
    return number


def answers_before(comment: Comment, *, also: int | None = None) -> int:
    """How many answers of its thread stand before this one; `also` is shown with what it answers, to its writer."""
    thread, place = comment.thread_id, _place(comment)
    [(number,)] = ask(ANSWERS, [thread, thread, *place, thread, *place, also])
    return number


def _place(comment: Comment) -> list[object]:
    at = moment(comment.created_at)
    return [at, at, comment.pk]
