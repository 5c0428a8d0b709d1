"""Our own programs, run as an operator runs them: in processes of their own, with an environment of their own."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60
OURS = (
    "SECRET_KEY SECRET_KEY_FALLBACKS EMAIL_KEYS DEBUG ALLOWED_HOSTS SITE_URL HOST PORT DATABASE_URL DATABASE_POOL "
    "CACHE_URL MEDIA_STORAGE S3_ACCESS_KEY_ID S3_SECRET_ACCESS_KEY EMAIL_URL DATA_DIR STATIC_DIR WEB_WORKERS "
    "TRUSTED_PROXIES PAGE_CACHE CDN_PURGE_URL CDN_PURGE_HEADER CDN_PURGE_BODY DJANGO_SETTINGS_MODULE "
    "DJANGO_ALLOW_ASYNC_UNSAFE"
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


def children_of(parent: int) -> dict[int, str]:
    """The processes that this one started, and their command lines."""
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with (
            contextlib.suppress(OSError),
            open(f"/proc/{entry}/stat") as stat,
            open(f"/proc/{entry}/cmdline") as command,
        ):
            if int(stat.read().rpartition(")")[2].split()[1]) == parent:
                found[int(entry)] = command.read().replace("\0", " ")
    return found


def descendants_of(ancestor: int) -> list[int]:
    """The processes that this one started, and those that they started, the oldest first."""
    found = [ancestor]
    for pid in found:
        found += children_of(pid)
    return found[1:]


def kill_and_wait(pids: list[int]) -> None:
    """Kill these at once, those of other parents too, and come back when none is left."""
    left = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            left.append(os.pidfd_open(pid))
    for descriptor in left:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    while left:
        ended = select.select(left, [], [], PATIENCE)[0]
        assert ended, "A process survived being killed."
        for descriptor in ended:
            os.close(descriptor)
            left.remove(descriptor)


@dataclass
class Program:
    """A program that runs, and what it said so far. What takes longer than a minute is a failure."""

    process: subprocess.Popen[bytes]
    output: str = ""

    def read_until(self, words: str, times: int = 1) -> None:
        """Wait until it has said these words so often."""
        stream = self.process.stdout.fileno()
        while self.output.count(words) < times:
            ready, _writable, _odd = select.select([stream], [], [], PATIENCE)
            said = os.read(stream, 65536).decode() if ready else ""
            assert said, f"It never said {words!r}, but:\n{self.output}"
            self.output += said

    def end(self, number: signal.Signals | None = None) -> int:
        """The exit status, after this signal where one is given."""
        if number:
            self.process.send_signal(number)
        said, _none = self.process.communicate(timeout=PATIENCE)
        self.output += said.decode()
        return self.process.returncode

    def kill(self) -> None:
        """End it and all that it started, without a chance to tidy up."""
        if self.process.poll() is None:
            kill_and_wait([self.process.pid, *descendants_of(self.process.pid)])
        self.process.wait()


@contextmanager
def running(*arguments: str, env: dict[str, str]) -> Iterator[Program]:
    """`python …`, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env,
        bufsize=0,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    program = Program(process)
    try:
        yield program
        if process.poll() is None:
            program.end(signal.SIGTERM)
    finally:
        program.kill()
        process.stdout.close()
