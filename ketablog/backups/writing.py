"""Writing a backup."""

import hashlib
import io
import os
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from ketablog.backups import BackupFailed, ledgers, manifest, reading
from ketablog.backups.engines import engine
from ketablog.backups.manifest import Manifest
from ketablog.media import files


@dataclass(frozen=True)
class Written:
    path: Path
    manifest: Manifest


def back_up(folder: Path, *, media: bool = True) -> Written:
    """Write a backup into this folder, under a name with the time, once it is whole and was read again; without the
    media where they are kept safe otherwise.

    Raises `BackupFailed`, and leaves nothing behind, where that cannot be done.
    """
    folder = folder.resolve()
    _check_folder(folder)
    now = timezone.now().astimezone(UTC)
    path = folder / f"ketablog-{now:%Y-%m-%dT%H%M%SZ}.tar.gz"
    if path.exists():
        raise BackupFailed(f"{path} is there already and was left as it is. Try again in a second.")
    try:
        with tempfile.TemporaryDirectory(prefix=".ketablog-", dir=folder) as work:
            ledgers.write_down(ledgers.export(), folder)
            file = Path(work) / path.name
            _write(file, now, media=media)
            written = Written(path, reading.read(file))
            file.rename(path)
    except (OSError, sqlite3.Error, DatabaseError) as error:
        why = getattr(error, "strerror", None) or str(error).strip()
        raise BackupFailed(f"The backup could not be written to {folder}: {why}. Nothing was kept.") from error
    return written


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise BackupFailed(f"There is no folder {folder}. Make it first, readable by its owner only; nothing was done.")
    for public in (Path(settings.MEDIA_ROOT), Path(settings.STATIC_ROOT)):
        if folder.is_relative_to(public.resolve()):
            raise BackupFailed(f"What lies in {public} can be read by everybody. Choose another folder for backups.")


def _write(file: Path, now: datetime, *, media: bool) -> None:
    """One archive: the database first, so that all files it names are there when they are read; the manifest last."""
    database = file.with_name(engine().FILE)
    contents = engine().copy(database)
    about = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        engine=connection.vendor,
        rows=contents.rows,
        migrations=contents.migrations,
        version=manifest.version(),
    )
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=5, format=tarfile.PAX_FORMAT) as archive:
            with database.open("rb") as copy:
                state = os.fstat(copy.fileno())
                about.files[database.name] = _add(archive, copy, _member(database.name, state.st_size, state.st_mtime))
            database.unlink()
            for name in files.names() if media else ():
                try:
                    stored = files.stored(name)
                except FileNotFoundError:
                    continue  # Deleted meanwhile.
                with stored.file:
                    member = _member(f"media/{name}", stored.size, stored.modified.timestamp())
                    about.files[member.name] = _add(archive, stored.file, member)
            _put(archive, manifest.NAME, about.to_json(), now)
        raw.flush()
        os.fsync(raw.fileno())


class Hashing(io.RawIOBase):
    """Hashes what is read of a file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.sum.update(content)
        return content


def _add(archive: tarfile.TarFile, file: BinaryIO, member: tarfile.TarInfo) -> str:
    """Put a file into the archive. Returns its SHA-256."""
    hashing = Hashing(file)
    archive.addfile(member, hashing)
    return hashing.sum.hexdigest()


def _put(archive: tarfile.TarFile, name: str, content: bytes, at: datetime) -> None:
    archive.addfile(_member(name, len(content), at.timestamp()), io.BytesIO(content))


def _member(name: str, size: int, at: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(at), 0o600
    return member
