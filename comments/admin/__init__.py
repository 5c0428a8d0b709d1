"""Where moderators work: the desk (the list of replies), a reply's own page, and what was done."""

from comments.admin.desk import CommentAdmin
from comments.admin.judging import RuleSettingAdmin, WordListAdmin
from comments.admin.records import (
    BanAdmin,
    DataActAdmin,
    DecisionAdmin,
    EmailLookAdmin,
    OverrideAdmin,
    ReportAdmin,
)

__all__ = [
    "BanAdmin",
    "CommentAdmin",
    "DataActAdmin",
    "DecisionAdmin",
    "EmailLookAdmin",
    "OverrideAdmin",
    "ReportAdmin",
    "RuleSettingAdmin",
    "WordListAdmin",
]
