"""The servers that are measured, each pinned to the servers' core, and ended with its block."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.speed import machine
from bench.speed.asking import Client
from bench.speed.sites import HOST, ROOT, Failed, Site

PATIENCE = 60  # Seconds.
BARE = Path(__file__).parent / "bare"
DEPLOYED = ROOT / "deploy" / "nginx"
WORKERS = ("db_worker", "ketablog-worker")  # Started by its command, or forked and named.
IDLE = 0.03  # Of a core.


@dataclass
class Server:
    """A server that answers on a port, with all processes that belong to it."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def pids(self) -> list[int]:
        return list(machine.descendants(self.process.pid))

    @property
    def web_pids(self) -> list[int]:
        """Without the task worker."""
        every = machine.descendants(self.process.pid)
        return [pid for pid, command in every.items() if not any(name in command for name in WORKERS)]

    def wait_until_idle(self) -> None:
        """Until it has done what it does at its start."""
        deadline = time.monotonic() + PATIENCE
        calm = 0
        while calm < 2 and time.monotonic() < deadline:
            before = machine.cpu_seconds(self.pids)
            time.sleep(0.5)
            calm = calm + 1 if machine.cpu_seconds(self.pids) - before < IDLE else 0

    def wait_until_up(self, path: str) -> None:
        """Until the path answers with its first byte. Raises `Failed`."""
        deadline = time.monotonic() + PATIENCE
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"A server did not come up:\n{self.log.read_text()[-2000:]}")
            try:
                client = Client(self.port)
                client.get(path)
                return
            except (OSError, Failed):
                time.sleep(0.005)
            finally:
                client.close()

    def end(self) -> None:
        started = machine.descendants(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        for pid, command in started.items():
            if command and machine.command_of(pid) == command:
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def site_server(site: Site, **more: str) -> Iterator[Server]:
    """The site as `manage.py serve` serves it, with its task worker, once it is up and idle."""
    with start(site, **more) as server:
        server.wait_until_up("/healthz")
        server.wait_until_idle()
        yield server


@contextmanager
def start(site: Site, **more: str) -> Iterator[Server]:
    """The same, from the moment its process begins."""
    port = free_port()
    environment = site.environment(PORT=str(port), **more)
    command = [sys.executable, "manage.py", "serve", "--no-demo"]
    with _running(command, environment, port, site.folder / "server.log") as server:
        yield server


@contextmanager
def bare_server(site: Site, pages: Mapping[str, Path]) -> Iterator[Server]:
    """The same web server in front of a function that sends the bytes of these files, by their paths."""
    named = json.dumps({path: str(file) for path, file in pages.items()})
    with start(site, PYTHONPATH=str(BARE), BENCH_BARE_PAGES=named) as server:
        server.wait_until_up(next(iter(pages)))
        server.wait_until_idle()
        yield server


@contextmanager
def nginx(site: Site, upstream: int, files: Mapping[str, Path]) -> Iterator[Server]:
    """nginx with the configuration that is shipped, in front of the site; it sends these files by their paths, too."""
    program = machine.find("nginx")
    if program is None:
        raise Failed("There is no nginx.")
    port = free_port()
    folder = site.folder / "nginx"
    folder.mkdir(exist_ok=True)
    file = folder / "nginx.conf"
    file.write_text(configuration(site, folder, port, upstream, files))
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(file)]
    with _running(command, dict(os.environ), port, folder / "nginx.log") as server:
        server.wait_until_up(next(iter(files)))
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], port: int, log: Path) -> Iterator[Server]:
    with open(log, "wb") as output:
        process = subprocess.Popen(  # noqa: S603 (our own programs)
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=partial(machine.on_core, machine.cores()[0]),
        )
    server = Server(process, port, log)
    try:
        yield server
    finally:
        server.end()


# The shipped configuration, on a port of this machine and without https


def configuration(site: Site, folder: Path, port: int, upstream: int, files: Mapping[str, Path]) -> str:
    """The configuration for nginx on a port, in front of what answers on the port `upstream`."""
    shipped = _with_its_parts((DEPLOYED / "ketablog.conf").read_text())
    places = "".join(f"location = {path} {{ gzip off; alias {file}; }}\n" for path, file in files.items())
    around, blocks = _server_blocks(shipped)
    servers = "".join(_local(block, port, places) for block in blocks if "proxy_pass" in block)
    text = (
        (around + servers)
        .replace("/var/lib/ketablog", str(site.folder))
        .replace("/var/log/nginx", str(folder))
        .replace("/var/cache/nginx", str(folder))
    )
    text = re.sub(r"server unix:[^;]*;", f"server 127.0.0.1:{upstream};", text)
    user = "user root;" if os.geteuid() == 0 else ""  # Who else could read the files of a folder of root's?
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"{user}\ndaemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nevents {{ worker_connections 1024; }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\ndefault_type text/html;\nsendfile on;\ntcp_nopush on;\n"
        f"{temporary}{text}\n}}\n"
    )


def _with_its_parts(text: str) -> str:
    """The text, with that of each of our own files in the place where it is included."""

    def part(found: re.Match[str]) -> str:
        return _with_its_parts((DEPLOYED / found[1]).read_text())

    return re.sub(r"^\s*include (ketablog/[^;]+);", part, text, flags=re.MULTILINE)


def _server_blocks(text: str) -> tuple[str, list[str]]:
    """What stands around the server blocks, and these."""
    around, blocks = "", []
    while match := re.search(r"^server\s*\{", text, re.MULTILINE):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        around += text[: match.start()]
        blocks.append(text[match.start() : end])
        text = text[end:]
    return around + text, blocks


def _local(block: str, port: int, places: str) -> str:
    block = re.sub(r"^\s*(listen|ssl_\w+|http2)\s[^;]*;", "", block, flags=re.MULTILINE)
    block = re.sub(r"server_name\s[^;]*;", f"server_name {HOST};\nlisten 127.0.0.1:{port};\n{places}", block)
    return block + "\n"
