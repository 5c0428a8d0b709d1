import secrets
from functools import partial

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from comments.demo import loading as replies
from ketablog import roles
from ketablog.accounts import ReplyMail, User
from ketablog.demo import Loader
from posts.demo import loading as articles

# User name: its groups (none: a superuser), and whose account it is in posts/demo/people.json.
STAFF: dict[str, tuple[list[str], int | None]] = {
    "admin": ([], None),
    "writer": ([roles.WRITERS], 0),
    "moderator": ([roles.MODERATORS, roles.REVIEWERS], 2),
}


class Command(BaseCommand):
    help = (
        "Load the demo: articles, pages, images, replies in every state, and three members of staff whose random "
        "passwords are printed once. A second run makes only what is missing. remove_demo takes it all away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print no progress")

    def handle(self, *args, quiet: bool, **options) -> None:
        loader = Loader()
        passwords: dict[str, str] = {}
        covers = articles.draw_covers(loader, (lambda line: None) if quiet else self.stderr.write)
        with transaction.atomic():
            accounts = make_staff(loader, passwords)
            articles.load(loader, accounts, covers)
            replies.load(loader, accounts["admin"])
        self.stdout.write(f"{loader.made} demo rows loaded.")
        for username, password in passwords.items():
            self.stdout.write(f"sign in at /admin/ as {username} with the password {password}")


def make_staff(loader: Loader, passwords: dict[str, str]) -> dict[str, User]:
    """The demo's accounts by their keys: "admin", and the keys of the people they belong to.

    The passwords of those made now are left in `passwords`.
    """
    people = articles.read("people.json")
    accounts = {}
    for username, (groups, number) in STAFF.items():
        person = people[number] if number is not None else {"key": "admin", "name": "Alex Morgan"}
        make = partial(make_account, username, person["name"], groups, passwords)
        accounts[person["key"]] = loader.row(f"user:{username}", make)
    return accounts


def make_account(username: str, name: str, groups: list[str], passwords: dict[str, str]) -> User:
    """An account with a random password; the user name gets a number where it is taken."""
    taken = set(User.objects.values_list("username", flat=True))
    free = next(name for name in (username, *(f"{username}{n}" for n in range(2, 1000))) if name not in taken)
    passwords[free] = secrets.token_urlsafe(12)
    first, _space, last = name.rpartition(" ")
    user = User.objects.create_user(
        free,
        email=f"{free}@demo.example.org",
        password=passwords[free],
        first_name=first,
        last_name=last,
        is_staff=True,
        is_superuser=not groups,
        reply_mail=ReplyMail.NONE,
    )
    user.groups.set(roles.groups(groups))
    return user
