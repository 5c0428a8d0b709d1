from django.core.management.base import BaseCommand
from django.db import models, transaction

from comments.models import Comment
from ketablog import demo, uploads
from ketablog.site import SiteSettings
from posts import appearances, search
from posts.demo import loading as articles
from posts.models import Image, Post

# What refers to others goes before them.
ORDER = [
    "posts.question",
    "comments.report",
    "comments.comment",
    "posts.review",
    "posts.post",
    "posts.page",
    "posts.image",
    "posts.tag",
    "posts.category",
    "posts.person",
    "ketablog.user",
    "ketablog.sitesettings",
]


class Command(BaseCommand):
    help = "Remove what load_demo made, and nothing else: what the clinic's own content uses stays, and is counted."

    def handle(self, *args, **options) -> None:
        with transaction.atomic():
            removed, kept = demo.remove(ORDER, is_in_use)
        # The clinic's own articles may have had tags of the demo, and the search knows its words.
        search.rebuild()
        for image in removed:
            if isinstance(image, Image):
                uploads.remove(image.file_names)
        self.stdout.write(f"{len(removed)} demo rows removed, {kept} kept because other content uses them.")


def is_in_use(row: models.Model) -> bool:
    """Whether deleting the row would take along, or change, what is not of the demo."""
    if isinstance(row, Comment):
        return row.answers.exclude(pk__in=demo.ids_of(Comment)).exists()
    if isinstance(row, Post):
        return row.comments.exclude(pk__in=demo.ids_of(Comment)).exists()
    if isinstance(row, Image):
        return bool(appearances.showing([row.pk]))
    return isinstance(row, SiteSettings) and not articles.is_demo_site(row)
