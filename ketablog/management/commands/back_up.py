from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ketablog.backups import BackupFailed
from ketablog.backups.writing import back_up


class Command(BaseCommand):
    help = (
        "Write database and media into one file in a folder, while the site runs, and read it again to be sure. It "
        "holds no keys and no sessions: keep a copy of keys.env elsewhere. docs/operations.md tells how often, and how "
        "to try a backup."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="a folder that only you can read, best on another disk"
        )
        parser.add_argument(
            "--without-media",
            action="store_true",
            help="the database alone, where the bucket of the media keeps versions and copies of its own",
        )

    def handle(self, *args, folder: Path, without_media: bool, **options) -> None:
        try:
            written = back_up(folder, media=not without_media)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        about = written.manifest
        self.stdout.write(
            f"{about.row_count} rows and {about.media_count} files backed up and verified: {written.path}"
            + (" The media are not in it." if without_media else "")
        )
