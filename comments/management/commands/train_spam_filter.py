import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments.classifier import teaching


class Command(BaseCommand):
    help = 'Learn labelled lines of JSON: {"text": "…", "label": "spam" or "ham"}, optionally "name" and "website".'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")

    def handle(self, *args, file: Path, **options) -> None:
        taught = teaching.teach(self._read(file))
        self.stdout.write(
            f"{taught.spam} spam and {taught.ham} ham learned, {taught.corrected} of them corrected, "
            f"{taught.known} known already"
        )

    def _read(self, file: Path) -> list[teaching.Line]:
        try:
            lines = file.read_text(encoding="utf-8-sig").split("\n")
        except OSError as error:
            raise CommandError(f"{file} could not be read: {error.strerror}. Nothing was learned.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} could not be read: it is not UTF-8 text. Nothing was learned.") from error
        read = []
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    read.append(teaching.Line.of(json.loads(line)))
                except (ValueError, RecursionError) as error:
                    raise CommandError(f"Line {number} of {file}: {_why(error)} Nothing was learned.") from error
        return read


def _why(error: Exception) -> str:
    return "it is no JSON." if isinstance(error, (json.JSONDecodeError, RecursionError)) else str(error)
