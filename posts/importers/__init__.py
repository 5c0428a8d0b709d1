"""Foreign formats to plain rows: a file goes in, an `Article` comes out, and the database is not asked."""

from collections.abc import Callable
from pathlib import Path

from posts.importers import markdown, pages, text, word
from posts.importers.article import Article, ImportFailed
from posts.importers.files import decode, read_bytes

__all__ = ["Article", "ImportFailed", "read_article"]

READERS: dict[str, Callable[[bytes], Article]] = {
    ".txt": lambda data: text.read(decode(data)),
    ".md": lambda data: markdown.read(decode(data)),
    ".html": lambda data: pages.read(decode(data)),
    ".docx": word.read,
}


def read_article(path: Path) -> Article:
    """The article in a `.txt`, `.md`, `.html` or `.docx` file, without the furniture of a web page.

    Raises `ImportFailed`, whose text is one sentence for the person at the shell.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ImportFailed(f"Only .txt, .md, .html and .docx files can be imported, and {path.name} is none of them.")
    return reader(read_bytes(path))
