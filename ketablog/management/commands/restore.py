from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ketablog.backups import BackupFailed
from ketablog.backups.restoring import restore


class Command(BaseCommand):
    help = (
        "Put the database and media of a backup in place, once all of it was checked; bring the database up to date, "
        "and erase again what readers had erased since. Stop web server and worker first. Leave erasures.jsonl beside "
        "the backups: it tells what was erased."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a file that back_up wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace a database that holds something; what was written into it since the backup is lost",
        )

    def handle(self, *args, file: Path, replace: bool, **options) -> None:
        try:
            restored = restore(file, replace=replace)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        about = restored.manifest
        self.stdout.write(
            f"{about.row_count} rows and {about.media_count} files of {about.made_at} restored, "
            f"{restored.erased_again} erasures applied again"
        )
        if not restored.is_ledger_known:
            self.stderr.write(
                "The database before could not be read: what readers had erased after the last backup may be back."
            )
