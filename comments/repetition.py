"""Whether a reply was sent before."""

from datetime import timedelta

from django.utils import timezone

from comments.models import Comment
from ketablog.plain_sql import ask, moment, places
from ketablog.secrets import address_indexes

WITHIN = timedelta(days=1)


def first_like(comment: Comment) -> Comment | None:
    """A reply of the last day that says the same in the same place, from the same address or in public, the newest if
    there are several; spam is not counted.

    A public one counts whoever wrote it, or its text sent again under guessed addresses would tell the true one.
    """
    place, where = _equal({"post_id": comment.post_id, "parent_id": comment.parent_id})
    writer, who = _equal({"user_id": comment.user_id})
    indexes = address_indexes(comment.email)
    same = [comment.source, moment(timezone.now() - WITHIN)]
    own = f"status <> 'spam' AND {writer} AND email_index IN {places(indexes or [''])}"
    own_values = [*who, *(indexes or [""])]
    if not indexes:
        own, own_values = f"{own} AND {place}", [*own_values, *where]
    # An address is found by its own index, which neither database uses for both questions at once.
    found = ask(
        f"WITH own AS MATERIALIZED (SELECT id, created_at, post_id, parent_id FROM comments_comment "  # noqa: S608
        f"WHERE source = %s AND created_at >= %s AND {own}) "
        f"SELECT id, created_at FROM own WHERE {place} "
        f"UNION ALL SELECT id, created_at FROM comments_comment "
        f"WHERE source = %s AND created_at >= %s AND {place} AND status = 'approved' "
        f"ORDER BY created_at DESC, id DESC LIMIT 1",
        [*same, *own_values, *where, *same, *where],
    )
    return Comment.objects.select_related("post", "thread").get(pk=found[0][0]) if found else None


def _equal(columns: dict[str, object]) -> tuple[str, list[object]]:
    said = [f"{name} IS NULL" if value is None else f"{name} = %s" for name, value in columns.items()]
    return " AND ".join(said), [value for value in columns.values() if value is not None]
