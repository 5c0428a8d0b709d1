"""The demo's replies, in every state, from the file beside this module."""

import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import timezone

from comments.models import Comment
from comments.rules.help import rank
from ketablog.accounts import User
from ketablog.demo import Loader
from posts.models import Post

FILE = Path(__file__).parent / "replies.json"


def load(loader: Loader, staff: User) -> None:
    """Make the replies whose article is there. `staff` decided them and answers for the clinic."""
    made: dict[str, Comment] = {}
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        post = loader.row(f"post:{row['article']}", partial(Post.objects.get, slug=row["article"]))
        parent = made.get(row["parent"]) if row["parent"] else None
        made[row["key"]] = loader.row(f"comment:{row['key']}", partial(_comment, row, post, parent, staff))


def _comment(row: dict[str, Any], post: Post, parent: Comment | None, staff: User) -> Comment:
    created_at = timezone.now() - timedelta(hours=row["hours_ago"])
    decided = row["status"] != Comment.Status.PENDING
    user = _account_named(row["name"]) if row["staff"] else None
    comment = Comment(
        post=post,
        parent=parent,
        name=row["name"],
        website=row["website"],
        source=row["text"],
        status=row["status"],
        user=user,
        reasons=[{"version": 1, **reason} for reason in row["reasons"]],
        help_rank=rank(row["text"]),
        created_at=created_at,
        decided_at=created_at + timedelta(minutes=40) if decided else None,
        decided_by=staff if decided else None,
        decision_reason=row.get("decision_reason") or "",
    )
    comment.email = "" if user else row["email"]
    comment.save()
    return comment


def _account_named(name: str) -> User | None:
    return User.objects.filter(person__name=name).first()
