"""How many replies and threads of each article readers see.

An article's page tells both, and counting a hundred thousand rows takes longer than all the rest of it. The database
keeps them with triggers, in the transaction that changes a reply, whoever writes it; nothing else writes them but
`count_again()` (docs/decisions/0020-reply-counts.md).
"""

from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _


class ReplyCount(models.Model):
    """`replies` are public; `threads` have at least one such. No row: there are none."""

    post = models.OneToOneField("posts.Post", on_delete=models.CASCADE, primary_key=True, related_name="reply_count")
    replies = models.PositiveIntegerField()
    threads = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("number of replies")
        verbose_name_plural = _("numbers of replies")

    def __str__(self) -> str:
        return f"{self.replies} / {self.threads}"


# Never below zero, which the table refuses: a number that somebody spoiled must keep no reply from being taken off.

# SQLite. A thread counts with the first of its replies that becomes public, and no longer with the last.

_ALONE = """(NOT EXISTS (SELECT 1 FROM comments_comment WHERE status = 'approved' AND id <> {row}.id
        AND thread_id = COALESCE({row}.thread_id, {row}.id))
    AND NOT EXISTS (SELECT 1 FROM comments_comment WHERE status = 'approved' AND id = {row}.thread_id))"""
_MORE = f"""BEGIN INSERT INTO comments_replycount (post_id, replies, threads)
    VALUES (new.post_id, 1, {_ALONE.format(row="new")}) ON CONFLICT (post_id)
    DO UPDATE SET replies = replies + 1, threads = threads + excluded.threads; END"""  # noqa: S608 (constants)
_FEWER = """BEGIN UPDATE comments_replycount SET replies = MAX(replies - 1, 0), threads = MAX(threads - {alone}, 0)
    WHERE post_id = old.post_id; END""".format(alone=_ALONE.format(row="old"))  # noqa: S608 (constants)
SQLITE = {
    "comments_count_added": f"AFTER INSERT ON comments_comment WHEN new.status = 'approved' {_MORE}",
    "comments_count_deleted": f"AFTER DELETE ON comments_comment WHEN old.status = 'approved' {_FEWER}",
    "comments_count_published": "AFTER UPDATE OF status ON comments_comment "
    f"WHEN new.status = 'approved' AND old.status <> 'approved' {_MORE}",
    "comments_count_hidden": "AFTER UPDATE OF status ON comments_comment "
    f"WHEN new.status <> 'approved' AND old.status = 'approved' {_FEWER}",
}

# PostgreSQL. Before each row, as a trigger after it would see what the whole statement did to the others; and with
# the count locked first, as two who publish the first replies of one thread at once must not both count it.

POSTGRESQL = """
CREATE OR REPLACE FUNCTION comments_count_replies() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed comments_comment%ROWTYPE;
    step integer := 1;
    alone integer;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND new.status <> 'approved') THEN
        changed := old;
        step := -1;
    ELSE
        changed := new;
        INSERT INTO comments_replycount (post_id, replies, threads) VALUES (new.post_id, 0, 0) ON CONFLICT DO NOTHING;
    END IF;
    PERFORM 1 FROM comments_replycount WHERE post_id = changed.post_id FOR UPDATE;
    alone := (NOT EXISTS (SELECT 1 FROM comments_comment WHERE status = 'approved' AND id <> changed.id
            AND thread_id = COALESCE(changed.thread_id, changed.id))
        AND NOT EXISTS (SELECT 1 FROM comments_comment WHERE status = 'approved' AND id = changed.thread_id))::integer;
    UPDATE comments_replycount SET replies = GREATEST(replies + step, 0), threads = GREATEST(threads + step * alone, 0)
        WHERE post_id = changed.post_id;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN old ELSE new END;
END $$;
CREATE OR REPLACE TRIGGER comments_count_added BEFORE INSERT ON comments_comment
    FOR EACH ROW WHEN (new.status = 'approved') EXECUTE FUNCTION comments_count_replies();
CREATE OR REPLACE TRIGGER comments_count_deleted BEFORE DELETE ON comments_comment
    FOR EACH ROW WHEN (old.status = 'approved') EXECUTE FUNCTION comments_count_replies();
CREATE OR REPLACE TRIGGER comments_count_changed BEFORE UPDATE OF status ON comments_comment
    FOR EACH ROW WHEN ((old.status = 'approved') <> (new.status = 'approved'))
    EXECUTE FUNCTION comments_count_replies();
"""
TRIGGERS = {
    "sqlite": (set(SQLITE), "SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": (
        {"comments_count_added", "comments_count_deleted", "comments_count_changed"},
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'comments_comment'::regclass",
    ),
}
_COUNT = """INSERT INTO comments_replycount (post_id, replies, threads)
    SELECT post_id, COUNT(*), COUNT(DISTINCT COALESCE(thread_id, id)) FROM comments_comment
    WHERE status = 'approved' GROUP BY post_id"""


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers where they are missing, and count what was written without them."""
    wanted, names = TRIGGERS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(names)
        missing = wanted - {name for (name,) in cursor.fetchall()}
        if not missing:
            return
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
        else:
            for name in missing:
                cursor.execute(f"CREATE TRIGGER {name} {SQLITE[name]}")
    count_again()


def count_again() -> None:
    """Count all anew. Nothing that is published meanwhile is lost: it waits."""
    using = router.db_for_write(ReplyCount)
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE comments_replycount IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM comments_replycount")
        cursor.execute(_COUNT)
