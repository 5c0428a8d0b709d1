from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from comments import retention


class Command(BaseCommand):
    help = "Forget what the Site settings say to forget after a while. The worker does it once a day. Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what would go")

    def handle(self, *args, dry_run: bool, **options) -> None:
        gone = retention.count() if dry_run else retention.apply()
        self.stdout.write(
            f"{'would erase' if dry_run else 'erased'} {gone.addresses} addresses, {gone.spam} spam, "
            f"{gone.removed} removed replies, {gone.reports} reports, "
            f"{gone.originals} former texts"
        )
