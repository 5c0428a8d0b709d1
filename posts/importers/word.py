"""Word documents (.docx). Images and formatting without a meaning are left out."""

import io
import zipfile

import mammoth

from posts.importers.article import Article, ImportFailed, compose
from posts.importers.fragments import blocks_of, parse

UNPACKED_LIMIT = 20 * 1024 * 1024
TAG_LIMIT = 250_000  # Opening and closing tags; mammoth takes seconds for so many, an article has far fewer.

# Word's own headings begin one level lower, so that only a title is an h1.
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        "p.Title => h1:fresh",
        *(f"p[style-name='heading {level}'] => h{level + 1}:fresh" for level in range(1, 6)),
        *(f"p.Heading{level} => h{level + 1}:fresh" for level in range(1, 6)),
        "p[style-name='Quote'] => blockquote > p:fresh",
        "p[style-name='Intense Quote'] => blockquote > p:fresh",
    ]
)


def read(data: bytes) -> Article:
    """The article in a Word document: its title has the style Title, or is the first Heading 1.

    Raises `ImportFailed` if the document is broken or too large, or has no title or no text.
    """
    blocks = blocks_of(parse(_html(data)))
    title = next((block for tag in ("h1", "h2") for block in blocks if block.tag == tag), None)
    return compose(title.text if title else "", [block for block in blocks if block is not title])


def _html(data: bytes) -> str:
    try:
        _check_archive(data)
        return mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=lambda image: [],
        ).value
    except ImportFailed:
        raise
    except Exception as error:  # A broken archive, broken XML, a missing part, one part too deep for mammoth.
        raise ImportFailed(
            "The file cannot be read as a Word document: it is broken, has a password or is of another kind."
        ) from error


def _check_archive(data: bytes) -> None:
    """Refuse what would unpack to too much. `zipfile` reads no more of a part than its declared size."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
            raise ImportFailed(f"The Word document unpacks to more than {UNPACKED_LIMIT // (1024 * 1024)} MB.")
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
            raise zipfile.BadZipFile  # Word uses no other kind, and `zipfile` unpacks others without a limit.
        if sum(archive.read(part).count(b"<") for part in parts) > TAG_LIMIT:
            raise ImportFailed(f"The Word document has more than {TAG_LIMIT:,} tags, too many for one article.")
