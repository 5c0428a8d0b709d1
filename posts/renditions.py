"""The smaller files of an image, for small screens and in the formats that need fewer bytes.

The task worker makes them; until then a page shows the image's own file. They stand beside it under names that derive
from its own, and are noted in the row last, so that what is noted is there.
"""

import io
import logging
from typing import Any

from PIL import Image as Picture

from ketablog import uploads
from ketablog.media import MediaAway, files
from ketablog.tasks import AFTER_MAIL, task
from posts import appearances
from posts.models import Image

logger = logging.getLogger("ketablog.renditions")

WIDTHS = (320, 480, 800, 1200, 1600)
OPTIONS: dict[str, dict[str, Any]] = {"avif": {"quality": 55, "speed": 8}, "webp": {"quality": 75}}


class FileUnreadable(Exception):
    """The image's own file is missing or broken."""


def make_later(image: Image) -> None:
    """Have the smaller files of a new image made. Call it in the transaction that stores the image."""
    make_of.enqueue(image.pk)


def make_missing_later() -> None:
    """Have the smaller files of all images made for which that was never tried."""
    for image in Image.objects.filter(renditions={}):
        make_later(image)


@task(priority=AFTER_MAIL)
def make_of(image_id: int) -> None:
    """Make what is missing of one image, if it is still there."""
    image = Image.objects.filter(pk=image_id).first()
    if image is not None:
        try:
            make(image)
        except FileUnreadable:
            logger.warning("image %s: its file is missing or broken, so no smaller ones are made", image_id)


def make(image: Image) -> bool:
    """Make the image's smaller files and render the texts that show it. Whether there was anything to make.

    Repeatable, and safe beside another that does the same. Raises `FileUnreadable`.
    """
    if is_complete(image):
        return False
    picture = _read(image)
    image.renditions = plan(picture)
    for format, widths in image.renditions.items():
        for width in widths:
            name = image.rendition_name(width, format)
            if not files.exists(name):
                files.keep(name, _smaller(picture, width, format))
    if Image.objects.filter(pk=image.pk).update(renditions=image.renditions):
        appearances.render_again(image.pk)
    else:  # It was deleted meanwhile.
        uploads.remove(image.file_names)
    return True


def is_complete(image: Image) -> bool:
    """Whether its smaller files are noted and there."""
    return bool(image.renditions) and all(files.exists(name) for name in image.file_names)


def plan(picture: Picture.Image) -> dict[str, list[int]]:
    """The widths to make by format, best first. The image's own file is WebP and serves as the largest of these.

    None of a picture that is small already, or a drawing that has to stay sharp.
    """
    smaller = [width for width in WIDTHS if width < picture.width]
    if not smaller or uploads.is_drawing(picture):
        return {"avif": [], "webp": []}
    return {"avif": sorted({*smaller, min(picture.width, WIDTHS[-1])}), "webp": smaller}


def _read(image: Image) -> Picture.Image:
    try:
        with image.file.open() as file, Picture.open(file, formats=uploads.FORMATS) as picture:
            return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except MediaAway:
        raise
    except (OSError, ValueError, SyntaxError) as error:
        raise FileUnreadable from error


def _smaller(picture: Picture.Image, width: int, format: str) -> bytes:
    height = max(1, round(picture.height * width / picture.width))
    content = io.BytesIO()
    picture.resize((width, height), Picture.Resampling.LANCZOS).save(content, format.upper(), **OPTIONS[format])
    return content.getvalue()
