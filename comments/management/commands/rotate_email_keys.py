from django.core.management.base import BaseCommand, CommandError

from comments import privacy


class Command(BaseCommand):
    help = "Encrypt all addresses again that are not under the first of EMAIL_KEYS. Repeatable."

    def handle(self, *args, **options) -> None:
        rotation = privacy.rotate_email_keys()
        self.stdout.write(f"{rotation.renewed} encrypted again, {rotation.unreadable} unreadable")
        if rotation.unreadable:
            raise CommandError(
                f"Addresses that none of EMAIL_KEYS opens, left as they are: {rotation.unreadable}. "
                "Put the keys they were encrypted with back into EMAIL_KEYS and run this again."
            )
