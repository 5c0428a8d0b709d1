import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from comments import reply_counts
from comments.models import Comment


class Command(BaseCommand):
    help = (
        "Print how many replies there are: one number, or all statuses as JSON. "
        "With --again, first count anew what the pages of articles say."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--status", help="pending, approved, spam or removed")
        parser.add_argument("--json", action="store_true", dest="as_json", help="every status with its number")
        parser.add_argument("--again", action="store_true", help="count anew how many each article has")

    def handle(self, *args, status: str | None, as_json: bool, again: bool, **options) -> None:
        if as_json and status is not None:
            raise CommandError("Give --status or --json, not both.")
        if again:
            reply_counts.count_again()
        counts = Comment.objects.counts()
        if status is not None and status not in counts:
            raise CommandError(f"“{status}” is not a status: write one of {', '.join(counts)}.")
        number = sum(counts.values()) if status is None else counts[status]
        self.stdout.write(json.dumps(counts) if as_json else str(number))
