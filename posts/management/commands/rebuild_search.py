from django.core.management.base import BaseCommand

from posts import search


class Command(BaseCommand):
    help = (
        "Make all that the search knows anew: its index, its words, and which articles say much the same. "
        "Repeatable; readers can search meanwhile."
    )

    def handle(self, *args, **options) -> None:
        articles, words = search.rebuild()
        self.stdout.write(f"{articles} articles indexed, {words} words known.")
