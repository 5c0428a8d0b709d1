"""What staff did with a reply beside deciding it, in the admin's log: by the reply's number, never by its writer."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from comments.models import Comment
from ketablog.models import User


def note(comment: Comment, *, by: User, what: str = "", flag: int = CHANGE) -> LogEntry:
    """Write down what somebody did: `what` is a sentence in the site's language."""
    return LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Comment),
        object_id=str(comment.pk),
        object_repr=_("Reply %(number)s") % {"number": comment.pk},
        action_flag=flag,
        change_message=what,
    )
