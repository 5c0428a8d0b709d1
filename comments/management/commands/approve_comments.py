from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db.models import BigAutoField

from comments import moderation
from comments.models import Comment

REASON = "approved from the shell"


class Command(BaseCommand):
    help = (
        "Approve replies by number, or all that wait. Urgent ones are approved by number only: once after somebody "
        "else, or twice, an hour apart."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="the number of a reply")
        parser.add_argument("--all-pending", action="store_true", help="all that wait, but the urgent ones")

    def handle(self, *args, ids: list[int], all_pending: bool, **options) -> None:
        if bool(ids) == all_pending:
            raise CommandError("Give the numbers of the replies to approve, or --all-pending.")
        comments = list(Comment.objects.awaiting()) if all_pending else self._named(ids)
        # What may be a cry for help is approved only by who means this one.
        urgent = [comment for comment in comments if all_pending and comment.is_urgent]
        approved = sum(
            moderation.approve(comment, by=None, text_version=comment.text_version, reason=REASON)
            for comment in comments
            if comment not in urgent
        )
        left = len(urgent) + sum(
            comment.is_urgent and not comment.is_approved for comment in set(comments) - set(urgent)
        )
        unchanged = len(comments) - left - approved
        self.stdout.write(f"{approved} approved, {unchanged} unchanged, {left} urgent left waiting")

    def _named(self, ids: list[int]) -> list[Comment]:
        found = Comment.objects.in_bulk([number for number in ids if 0 < number <= BigAutoField.MAX_BIGINT])
        unknown = sorted(set(ids) - set(found))
        if unknown:
            numbers = ", ".join(map(str, unknown))
            raise CommandError(f"There is no reply {numbers}; nothing was changed.")
        return list(found.values())
