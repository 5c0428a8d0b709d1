import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comments.labelled import Labelled, Unreadable, read_lines
from comments.models import Comment
from comments.rules import Judgment, help, judge, knowledge, personal_data, table
from ketablog import site
from ketablog.site import SiteSettings

VERDICTS = {"spam": "spam", "hold": "hold"}


class Command(BaseCommand):
    help = (
        "Judge texts without storing them. FILE holds a JSON object a line: text, and optionally name, email and "
        "website. Prints a line of JSON for each: verdict (approve, hold, spam), score, reasons, help, personal_data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args, file: Path, **options) -> None:
        try:
            lines = read_lines(file)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        outcomes = table.outcomes()
        site_settings = site.current()
        for line in lines:
            self.stdout.write(json.dumps(_verdict(line, outcomes, site_settings), ensure_ascii=False))


def _verdict(line: Labelled, outcomes: dict[str, str | None], site_settings: SiteSettings) -> dict[str, Any]:
    comment = line.comment()
    submission = knowledge.gather(comment, site_settings)
    signals = help.examine(f"{comment.name}\n{comment.source}")
    rank = Comment.HelpRank(signals[0].rank) if signals else Comment.HelpRank.NONE
    judgment = Judgment([*judge(submission, outcomes).reasons, *help.reasons(signals)])
    outcome = "hold" if rank else judgment.outcome
    return {
        "verdict": VERDICTS.get(outcome, "approve"),
        "score": judgment.score,
        "reasons": judgment.as_stored(),
        "help": rank.name.lower(),
        "personal_data": [
            {"kind": part.kind, "start": part.start, "end": part.end}
            for part in personal_data.find(comment.source, submission.known)
        ],
    }
