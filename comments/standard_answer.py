"""The standard answer to a reader who asks for advice, sent by staff with one press of a button."""

from comments import answering
from comments.models import Comment
from comments.refusals import Refused
from ketablog import site
from ketablog.models import User


def is_offered(comment: Comment) -> bool:
    """Whether a reply waits because it asks for advice. What may be a cry for help gets words of its own."""
    asks = any(reason["rule"] == "advice" for reason in comment.reasons)
    return asks and comment.status == Comment.Status.PENDING and not comment.is_urgent


def send(comment: Comment, *, by: User, text_version: int) -> bool:
    """Approve a reply and answer it in somebody's name, both or neither. Returns whether this call did it."""
    row = site.current()
    if not row.standard_answer or not is_offered(comment):
        return False
    draft = Comment(post=comment.post, parent=comment, user=by, name=by.shown_name, source=row.standard_answer)
    draft.email = ""
    try:
        answering.answer(draft, by=by, site_settings=row, approves=True, insists=False, text_version=text_version)
    except (answering.NotAnswered, Refused):
        return False
    return True
