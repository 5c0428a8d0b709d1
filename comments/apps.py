from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Replies")
    # Models whose rows no reader ever sees, so that writing to them leaves stored pages as they are.
    never_shown = {
        "Ban",
        "Consent",
        "DataAct",
        "DataRequest",
        "Decision",
        "EmailLook",
        "Erasure",
        "FormerState",
        "LearnedLine",
        "LearnedWord",
        "Lesson",
        "Notice",
        "NoticeAddress",
        "Original",
        "Override",
        "QuestionOrigin",
        "Report",
        "RuleHit",
        "RuleSetting",
        "SpamTrace",
        "Watch",
        "WordList",
    }
