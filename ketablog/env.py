"""Strict readers of the environment.

Each reader takes the name of a variable and gives a value of the right kind, or raises
`ImproperlyConfigured` with a sentence that names the variable. Only `settings.py` reads here.

A value comes from the environment, else from the file `.env` beside `manage.py`, else from
`keys.env` in `DATA_DIR`, where `make run` and `make dev` keep the keys that they made.
"""

import os
import re
import secrets
import sys
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}


def read_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file; empty for a file that is not there."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


_files: dict[str, str] = read_file(BASE_DIR / ".env")


def text(name: str, default: str | None = None) -> str:
    """A text; required where no default is given."""
    value = os.environ.get(name, _files.get(name, default))
    if value is None or (default is None and not value.strip()):
        raise ImproperlyConfigured(f"Set {name}. README.md and .env.example tell what it is for.")
    return value.strip()


def flag(name: str, default: bool) -> bool:
    """True or false; any other word stops the start."""
    word = text(name, "on" if default else "off").lower()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    raise ImproperlyConfigured(f"{name} is {word!r}: write one of 1, true, yes, on, 0, false, no, off.")


def words(name: str, default: str) -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within its bounds."""
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number from {least} to {most}.")
    return int(value)


def folder(name: str, default: str) -> Path:
    """A folder, as an absolute path; a relative one counts from beside `manage.py`."""
    return (BASE_DIR / text(name, default)).resolve()


def site_url(name: str, default: str) -> str:
    """The address readers use, as `scheme://host[:port]` without a path."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name} is {value!r}: write it like https://blog.example.org.")
    return value


def web_address(name: str) -> str:
    """An address that is asked by this site; empty where there is none."""
    value = text(name, "")
    if value and not re.fullmatch(r"https?://[!-~]+", value):
        # It may hold a key, so no message repeats it.
        raise ImproperlyConfigured(f"{name} is no address that starts with https:// or http://.")
    return value


def keys(name: str) -> dict[str, str]:
    """Named secrets, `name:secret` separated by commas; the first one is used for what is new.

    Names are short words; a secret has at least 32 characters.
    """
    pairs = [word.partition(":") for word in words(name, text(name))]
    for key_name, _colon, secret in pairs:
        if not re.fullmatch(r"[a-z0-9]{1,16}", key_name) or len(secret) < 32:
            raise ImproperlyConfigured(
                f"{name} must be name:secret pairs: a name of up to 16 small letters and digits, "
                "a secret of at least 32 characters."
            )
    found = {key_name: secret for key_name, _colon, secret in pairs}
    if len(found) != len(pairs) or not found:
        raise ImproperlyConfigured(f"{name} must name each key once.")
    return found


SCHEMES = {
    "db": {"sqlite", "postgres", "postgresql"},
    "cache": {"locmemcache", "redis", "rediss"},
    "email": {"smtp", "smtps", "smtp+tls", "consolemail", "filemail"},
}


def service(name: str, default: str, kind: Literal["db", "cache", "email"]) -> dict[str, Any]:
    """The settings of a database, cache or mail server, from its URL, as django-environ reads it."""
    value = text(name, default)
    scheme = value.partition(":")[0]
    # The value may hold a password, so no message repeats it.
    if scheme not in SCHEMES[kind]:
        known = ", ".join(sorted(SCHEMES[kind]))
        raise ImproperlyConfigured(f"{name} must be a URL that starts with one of: {known}.")
    try:
        return getattr(environ.Env, f"{kind}_url_config")(value)
    except (ValueError, KeyError, TypeError) as error:
        raise ImproperlyConfigured(f"{name} is not a URL that can be read; .env.example shows some.") from error


def bucket(name: str) -> dict[str, Any]:
    """The storage in a bucket, from `s3://bucket/folder?endpoint=…&region=…`; empty where nothing is set.

    Its keys are `S3_ACCESS_KEY_ID` and `S3_SECRET_ACCESS_KEY`; without them, those that the machine itself has.
    """
    value = text(name, "")
    if not value:
        return {}
    parts = urlsplit(value)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    endpoint, region = given.pop("endpoint", ""), given.pop("region", "")
    is_address = not endpoint or re.fullmatch(r"https?://[^/?#@]+/?", endpoint)
    if parts.scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc) or given:
        raise ImproperlyConfigured(f"{name} must be like s3://bucket?endpoint=https://s3.example.org&region=eu-1.")
    if not is_address or parts.fragment:
        raise ImproperlyConfigured(f"{name} must name its endpoint like https://s3.example.org, without a key in it.")
    key, secret = text("S3_ACCESS_KEY_ID", ""), text("S3_SECRET_ACCESS_KEY", "")
    if bool(key) != bool(secret):
        raise ImproperlyConfigured("Set both S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or neither.")
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "access_key": key or None,
        "secret_key": secret or None,
    }
    return {"BACKEND": "ketablog.buckets.MediaBucket", "OPTIONS": options}


def add_file(path: Path) -> None:
    """Let the lines of another file answer for what nothing else sets."""
    for name, value in read_file(path).items():
        _files.setdefault(name, value)


def make_keys() -> None:
    """Make the keys that an installation needs, once, readable by its owner only.

    Raises `ImproperlyConfigured` where a database is there and its keys are not: with new ones,
    nobody could read the mail addresses in it.
    """
    path = folder("DATA_DIR", "var") / "keys.env"
    if {"SECRET_KEY", "EMAIL_KEYS"} <= {*os.environ, *_files}:
        return
    if not path.exists() and (path.parent / "ketablog.sqlite3").exists():
        raise ImproperlyConfigured(
            f"{path} is missing, and the database beside it was written with its keys. "
            "Put the file back, or move the database away to begin anew."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = f"SECRET_KEY={secrets.token_urlsafe(48)}\nEMAIL_KEYS=k1:{secrets.token_urlsafe(32)}\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(lines)


if __name__ == "__main__":
    try:
        make_keys()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The keys cannot be kept in DATA_DIR: {error.strerror}: {error.filename}")
