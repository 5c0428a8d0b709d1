"""What the writer of a reply may do to it. As in `comments.moderation`, each is one conditional UPDATE."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import erasing, intake, ledger, notifications, opening, privacy
from comments.classifier import learning
from comments.models import Comment, Decision, Report
from comments.mydata.models import Kind
from comments.notices import telling, watching
from comments.questions import making
from comments.redaction import letting
from comments.rules import table
from ketablog.models import User
from ketablog.site import SiteSettings

PENDING, REMOVED, SPAM = Comment.Status.PENDING, Comment.Status.REMOVED, Comment.Status.SPAM
BY_READERS = {"reported", "worried"}
EDITED = {"rule": "edited", "points": 0, "fragment": "", "version": 1, "outcome": "hold"}


def edit(
    comment: Comment, *, source: str, name: str, text_version: int, site_settings: SiteSettings, by: User | None = None
) -> bool:
    """Another text and name, judged as those of a new reply: what is published may wait again, and moderators are
    told. What waits or is spam stays so, whatever the rules say: only a person lets it through. But spam that may be a
    cry for help now waits, and moderators are told.

    `by` is who is signed in. Returns whether this call did it: not where the reply is no longer as it was read, such as
    when a moderator decided meanwhile, or `text_version` is not that of the text that was changed.
    """
    before = comment.status
    if before == REMOVED:
        return False
    draft = _draft(comment, source, name)
    is_writer = by == comment.user
    judgment = intake.assess(draft, by=by if is_writer else None, site_settings=site_settings)
    _keep_reports(draft, comment)
    _keep_help(draft, comment)
    # The link alone does not speak for the clinic: what bears its badge waits unless its writer is signed in.
    is_free = before == Comment.Status.APPROVED and (comment.user is None or is_writer)
    if not draft.is_approved or not (is_free or draft.decided_by):
        draft.reasons.append(EDITED)
        draft.status = draft.status if draft.status == SPAM else PENDING
        if before == SPAM and not draft.is_urgent:
            draft.status, draft.decided_at, draft.decided_by = SPAM, comment.decided_at, comment.decided_by
    changed = {
        **{name: getattr(draft, name) for name in ("name", "source", "html", "html_policy", "help_rank", "reasons")},
        **{name: getattr(draft, name) for name in ("status", "decided_at", "decided_by")},
        "decision_reason": comment.decision_reason if draft.status == SPAM else "",
        "text_version": text_version + 1,
        "edited_at": timezone.now(),
        "staff_edited_at": None,
        "pinned_at": comment.pinned_at if draft.is_approved else None,
        "opened_at": None,
        "opened_by": None,
    }
    was_urgent = comment.is_urgent
    with transaction.atomic():
        seen = Comment.objects.filter(pk=comment.pk, text_version=text_version, status=before)
        if not seen.update(**changed):
            return False
        table.write_down_again(comment, judgment, changed["edited_at"])
        making.take_off_made_of([comment.pk])
        _write_down(comment, before, draft.status, text_version + 1, _("changed by its writer"))
        learning.follow.enqueue([comment.pk])
        for column, value in changed.items():
            setattr(comment, column, value)
        letting.note_own(comment)
        if draft.is_approved and before != draft.status:
            telling.tell(comment)
        if draft.status == PENDING and (before != PENDING or (comment.is_urgent and not was_urgent)):
            notifications.tell_held(comment)
        if draft.status == PENDING and comment.is_urgent:
            opening.alert(comment, site_settings)
    return True


def withdraw(comment: Comment) -> bool:
    """Any status → removed, with nothing left of what its writer gave; the private link is another one from then on.

    Whatever a moderator decides at the same moment: the writer's word holds. The row stays, as answers may stand
    below it. Nobody is told. Returns whether this call did it.
    """
    changed = erasing.nothing_left(timezone.now())
    with transaction.atomic():
        rows = Comment.objects.filter(pk=comment.pk, generation=comment.generation)
        before = rows.select_for_update(no_key=True).values_list("status", "text_version").first()
        if before is None or not rows.filter(withdrawn_at__isnull=True).update(**changed):
            return False
        erasing.drop_copies([comment.pk])
        watching.end([comment.pk])
        learning.follow.enqueue([comment.pk])
        _write_down(comment, before[0], REMOVED, before[1] + 1, erasing.because(Kind.WITHDRAWN))
        ledger.write(Kind.WITHDRAWN, [(comment.pk, comment.created_at)])
    comment.refresh_from_db()
    return True


def _draft(comment: Comment, source: str, name: str) -> Comment:
    # With its number, so that it does not speak for its own writer: it was let through with another text.
    draft = Comment(pk=comment.pk, post=comment.post, user=comment.user, writer=comment.writer)
    draft.name, draft.website, draft.source = name, comment.website, source
    draft.email = privacy.address_for_writer(comment) or ""
    return draft


def _keep_reports(draft: Comment, comment: Comment) -> None:
    """What readers said of the reply is not edited away: staff still see that it was reported, and watch over it."""
    if not comment.is_approved:
        draft.reasons.extend(reason for reason in comment.reasons if reason["rule"] in BY_READERS)
    if comment.reports.unsettled().filter(reason=Report.Reason.WORRY).exists():
        draft.help_rank = max(draft.help_rank, Comment.HelpRank.WATCH)


def _keep_help(draft: Comment, comment: Comment) -> None:
    """Nor is a cry for help that nobody has decided about: who takes it back may be in danger all the same."""
    if comment.is_approved or draft.decided_by or draft.help_rank >= comment.help_rank:
        return
    draft.help_rank, draft.status = comment.help_rank, PENDING
    draft.reasons = [reason for reason in draft.reasons if reason["rule"] != "help"]
    draft.reasons.extend(reason for reason in comment.reasons if reason["rule"] == "help")


def _write_down(comment: Comment, before: str, after: str, text_version: int, reason: str) -> None:
    if before != after:
        Decision.objects.create(
            comment=comment, before=before, after=after, text_version=text_version, reason=reason, by=None
        )
