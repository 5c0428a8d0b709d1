"""What a backup says about itself."""

import json
import tomllib
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ketablog.backups import BackupFailed

FORMAT = 1
NAME = "manifest.json"
# What is worth nothing after a restore, and much to a thief: who is signed in, and who tried to from where.
LEFT_OUT = ("sessions", "axes")


@dataclass
class Manifest:
    """`rows` are those of each table, `files` the SHA-256 of each file but the manifest itself."""

    made_at: str
    engine: str
    rows: dict[str, int]
    migrations: list[str]
    version: str = ""
    format: int = FORMAT
    files: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode() + b"\n"

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())

    @property
    def media_count(self) -> int:
        return sum(name.startswith("media/") for name in self.files)


def read(content: bytes) -> Manifest:
    """The manifest of these bytes. Raises `BackupFailed` where they are none that this version knows."""
    try:
        fields = json.loads(content)
        if fields["format"] != FORMAT:
            raise BackupFailed(
                "This backup was written by another version of ketablog, in a form that this one does not know. "
                "Nothing was changed; restore it with that version."
            )
        return Manifest(**fields)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupFailed("The manifest of this backup cannot be read, so nothing was changed.") from error


def check_fits(manifest: Manifest) -> None:
    """Raises `BackupFailed` for a backup of another engine, or of a database newer than this code."""
    if manifest.engine != connection.vendor:
        raise BackupFailed(
            f"This backup is of {manifest.engine}, and DATABASE_URL is of {connection.vendor}. Nothing was changed."
        )
    known = {".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupFailed(
            f"This backup was made by a newer ketablog: {unknown[0]} is not known here. "
            "Nothing was changed; update first (git pull), then restore."
        )


def version() -> str:
    """The version of ketablog that runs."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["version"]
