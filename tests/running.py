"""Our own programs, run as an operator runs them: in processes of their own, with an environment of their own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "SECRET_KEY SECRET_KEY_FALLBACKS EMAIL_KEYS DEBUG ALLOWED_HOSTS SITE_URL HOST PORT DATABASE_URL CACHE_URL "
    "EMAIL_URL DATA_DIR WEB_WORKERS TRUSTED_PROXIES DJANGO_SETTINGS_MODULE DJANGO_ALLOW_ASYNC_UNSAFE"
).split()


def environment(data_dir: Path, **ours: str) -> dict[str, str]:
    """The environment of a site that keeps its data there: production settings unless said otherwise."""
    others = {name: value for name, value in os.environ.items() if name not in OURS}
    defaults = {
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": f"sqlite:///{data_dir}/ketablog.sqlite3",
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": "consolemail://",
        "DEBUG": "off",
        "SECRET_KEY": "only-for-tests-" + "k" * 40,
        "EMAIL_KEYS": "t1:" + "only-for-tests-" * 3,
    }
    return {**others, **defaults, **ours}


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`python …`, to its end."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Program:
    """A program that runs; `output` is complete once it has ended."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def read_until(self, words: str) -> str:
        """The next line with these words."""
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                return line
        raise AssertionError(f"It ended before it said {words!r}:\n{self.output}")

    def end(self, number: signal.Signals | None = None) -> int:
        """The exit status, after this signal where one is given."""
        if number:
            self.process.send_signal(number)
        rest, _none = self.process.communicate(timeout=60)
        self.lines.append(rest or "")
        return self.process.returncode


@contextmanager
def running(*arguments: str, env: dict[str, str]) -> Iterator[Program]:
    """`python …`, ended with the block."""
    command = [sys.executable, *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    program = Program(process)
    try:
        yield program
    finally:
        if process.poll() is None:
            program.end(signal.SIGTERM)
        process.stdout.close()
