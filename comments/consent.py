"""Publishing what may be a cry for help takes two people, or one who still thinks so an hour later.

Who approves it first only consents, and that is written down. It becomes public when somebody else approves it too, or
anybody does at least an hour after that. Another text, or another decision in between, needs new consents. A command
knows nobody, so it never is somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comments import journal
from comments.models import Comment, Consent
from ketablog.models import User

PAUSE = timedelta(hours=1)


def give(comment: Comment, *, by: User | None, text_version: int) -> bool:
    """Consent to publish an urgent reply. Returns whether it may become public now.

    To be called in a transaction. Nothing is written for another text than the present one.
    """
    rows = Comment.objects.filter(pk=comment.pk, text_version=text_version, status=comment.status)
    if not rows.not_empty().select_for_update(no_key=True).exists():
        return False
    known = list(holding(comment))
    if any(_suffices(consent, by) for consent in known):
        return True
    if not any(consent.by == by for consent in known):
        Consent.objects.create(comment=comment, text_version=text_version, by=by, at=timezone.now())
        if by is not None:
            journal.note(comment, by=by, what=_("Approved, which is a first consent: it may be a cry for help."))
    return False


def holding(comment: Comment) -> Iterable[Consent]:
    """The consents to its present text since it was last decided, the first of them first."""
    known = getattr(comment, "known_consents", None)
    consents = comment.consents.select_related("by") if known is None else known
    return [
        consent
        for consent in consents
        if consent.text_version == comment.text_version
        and (comment.decided_at is None or consent.at > comment.decided_at)
    ]


def missing(comment: Comment, *, for_whom: User | None = None) -> str:
    """What an urgent reply still needs to become public, in a sentence for staff."""
    first = next(iter(holding(comment)), None)
    if first is None:
        return _("Two of you have to approve it, or one of you twice, at least an hour apart.")
    time = _clock(first.at + PAUSE)
    if first.by is not None and first.by == for_whom:
        return _(
            "Your approval is noted, and nothing is public yet. A colleague has to approve it too; from %(time)s on "
            "you may do so yourself."
        ) % {"time": time}
    who = first.by.shown_name if first.by else _("A command")
    return _("%(who)s approved it. Somebody else has to approve it too; from %(time)s on anybody may.") % {
        "who": who,
        "time": time,
    }


def _suffices(consent: Consent, by: User | None) -> bool:
    is_other = consent.by is not None and by is not None and consent.by != by
    return is_other or consent.at <= timezone.now() - PAUSE


def _clock(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return date_format(local, "TIME_FORMAT" if local.date() == timezone.localdate() else "DATETIME_FORMAT")
