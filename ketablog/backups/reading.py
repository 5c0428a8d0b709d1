"""Reading a backup, which anybody may have put where it lies: nothing in it is believed before it was checked."""

import gzip
import hashlib
import os
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from ketablog.backups import BackupFailed, manifest, postgresql, sqlite
from ketablog.backups.manifest import Manifest

DATABASES = (sqlite.FILE, postgresql.FILE)
PIECE = 1024 * 1024
LARGEST_MANIFEST = 256 * PIECE
DAMAGED = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile)


def read(path: Path, into: Path | None = None) -> Manifest:
    """Read a backup to its end and compare every file with the manifest; unpack it on the way where a folder is given.

    Raises `BackupFailed` for a file that is no whole backup of this version, and `OSError`.
    """
    if not path.is_file():
        raise BackupFailed(f"There is no file {path}. Nothing was changed.")
    found: dict[str, str] = {}
    about = None
    try:
        with gzip.open(path) as whole, tarfile.open(fileobj=whole, mode="r|") as archive:
            for member in archive:
                _check_member(member, found, is_over=about is not None)
                if member.name == manifest.NAME:
                    about = manifest.read(_content(archive, member))
                else:
                    found[member.name] = _copy(archive, member, into)
            while whole.read(PIECE):
                pass  # What follows the last file is nothing, but it ends with a checksum of all.
    except DAMAGED as error:
        raise BackupFailed(f"{path} is damaged or not whole, so nothing was changed. Take another backup.") from error
    if about is None:
        raise BackupFailed(f"{path} is not whole: its manifest is missing. Nothing was changed.")
    if about.files != found:
        odd = sorted({name for name, _sum in about.files.items() ^ found.items()})
        raise BackupFailed(f"{path} is damaged: {odd[0]} is not what its manifest tells of. Nothing was changed.")
    return about


def _check_member(member: tarfile.TarInfo, found: dict[str, str], *, is_over: bool) -> None:
    """Raises `BackupFailed` for whatever we would not have put there."""
    name = PurePosixPath(member.name)
    is_ours = member.name in (manifest.NAME, *DATABASES) or name.parts[:1] == ("media",)
    is_plain = str(name) == member.name and ".." not in name.parts and not name.is_absolute() and len(name.parts) < 20
    if is_over or not member.isreg() or not is_ours or not is_plain or "\0" in member.name or member.name in found:
        raise BackupFailed(
            f"This is no backup of ketablog: it holds “{member.name}”, which none of ours does. Nothing was changed."
        )


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    if file is None or member.size > LARGEST_MANIFEST:
        raise BackupFailed("The manifest of this backup cannot be read, so nothing was changed.")
    return file.read()


def _copy(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path | None) -> str:
    """Read one file, and write it below the folder where one is given. Returns its SHA-256."""
    digest = hashlib.sha256()
    source = archive.extractfile(member)
    place = (into / member.name) if into else Path(os.devnull)
    if into:
        place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as target:
        while piece := source.read(PIECE) if source else b"":
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()
