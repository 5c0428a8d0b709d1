"""The machine: its two cores, what a process used of it, and what it is."""

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from functools import cache, partial
from importlib import metadata
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PACKAGES = ("Django", "granian", "psycopg")
PROGRAMS = {"wrk": ["-v"], "nginx": ["-v"]}
HOW_TO_GET = "apt-get install wrk nginx-light"


@cache
def cores() -> tuple[int, int]:
    """The core of the servers and the core of the client; the same one where there is no other."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[-1], allowed[0]


def on_client_core() -> None:
    """From now on this process runs on the client's core, and knows the servers' one still."""
    on_core(cores()[1])


def on_core(core: int) -> None:
    """From now on this process, and all that it starts, runs there alone."""
    os.sched_setaffinity(0, {core})


def find(program: str) -> str | None:
    """Where a program is; Debian keeps nginx out of the path of who is not root."""
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def descendants(ancestor: int) -> dict[int, str]:
    """The processes below this one with their command lines, and itself."""
    children: dict[int, list[int]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(entry))
    found, waiting = {}, [ancestor]
    while waiting:
        pid = waiting.pop()
        found[pid] = command_of(pid)
        waiting += children.get(pid, [])
    return found


def command_of(pid: int) -> str:
    """The command line and the name of a process; empty where there is none."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        return f"{line}({Path(f'/proc/{pid}/comm').read_text().strip()})"
    except OSError:
        return ""


def cpu_seconds(pids: Iterable[int]) -> float:
    """What these processes have used of a core, those included that they waited for."""
    return sum(map(_cpu_seconds, pids))


def memory(pids: Iterable[int]) -> tuple[float, float]:
    """The memory of these processes in MiB: what is shared counted once (PSS), and as often as it is used (RSS)."""
    proportional = resident = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
        proportional += sizes.get("Pss", 0)
        resident += sizes.get("Rss", 0)
    return proportional / 1024, resident / 1024


def describe() -> list[tuple[str, str]]:
    """What the figures depend on."""
    about = [
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("system", f"Linux {platform.release()}, {_memory_in_all():.0f} GiB of memory"),
        ("Python", platform.python_version()),
        ("SQLite", sqlite3.sqlite_version),
    ]
    for name in PACKAGES:
        try:
            about.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return about + [(name, version) for name in PROGRAMS if (version := _version(name))]


def calculating() -> float:
    """Seconds of CPU that a fixed calculation takes on the servers' core: by it runs can be told apart."""
    code = "import time; s = time.process_time(); sum(i * i for i in range(2_000_000)); print(time.process_time() - s)"
    took = [
        float(
            subprocess.run(  # noqa: S603 (our own line)
                [sys.executable, "-c", code],
                capture_output=True,
                text=True,
                check=True,
                preexec_fn=partial(on_core, cores()[0]),
            ).stdout
        )
        for _time in range(3)
    ]
    return min(took)


def load() -> float:
    """How many processes wanted a core in the last minute, on average."""
    return os.getloadavg()[0]


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_in_all() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3


def _version(program: str) -> str:
    path = find(program)
    if path is None:
        return ""
    told = subprocess.run([path, *PROGRAMS[program]], capture_output=True, text=True, check=False)  # noqa: S603
    words = (told.stdout + told.stderr).replace("/", " ").split()
    return next((word for word in words if word[0].isdigit()), "unknown")
