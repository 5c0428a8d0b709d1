"""Files that staff bring in: known by what they hold, never by their name, and stored without what they tell about
the camera, the place and the person. And files of our own making, beside them."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from ketablog.pdf_pages import PasswordNeeded, count_pages

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 40_000_000
LOSSLESS_PIXELS = 400_000  # Small drawings with transparency stay sharp and small.
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]

RESIZABLE = ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr")

# Pillow counts the pixels that a file announces before it unpacks them.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture as we store it: WebP, upright, in sRGB, without metadata."""

    content: bytes
    width: int
    height: int

    @property
    def file(self) -> ContentFile:
        """The file, named after what it holds."""
        return ContentFile(self.content, f"{_digest(self.content)}.webp")


def clean_image(file: File, *, longest: int) -> CleanImage:
    """The picture, made anew, at most `longest` pixels on its long side.

    Raises `ValidationError` with a sentence for anything that is not such a picture.
    """
    _check_size(file)
    try:
        with Image.open(file, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            return _made_anew(opened, longest)
    except BOMBS:
        raise ValidationError(
            _("This picture has more than 40 million pixels. Save a smaller copy of it and upload that.")
        ) from None
    except Exception:  # noqa: BLE001 (there is hardly an error that a broken file does not make Pillow raise)
        raise ValidationError(
            _("This file is not a picture we can read. Use JPEG, PNG, WebP, AVIF or GIF; SVG is not accepted.")
        ) from None


def _made_anew(opened: Image.Image, longest: int) -> CleanImage:
    image = opened if opened.mode in RESIZABLE else opened.convert(_mode_of(opened))
    image.thumbnail((longest, longest))
    image = _in_srgb(ImageOps.exif_transpose(image))
    image.info.clear()
    content = io.BytesIO()
    image.save(content, "WEBP", quality=82, lossless=is_drawing(image))
    return CleanImage(content.getvalue(), image.width, image.height)


def is_drawing(image: Image.Image) -> bool:
    """Whether it is kept sharp to the pixel: small, and with transparency."""
    return image.mode == "RGBA" and image.width * image.height <= LOSSLESS_PIXELS


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in the colors that every screen shows, as its own color profile means them."""
    mode = _mode_of(image)
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError):
            pass  # A broken profile says nothing; the plain values do.
    return image if image.mode == mode else image.convert(mode)


def _mode_of(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


@dataclass(frozen=True, slots=True)
class CleanPdf:
    """A leaflet; `pages` is `None` where they cannot be counted."""

    file: ContentFile
    pages: int | None


def clean_pdf(file: File, *, title: str) -> CleanPdf:
    """The leaflet, named after its title.

    Raises `ValidationError` with a sentence for anything but a PDF that everybody can open.
    """
    _check_size(file)
    file.seek(0)
    content = file.read()
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        raise ValidationError(_("This file is not a whole PDF. Save it as PDF once more and upload that."))
    try:
        pages = count_pages(content)
    except PasswordNeeded:
        raise ValidationError(
            _("This PDF opens with a password only, which readers do not have. Save it without one and upload that.")
        ) from None
    name = slugify(title, allow_unicode=True)[:60].strip("-") or "leaflet"
    return CleanPdf(ContentFile(content, f"{name}-{_digest(content)[:12]}.pdf"), pages)


def _check_size(file: File) -> None:
    if file.size > MOST_BYTES:
        raise ValidationError(_("This file is larger than 15 MB. Save a smaller copy of it and upload that."))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def remove(names: Iterable[str]) -> None:
    """Delete these files; one that is not there is no error."""
    for name in filter(None, names):
        default_storage.delete(name)
