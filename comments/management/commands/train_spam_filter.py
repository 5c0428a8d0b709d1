from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments.classifier import teaching
from comments.labelled import Unreadable, read_lines


class Command(BaseCommand):
    help = (
        "Learn labelled texts, all or none. FILE holds a JSON object a line: text and label (spam or ham), and "
        "optionally name and website. A line counts once, however often it is read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args, file: Path, **options) -> None:
        try:
            taught = teaching.teach(read_lines(file, are_labelled=True))
        except Unreadable as error:
            raise CommandError(f"{error} Nothing was learned.") from error
        self.stdout.write(
            f"{taught.spam} spam and {taught.ham} ham learned, {taught.corrected} of them corrected, "
            f"{taught.known} known already"
        )
