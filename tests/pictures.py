"""Files that staff bring in, made in memory."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from pypdf import PdfWriter


def picture(
    format: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    *,
    name: str = "",
    mode: str = "RGB",
    color: object = "teal",
    **options: object,
) -> SimpleUploadedFile:
    """A picture of one color in this format; the options are Pillow's own for saving."""
    content = io.BytesIO()
    Picture.new(mode, size, color).save(content, format, **options)
    return SimpleUploadedFile(name or f"photo.{format.lower()}", content.getvalue())


def pdf(name: str = "leaflet.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


def pdf_of(pages: int, **encryption: str) -> SimpleUploadedFile:
    """A whole PDF with so many blank pages; encrypted where passwords are given."""
    writer, content = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(210, 297)
    if encryption:
        writer.encrypt(**encryption)
    writer.write(content)
    return SimpleUploadedFile("leaflet.pdf", content.getvalue())
