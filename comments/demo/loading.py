"""The demo's replies, in every state, and what became of them, from the files beside this module."""

import contextlib
import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import timezone

from comments.models import Comment, Report
from comments.questions import making
from comments.rules.help import rank
from ketablog.accounts import User
from ketablog.demo import Loader
from posts.models import Post, Question

FOLDER = Path(__file__).parent


def load(loader: Loader, staff: User) -> None:
    """Make the replies whose article is there. `staff` decided them and answers for the clinic."""
    made: dict[str, Comment] = {}
    for row in _read("replies.json"):
        post = loader.row(f"post:{row['article']}", partial(Post.objects.get, slug=row["article"]))
        parent = made.get(row["parent"]) if row["parent"] else None
        comment = loader.row(f"comment:{row['key']}", partial(_comment, row, post, parent, staff))
        made[row["key"]] = comment
        for number, report in enumerate(row.get("reports", [])):
            loader.row(f"report:{row['key']}:{number}", partial(_report, report, comment, number))
    for row in _read("questions.json"):
        # Nothing is made of what the clinic has used or changed itself.
        with contextlib.suppress(making.CannotMake):
            loader.row(f"question:{row['reply']}", partial(_question, row, made[row["reply"]], staff))


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


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
        pinned_at=created_at + timedelta(hours=1) if row.get("pinned") else None,
    )
    comment.email = "" if user else row["email"]
    comment.save()
    return comment


def _report(row: dict[str, str], comment: Comment, number: int) -> Report:
    return Report.objects.create(comment=comment, client=f"demo-{number}", **row)


def _question(row: dict[str, str], comment: Comment, staff: User) -> Question:
    answer = making.find_answer(comment)
    person = getattr(answer.user, "person", None)
    draft = Question(question=row["question"], answer=row["answer"], answered_by=person)
    return making.make(draft, comment, seen=making.version_of(comment, answer), by=staff)


def _account_named(name: str) -> User | None:
    return User.objects.filter(person__name=name).first()
