"""How many pages a PDF has.

A file can be made so that reading it takes hours or gigabytes. So it is read in a process of its own, which knows none
of our keys and is ended when it takes too long: `python -m ketablog.pdf_pages < file`.
"""

import io
import logging
import resource
import subprocess
import sys
from pathlib import Path

LONGEST_SECONDS = 5
MOST_MEMORY = 1024 * 1024 * 1024
LOCKED = "locked"


class PasswordNeeded(Exception):
    """Nobody can open the file without its password."""


def count_pages(content: bytes) -> int | None:
    """The number of pages; `None` where it cannot be told. Raises `PasswordNeeded`."""
    command = [sys.executable, "-m", "ketablog.pdf_pages"]
    root = Path(__file__).resolve().parent.parent
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            command, input=content, capture_output=True, timeout=LONGEST_SECONDS, cwd=root, env={}, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return None
    answer = done.stdout.decode().strip()
    if answer == LOCKED:
        raise PasswordNeeded
    return int(answer) or None


def _answer(content: bytes) -> str:
    """What the process prints: a number, or that the file is locked."""
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        return LOCKED
    return str(len(reader.pages))


if __name__ == "__main__":
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_SECONDS, LONGEST_SECONDS))
    print(_answer(sys.stdin.buffer.read()))  # noqa: T201 (for the process that asked)
