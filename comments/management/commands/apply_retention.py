from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from comments import retention
from ketablog import traces


class Command(BaseCommand):
    help = "Forget what the Site settings say to forget after a while. The worker does it once a day. Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what would go")

    def handle(self, *args, dry_run: bool, **options) -> None:
        gone = retention.count() | traces.count() if dry_run else retention.apply() | traces.forget()
        verb = "would erase" if dry_run else "erased"
        self.stdout.write(f"{verb} {', '.join(f'{number} {what}' for what, number in gone.items())}")
