"""Which writers are known well enough for their replies to be public at once, where the clinic wants that."""

from datetime import timedelta

from django.utils import timezone

from comments.models import Comment
from ketablog.site import SiteSettings


def is_known(comment: Comment, site: SiteSettings) -> bool:
    """Whether moderators approved enough replies that came with the same key, this one not counted, and declined none
    of late. Who types the same name and address has not the key. One query."""
    if not comment.writer:
        return False
    since = timezone.now() - timedelta(days=site.trust_days)
    return Comment.objects.exclude(pk=comment.pk).of_writer(comment).speak_well(site.first_held, since=since)
