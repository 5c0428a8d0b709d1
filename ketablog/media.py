"""Where uploads and what is made of them lie: in a folder, or with other machines in a bucket (`ketablog/buckets.py`).

Beside what Django's storages do, each can keep a file under exactly its name, list names, and open what is asked for
by readers. A file never changes under its name.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from posixpath import normpath
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage


class MediaAway(OSError):
    """The files cannot be reached now; whether there is such a file is not known."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file to be sent to a reader; who takes it closes it."""

    file: BinaryIO
    size: int
    modified: datetime


def plain(name: str) -> str:
    """The name, where it is one of a file below the media. Raises `FileNotFoundError`."""
    if not name or name.startswith(("/", "..")) or normpath(name) != name or "\0" in name or "\\" in name:
        raise FileNotFoundError
    return name


class MediaFolder(FileSystemStorage):
    """A folder of this machine, or one that several machines share."""

    def keep(self, name: str, content: bytes | BinaryIO) -> None:
        """Store a file under exactly this name: whole, or not at all."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
            try:
                if isinstance(content, bytes):
                    part.write(content)
                else:
                    part.writelines(iter(lambda: content.read(1024 * 1024), b""))
                part.close()
                Path(part.name).chmod(settings.FILE_UPLOAD_PERMISSIONS)
                os.replace(part.name, path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise

    def names(self, prefix: str = "") -> Iterator[str]:
        """The names of all files that begin so. What a link leads to belongs to somebody else."""
        root = Path(self.location)
        for folder, _folders, names in os.walk(root / prefix.rpartition("/")[0]):
            for name in sorted(name for name in names if not name.startswith(".")):  # Half files have a dot.
                path = Path(folder, name)
                whole = path.relative_to(root).as_posix()
                if whole.startswith(prefix) and path.is_file() and not path.is_symlink():
                    yield whole

    def stored(self, name: str) -> Stored:
        """The file. Raises `OSError` where there is none."""
        file = Path(self.location, plain(name)).open("rb")  # noqa: SIM115 (it is sent later)
        state = os.fstat(file.fileno())
        return Stored(file, state.st_size, datetime.fromtimestamp(int(state.st_mtime), UTC))


# The media, wherever they lie.
files = cast(MediaFolder, default_storage)
