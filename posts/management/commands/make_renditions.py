from django.core.management.base import BaseCommand, CommandError

from posts import renditions
from posts.models import Image


class Command(BaseCommand):
    help = "Make the smaller files of all images that lack them, such as after restoring a backup. Repeatable."

    def handle(self, *args, **options) -> None:
        made = 0
        unreadable: list[int] = []
        ids = list(Image.objects.order_by("pk").values_list("pk", flat=True))
        for pk in ids:
            image = Image.objects.filter(pk=pk).first()
            if image is None:
                continue
            try:
                made += renditions.make(image)
            except renditions.FileUnreadable:
                unreadable.append(pk)
        self.stdout.write(f"smaller files made of {made} of {len(ids)} images, {len(unreadable)} unreadable")
        if unreadable:
            numbers = ", ".join(map(str, unreadable))
            raise CommandError(
                f"The file is missing or broken of image {numbers}. Bring it back from a backup and run this again."
            )
