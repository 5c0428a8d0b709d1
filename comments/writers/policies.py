"""What follows from who wrote a reply, and from what the clinic wants of all replies."""

from comments.models import Comment
from comments.rules import Reason
from comments.writers import banning, trust
from ketablog.site import SiteSettings
from ketablog.site_replies import ModerationPolicy


def reasons(comment: Comment, site: SiteSettings) -> list[Reason]:
    """Why a reply is held, or is spam, whatever it says."""
    outcomes = {"banned": banning.outcome(comment, site)}
    if site.moderation_policy == ModerationPolicy.HOLD_ALL:
        outcomes["policy"] = "hold"
    elif site.moderation_policy == ModerationPolicy.HOLD_FIRST and not trust.is_known(comment, site):
        outcomes["new_writer"] = "hold"
    return [Reason(rule, points=0, outcome=outcome) for rule, outcome in outcomes.items() if outcome]
