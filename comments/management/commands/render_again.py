from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Model

from comments.models import Comment
from ketablog.batches import in_batches
from posts.models import Page, Post, Question


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows that keep a source and, made of it, its HTML and the policy it was made under."""

    plural: str
    model: type[Model]
    source: str
    derived: tuple[str, ...]
    render: Callable[[Any], None]


KINDS = (
    Kind("articles", Post, "body", ("body_html", "body_policy", "contents"), Post.render_body),
    Kind("pages", Page, "body", ("body_html", "body_policy", "contents"), Page.render_body),
    Kind("answers to questions", Question, "answer", ("answer_html", "answer_policy"), Question.render),
    Kind("replies", Comment, "source", ("html", "html_policy"), Comment.render),
)


class Command(BaseCommand):
    help = "Make all stored HTML anew from its source, such as after a change of the markup policy. Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what would change")

    def handle(self, *args, dry_run: bool, **options) -> None:
        counts = [f"{_renew(kind, dry_run)} of {kind.model._default_manager.count()} {kind.plural}" for kind in KINDS]
        self.stdout.write(("would change " if dry_run else "changed ") + ", ".join(counts))


def _renew(kind: Kind, dry_run: bool) -> int:
    """How many rows got other HTML. An update, not a save: the text did not change, so its dates stay."""
    changed = 0
    for batch in in_batches(kind.model._default_manager.all()):
        for row in batch:
            stored = [getattr(row, name) for name in kind.derived]
            kind.render(row)
            made = {name: getattr(row, name) for name in kind.derived}
            if list(made.values()) == stored:
                continue
            same_source = kind.model._default_manager.filter(pk=row.pk, **{kind.source: getattr(row, kind.source)})
            changed += 1 if dry_run else same_source.update(**made)
    return changed
