"""Sites to measure: a folder with a database full of content, made once and kept, and copies of it to work on."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "blog.example.org"
KEYS = {"SECRET_KEY": "only-for-measuring-" + "k" * 40, "EMAIL_KEYS": "b1:" + "only-for-measuring-" * 3}
# What somebody has set for a site of their own.
OTHERS = (
    "SECRET_KEY_FALLBACKS ALLOWED_HOSTS DATABASE_URL CACHE_URL DATA_DIR DEBUG HOST PORT PAGE_CACHE "
    "DJANGO_SETTINGS_MODULE PYTHONPATH"
).split()
ADMIN = {"DJANGO_SUPERUSER_USERNAME": "bench", "DJANGO_SUPERUSER_EMAIL": "bench@example.org"}
PASSWORD = "a password for measuring"  # noqa: S105 (of a site that nobody else reaches)


class Failed(Exception):
    """Something that is measured does not work; the message says what."""


@dataclass(frozen=True)
class Site:
    """Where a site keeps its data. `database` is a URL of PostgreSQL, or empty for SQLite in the folder."""

    folder: Path
    database: str = ""

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.sqlite_file}"

    @property
    def sqlite_file(self) -> Path:
        return self.folder / "ketablog.sqlite3"

    def environment(self, **more: str) -> dict[str, str]:
        """As on a server behind one proxy, with one web process."""
        others = {name: value for name, value in os.environ.items() if name not in OTHERS}
        return {
            **others,
            **KEYS,
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "CACHE_URL": "locmemcache://",
            "EMAIL_URL": "consolemail://",
            "DEBUG": "off",
            "SITE_URL": f"http://{HOST}",
            "TRUSTED_PROXIES": "1",
            "WEB_WORKERS": "1",
            **more,
        }

    def run(self, *arguments: str, **more: str) -> str:
        """What `python …` printed. Raises `Failed`."""
        done = subprocess.run(  # noqa: S603 (our own programs)
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"python {' '.join(arguments)} ended with status {done.returncode}.")
        return done.stdout

    def let_staff_in(self) -> None:
        """Make the account that `PASSWORD` opens."""
        self.run("manage.py", "createsuperuser", "--noinput", "-v0", **ADMIN, DJANGO_SUPERUSER_PASSWORD=PASSWORD)

    def copy(self, folder: Path) -> "Site":
        """The same site in another folder, to be changed."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("pages"))
        return Site(folder, _copy_database(self.database, folder.name) if self.database else "")

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.database:
            _drop_database(self.database)


def make(folder: Path, articles: int, replies: int, tell: Callable[[str], object], database: str = "") -> Site:
    """The site of this folder, made where it is not there or not of this content. No articles: an empty one."""
    wanted = f"{articles} {replies} {_digest_of_what_makes_it()}"
    mark = folder / "made.txt"
    site = Site(folder, _named(database, folder.name) if database else "")
    if mark.exists() and mark.read_text() == wanted:
        return site
    site.forget()
    folder.mkdir(parents=True)
    if database:
        _create_database(site.database)
    tell(f"making a site with {articles:,} articles and {replies:,} replies")
    for collected in folder.parent.glob("*/static/collected.txt"):
        # Compressing the static files takes ten seconds.
        for name in ("static", "bundles"):
            shutil.copytree(collected.parent.parent / name, folder / name)
        break
    site.run("manage.py", "serve", "--no-demo", "--only-prepare")
    if articles:
        site.run("-m", "bench.content", "--articles", str(articles), "--replies", str(replies))
    mark.write_text(wanted)
    return site


def _digest_of_what_makes_it() -> str:
    """Of the content's own code, of all models and migrations, and of what makes HTML and the search."""
    folders = ("bench/content", "ketablog/markup", "posts/search", "posts/models", "comments/models.py")
    paths = [path for each in folders for path in _python(ROOT / each)]
    paths += sorted(ROOT.glob("*/migrations/*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def _python(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


# PostgreSQL: databases of our own on the server that is named, beside the one that is named


def _named(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path or '/ketablog'}_bench_{name}"))


def _name(url: str) -> str:
    return urlsplit(url).path.strip("/")


def _copy_database(url: str, name: str) -> str:
    copy = urlunsplit(urlsplit(url)._replace(path=f"/{_name(url)}_{name}"))
    _drop_database(copy)
    _execute(url, f'CREATE DATABASE "{_name(copy)}" TEMPLATE "{_name(url)}"')
    return copy


def _create_database(url: str) -> None:
    _execute(url, f'CREATE DATABASE "{_name(url)}"')


def _drop_database(url: str) -> None:
    _execute(url, f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')


def _execute(url: str, sql: str) -> None:
    import psycopg

    server = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.encode())
