"""A file's bytes and its text, each with a limit and a sentence for what can go wrong."""

import codecs
import re
import stat
from pathlib import Path

from posts.importers.article import ImportFailed

MEGABYTE = 1024 * 1024
SIZE_LIMIT = 5 * MEGABYTE

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises `ImportFailed` if it is missing, unreadable, empty or too large."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ImportFailed(f"{path} is a directory, not a file.")
        if not stat.S_ISREG(mode):
            raise ImportFailed(f"{path} is not a regular file.")
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ImportFailed(f"There is no file {path}.") from error
    except (OSError, ValueError) as error:
        raise ImportFailed(f"The file {path} cannot be read.") from error
    if not data:
        raise ImportFailed("The file is empty.")
    if len(data) > SIZE_LIMIT:
        raise ImportFailed(f"The file is larger than {SIZE_LIMIT // MEGABYTE} MB.")
    return data


def decode(data: bytes) -> str:
    """The text of UTF-8, or of UTF-16 that begins with a byte order mark.

    Raises `ImportFailed` for another encoding and for what is no text at all.
    """
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if is_utf16 or _CONTROL.search(data):
            raise _no_text() from error
        raise ImportFailed(
            "The file is not in UTF-8: open it in a text editor, choose “Save as” and the encoding “UTF-8”."
        ) from error
    if "\0" in text:
        raise _no_text()
    return text


def _no_text() -> ImportFailed:
    return ImportFailed("The file is binary, not text.")
