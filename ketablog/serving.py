"""Where the site listens, and what runs there: the web server and the task worker, both or neither.

Nothing here needs Django, so that the process which only watches the two stays small.
"""

import errno
import ipaddress
import os
import shlex
import signal
import socket
import sys
from types import FrameType

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


def require_free(host: str, port: int) -> None:
    """Raises `PortRefused` where a server could not listen."""
    host = host.strip("[]")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError as error:
            raise PortRefused(f"Port {port} needs rights you do not have. Choose one above: PORT=8000") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise PortRefused(f"HOST is {host!r}, which is no address of this machine.") from error
            raise PortRefused(
                f"Port {port} on {host} is taken, perhaps by a site that runs already. "
                f"Stop that one, or choose another port: PORT={port % 65535 + 1}"
            ) from error


def run_together(*commands: list[str]) -> int:
    """Run the commands until one of them ends or a signal comes, then end all; returns the exit status.

    Each has a session of its own: Ctrl-C reaches this process alone, and each is told once to end.
    A second signal ends what is still at work.
    """
    running: set[int] = set()
    signals = 0

    def end_all(number: signal.Signals) -> None:
        for pid in running:
            os.kill(pid, number)

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal signals
        signals += 1
        end_all(signal.SIGTERM if signals == 1 else signal.SIGQUIT)

    # No signal may come between two starts: it would reach only one of them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    for command in commands:
        running.add(os.posix_spawn(command[0], command, os.environ, setsid=True, setsigmask=(), setsigdef=STOP))
    for number in STOP:
        signal.signal(number, on_signal)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)

    failed = False
    while running:
        pid, _status = os.wait()
        if pid in running:
            running.remove(pid)
            if not signals and not failed:
                failed = True
                end_all(signal.SIGTERM)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run_together(*(shlex.split(command) for command in sys.argv[1:])))
