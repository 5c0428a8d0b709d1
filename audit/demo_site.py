"""The site with its demo content, on a free port, with data of its own that end with it."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60
# What the environment may say of a site of somebody's own.
OTHERS = (
    "SECRET_KEY SECRET_KEY_FALLBACKS EMAIL_KEYS ALLOWED_HOSTS DATABASE_URL CACHE_URL EMAIL_URL TRUSTED_PROXIES".split()
)


@dataclass(frozen=True, slots=True)
class DemoSite:
    url: str
    passwords: dict[str, str]  # By user name.


@contextmanager
def demo_site(*, many_replies: bool = False) -> Iterator[DemoSite]:
    """The site as in production; `many_replies` gives one of its articles fifty.

    Raises `RuntimeError` with the site's log if it does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="ketablog-audit-") as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        env = {name: value for name, value in os.environ.items() if name not in OTHERS}
        env |= {"DATA_DIR": folder, "DEBUG": "off", "HOST": "127.0.0.1", "PORT": str(port), "SITE_URL": url}
        _run(env, "-m", "ketablog.env")
        _run(env, "manage.py", "migrate", "-v0")
        said = _run(env, "manage.py", "load_demo", "--quiet")
        _run(env, "manage.py", "make_renditions")  # As the worker does in the first seconds.
        if many_replies:
            _run(env, "-m", "audit.more_replies")
        log = Path(folder, "log")
        with log.open("wb") as file:
            server = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--no-demo"], cwd=ROOT, env=env, stdout=file, stderr=file
            )
        try:
            if not _came_up(url, server):
                raise RuntimeError(log.read_text(encoding="utf-8"))
            yield DemoSite(url, dict(re.findall(r"as (\w+) with the password (\S+)", said)))
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _run(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _came_up(url: str, server: subprocess.Popen[bytes]) -> bool:
    for _ in range(PATIENCE * 10):
        try:
            with urllib.request.urlopen(f"{url}/healthz"):
                return True
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    return False
