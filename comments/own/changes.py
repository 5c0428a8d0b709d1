"""What the writer of a reply may do to it. As in `comments.moderation`, each is one conditional UPDATE."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import intake, notifications, opening, privacy
from comments.models import Comment, Decision, Report
from ketablog.models import User
from ketablog.site import SiteSettings

PENDING, REMOVED = Comment.Status.PENDING, Comment.Status.REMOVED
BY_READERS = {"reported", "worried"}
EDITED = {"rule": "edited", "points": 0, "fragment": "", "version": 1}


def edit(
    comment: Comment, *, source: str, name: str, text_version: int, site_settings: SiteSettings, by: User | None = None
) -> bool:
    """Another text and name, judged as those of a new reply: what is published may wait again, and moderators are
    told. What waits, or is spam, waits then, whatever the rules say: only a person lets it through.

    `by` is who is signed in. Returns whether this call did it: not where the reply is no longer as it was read, such as
    when a moderator decided meanwhile, or `text_version` is not that of the text that was changed.
    """
    before = comment.status
    if before == REMOVED:
        return False
    draft = _draft(comment, source, name)
    is_writer = by == comment.user
    intake.assess(draft, by=by if is_writer else None, site_settings=site_settings)
    _keep_reports(draft, comment)
    # The link alone does not speak for the clinic: what bears its badge waits unless its writer is signed in.
    is_free = before == Comment.Status.APPROVED and (comment.user is None or is_writer)
    if draft.reasons or not (is_free or draft.decided_by):
        draft.reasons.append(EDITED)
        draft.status = PENDING
    changed = {
        **{name: getattr(draft, name) for name in ("name", "source", "html", "html_policy", "help_rank", "reasons")},
        **{name: getattr(draft, name) for name in ("status", "decided_at", "decided_by")},
        "decision_reason": "",
        "text_version": text_version + 1,
        "edited_at": timezone.now(),
        "pinned_at": comment.pinned_at if draft.is_approved else None,
        "opened_at": None,
        "opened_by": None,
    }
    was_urgent = comment.is_urgent
    with transaction.atomic():
        seen = Comment.objects.filter(pk=comment.pk, text_version=text_version, status=before)
        if not seen.update(**changed):
            return False
        _write_down(comment, before, draft.status, text_version + 1, _("changed by its writer"))
        for column, value in changed.items():
            setattr(comment, column, value)
        if draft.status == PENDING and (before != PENDING or (comment.is_urgent and not was_urgent)):
            notifications.tell_held(comment)
        if draft.status == PENDING and comment.is_urgent:
            opening.alert(comment)
    return True


def withdraw(comment: Comment) -> bool:
    """Any status → removed, with nothing left of what its writer gave; the private link is another one from then on.

    Whatever a moderator decides at the same moment: the writer's word holds. The row stays, as answers may stand
    below it. Nobody is told. Returns whether this call did it.
    """
    changed = {
        **privacy.EMPTY,
        "status": REMOVED,
        "withdrawn_at": timezone.now(),
        "pinned_at": None,
        "text_version": F("text_version") + 1,
        "generation": F("generation") + 1,
    }
    with transaction.atomic():
        rows = Comment.objects.filter(pk=comment.pk, generation=comment.generation)
        before = rows.select_for_update().values_list("status", "text_version").first()
        if before is None or not rows.filter(withdrawn_at__isnull=True).update(**changed):
            return False
        comment.decisions.update(reason="")
        comment.reports.all().delete()
        _write_down(comment, before[0], REMOVED, before[1] + 1, _("withdrawn by its writer"))
    comment.refresh_from_db()
    return True


def _draft(comment: Comment, source: str, name: str) -> Comment:
    draft = Comment(post=comment.post, user=comment.user, name=name, website=comment.website, source=source)
    draft.email = privacy.address_for_writer(comment) or ""
    return draft


def _keep_reports(draft: Comment, comment: Comment) -> None:
    """What readers said of the reply is not edited away: staff still see that it was reported, and watch over it."""
    if not comment.is_approved:
        draft.reasons.extend(reason for reason in comment.reasons if reason["rule"] in BY_READERS)
    if comment.reports.unsettled().filter(reason=Report.Reason.WORRY).exists():
        draft.help_rank = max(draft.help_rank, Comment.HelpRank.WATCH)


def _write_down(comment: Comment, before: str, after: str, text_version: int, reason: str) -> None:
    if before != after:
        Decision.objects.create(
            comment=comment, before=before, after=after, text_version=text_version, reason=reason, by=None
        )
