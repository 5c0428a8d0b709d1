from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from posts.importers import ImportFailed, read_article
from posts.models import Person
from posts.transfer import store_article


class Command(BaseCommand):
    help = (
        "Import one article from a .txt, .md, .html or .docx file, as a draft. A text copied from a blog page "
        "loses its page furniture. Prints the article's address last."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file to import")
        parser.add_argument("--publish", action="store_true", help="publish it at once")
        parser.add_argument("--writer", metavar="SLUG", help="who wrote it; default: the blog itself")

    def handle(self, *args, file: Path, publish: bool, writer: str | None, **options) -> None:
        person = None
        if writer:
            person = Person.objects.filter(slug=writer).first()
            if person is None:
                raise CommandError(f"There is no person with the slug {writer!r}. Nothing was imported.")
        try:
            article = read_article(file)
        except ImportFailed as error:
            raise CommandError(str(error)) from error
        post = store_article(article, publish=publish, writer=person)
        state = "published" if publish else "as a draft"
        self.stdout.write(f"1 article imported {state}: {post.title}")
        self.stdout.write(f"{settings.SITE_URL}{post.get_absolute_url()}")
