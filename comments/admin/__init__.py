"""Where moderators work: the desk (the list of replies), a reply's own page, and what was done."""

from comments.admin.desk import CommentAdmin
from comments.admin.records import DecisionAdmin, EmailLookAdmin, OverrideAdmin, ReportAdmin

__all__ = ["CommentAdmin", "DecisionAdmin", "EmailLookAdmin", "OverrideAdmin", "ReportAdmin"]
