"""Where the site listens, and what runs there: the web server and the task worker, both or neither.

Nothing here needs Django.
"""

import contextlib
import errno
import ipaddress
import os
import shlex
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

BACKLOG = 1024
STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


class PortRefused(Exception):
    """Nothing can listen there; the message says why, and what to do."""


def local_url(host: str, port: int) -> str:
    """The address under which this machine itself finds what listens on `host` and `port`."""
    try:
        ip = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        if ip.is_unspecified:  # All addresses of the machine; one of them is its own name for itself.
            ip = ipaddress.ip_address("127.0.0.1" if ip.version == 4 else "::1")
        host = bracketed(str(ip))
    return f"http://{host}" if port == 80 else f"http://{host}:{port}"


def bracketed(host: str) -> str:
    """The host as it stands before a port: an IPv6 address in brackets."""
    return f"[{host.strip('[]')}]" if ":" in host else host


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections there. Raises `OSError` where none can."""
    host = host.strip("[]")
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def require_free(host: str, port: int) -> None:
    """Raises `PortRefused` where a server could not listen."""
    try:
        listen(host, port).close()
    except PermissionError as error:
        raise PortRefused(f"Port {port} needs rights you do not have. Choose one above: PORT=8000") from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise PortRefused(f"HOST is {host.strip('[]')!r}, which is no address of this machine.") from error
        raise PortRefused(
            f"Port {port} on {host.strip('[]')} is taken, perhaps by a site that runs already. "
            f"Stop that one, or choose another port: PORT={port % 65535 + 1}"
        ) from error


def run_together(*starts: Callable[[], int]) -> int:
    """Run what these start until one of them ends or a signal comes, then end all; returns the exit status.

    Each start gives the id of a process, with a session of its own: Ctrl-C reaches this process alone, and each is told
    once to end. A second signal ends what is still at work.
    """
    # Signals are waited for and never interrupt, so that none is lost between two steps.
    watched = {*STOP, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    for each in watched:
        signal.signal(each, lambda *_: None)
    running = {start() for start in starts}
    signals = failures = 0
    while running:
        if signal.sigwait(watched) != signal.SIGCHLD:
            signals += 1
            _tell(running, signal.SIGTERM if signals == 1 else signal.SIGQUIT)
        elif (ended := _ended()) & running:
            running -= ended
            if not signals and not failures:
                failures = 1
                _tell(running, signal.SIGTERM)
    return failures


def spawned(command: list[str]) -> Callable[[], int]:
    """A start of this command."""
    reset = {*STOP, signal.SIGQUIT}
    return lambda: os.posix_spawn(command[0], command, os.environ, setsid=True, setsigmask=(), setsigdef=reset)


def forked(name: str, run: Callable[[], object]) -> Callable[[], int]:
    """A start of this function in a process that shares what was loaded here; `ps -e` shows it under the name."""

    def start() -> int:
        if pid := os.fork():
            return pid
        status = 1
        try:
            os.setsid()
            for each in {*STOP, signal.SIGCHLD}:
                signal.signal(each, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            with contextlib.suppress(OSError):  # Linux alone has it.
                Path("/proc/self/comm").write_text(name, encoding="ascii")
            run()
            status = 0
        except Exception:  # noqa: BLE001 (it is told, and the process ends)
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(status)

    return start


def _tell(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)


def _ended() -> set[int]:
    """The children that have ended since this was last asked."""
    found = set()
    with contextlib.suppress(ChildProcessError):  # None is left.
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            found.add(pid)
    return found


if __name__ == "__main__":
    sys.exit(run_together(*(spawned(shlex.split(command)) for command in sys.argv[1:])))
