"""Answering a reply from the desk, and approving it with the same press where it is not public yet."""

from django.db import transaction

from comments import intake, moderation, second_look
from comments.models import Comment
from comments.undoing import former
from ketablog.models import User
from ketablog.site import SiteSettings
from posts.models import Post


class NotAnswered(Exception):
    """Somebody decided about the reply, or its writer changed it, since it was read: nothing was done."""


def may_be_approved_with(comment: Comment) -> bool:
    """Whether an answer can approve a reply too. What may be a cry for help is approved on its own, after it was
    read."""
    return not comment.is_approved and not comment.is_urgent


def answer(
    draft: Comment,
    *,
    by: User,
    site_settings: SiteSettings,
    approves: bool,
    insists: bool,
    text_version: int,
    newest_report: int = 0,
) -> Comment:
    """Save an answer to its parent; where it `approves`, that becomes public in the same moment, or neither does.
    `insists` says that it was checked for what confirms that somebody is a patient.

    Raises `NotAnswered`, and `refusals.Refused` for what `intake.receive` refuses.
    """
    above = draft.parent
    if above is None:
        raise NotAnswered
    with transaction.atomic():
        # Before the reply itself, as everything does that locks both.
        Post.objects.lock(above.post_id)
        if approves:
            if not may_be_approved_with(above) or not moderation.approve(
                above, by=by, text_version=text_version, newest_report=newest_report
            ):
                raise NotAnswered
        elif not Comment.objects.approved().filter(pk=above.pk, text_version=text_version).exists():
            raise NotAnswered
        saved = intake.receive(draft, site_settings=site_settings, answer=second_look.Answer(insists=insists))
        if approves:
            former.send_along(saved, with_decision_on=above, by=by)
    return saved
