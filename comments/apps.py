from django.apps import AppConfig
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate
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

    def ready(self) -> None:
        post_migrate.connect(prepare_counts, sender=self)


def prepare_counts(using: str, apps: Apps | None = None, **kwargs: object) -> None:
    """After each migration: SQLite loses its triggers when a table is altered."""
    from comments import reply_counts

    if using == DEFAULT_DB_ALIAS and _has_counts(apps):
        reply_counts.prepare(connections[using])


def _has_counts(migrated: Apps | None) -> bool:
    """Whether the tables are not those of an older migration."""
    return migrated is None or "replycount" in migrated.all_models["comments"]
