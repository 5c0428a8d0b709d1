"""Load a site for a few seconds and tell how it bears that: `python -m bench.load http://127.0.0.1:8000/ --seconds 10`.

Only this machine's own addresses are asked, unless `--anywhere` says that the site is yours.
"""

import asyncio
import ipaddress
import math
import socket
import ssl
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

CONNECTIONS = (1, 50, 200)
MOST_CONNECTIONS, MOST_SECONDS = 500, 60
PATIENCE = 30  # Seconds until an answer that does not come is an error.
PAUSE = 0.05  # Who refuses connections is not asked a thousand times a second.
LARGEST_HEAD = 64 * 1024


class Refused(Exception):
    """Nothing was asked; the message says why."""


@dataclass
class Result:
    """What came of one load. `errors` are answers from 400 on, and what took the place of an answer."""

    connections: int
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds if self.seconds else 0.0

    def wait(self, share: float) -> float:
        """So many of the answers came within so many seconds: 0.99 for 99 of 100."""
        if not self.waits:
            return math.nan
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def target(address: str, *, anywhere: bool) -> SplitResult:
    """The address taken apart. Raises `Refused` for what is none, or leads to another machine."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused(f"{address!r} is no web address.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not address.isascii() or " " in address:
        raise Refused(f"{address!r} is no web address. Write it like http://127.0.0.1:8000/posts/…/")
    try:
        found = socket.getaddrinfo(parts.hostname, port or 443, type=socket.SOCK_STREAM)
    except OSError:
        raise Refused(f"{parts.hostname} is not known here.") from None
    if not anywhere and not all(ipaddress.ip_address(each[4][0]).is_loopback for each in found):
        raise Refused(
            f"{parts.hostname} is another machine. A load can take a site down for its readers: "
            "add --anywhere only where the site is yours, and nobody needs it now."
        )
    return parts


async def load(parts: SplitResult, connections: int, seconds: float, host: str = "") -> Result:
    """So many connections ask again and again for so long, each as soon as it has its answer."""
    result = Result(connections)
    start = time.perf_counter()
    request = _request(parts, host)
    await asyncio.gather(*(_ask_until(start + seconds, parts, request, result) for _ in range(connections)))
    result.seconds = time.perf_counter() - start
    return result


def _request(parts: SplitResult, host: str) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {path} HTTP/1.1", f"Host: {host or parts.netloc.rpartition('@')[2]}", "Accept-Encoding: br, gzip"]
    return "\r\n".join([*lines, "User-Agent: ketablog-load", "", ""]).encode()


async def _ask_until(deadline: float, parts: SplitResult, request: bytes, result: Result) -> None:
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if secure else 80)
    is_over = False
    while not is_over:
        writer = None
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure, limit=LARGEST_HEAD)
            stays_open = True
            while stays_open and not is_over:
                begun = time.perf_counter()
                writer.write(request)
                async with asyncio.timeout(PATIENCE):
                    status, stays_open = await _read(reader)
                result.waits.append(time.perf_counter() - begun)
                if status >= 400:
                    result.errors[str(status)] += 1
                is_over = time.perf_counter() >= deadline
        except TimeoutError:
            result.errors["no answer"] += 1
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            result.errors[_in_words(error)] += 1
            await asyncio.sleep(PAUSE)
        finally:
            if writer is not None:
                writer.close()
        is_over = time.perf_counter() >= deadline


async def _read(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one answer to its end: its status, and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    first, *lines = head.split("\r\n")
    status = int(first.split()[1])
    headers = {name.strip(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    stays_open = headers.get("connection", "") != "close"
    if headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    elif "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    else:
        await reader.read()
        stays_open = False
    return status, stays_open


def _in_words(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    return "cut off" if isinstance(error, OSError | asyncio.IncompleteReadError) else "unreadable"


HEAD = f"{'connections':>11}{'requests':>11}{'a second':>11}{'p50':>11}{'p99':>11}{'longest':>11}  errors"


def row(result: Result) -> str:
    """A line of the report."""
    waits = [f"{result.wait(share) * 1000:.1f} ms" for share in (0.5, 0.99, 1)] if result.waits else ["–"] * 3
    errors = ", ".join(f"{number:,} {what}" for what, number in result.errors.most_common()) or "0"
    figures = [f"{result.connections}", f"{len(result.waits):,}", f"{result.rate:,.0f}", *waits]
    return "".join(f"{figure:>11}" for figure in figures) + f"  {errors}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = ArgumentParser(prog="python -m bench.load", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("address")
    parser.add_argument(
        "--seconds", type=float, default=10, help=f"for each number of connections, up to {MOST_SECONDS}"
    )
    parser.add_argument(
        "--connections", type=int, nargs="+", default=CONNECTIONS, metavar="N", help=f"up to {MOST_CONNECTIONS}"
    )
    parser.add_argument(
        "--host", default="", help="the name the site answers to, where the address is that of a server"
    )
    parser.add_argument("--anywhere", action="store_true", help="ask another machine than this one; it must be yours")
    options = parser.parse_args(arguments)
    if not 0 < options.seconds <= MOST_SECONDS:
        parser.error(f"--seconds may be up to {MOST_SECONDS}.")
    if not all(1 <= number <= MOST_CONNECTIONS for number in options.connections):
        parser.error(f"--connections may be from 1 to {MOST_CONNECTIONS}.")
    if not options.host.isprintable():
        parser.error("--host must be a name.")
    try:
        parts = target(options.address, anywhere=options.anywhere)
    except Refused as error:
        sys.exit(str(error))
    print(HEAD, flush=True)
    bad = False
    for number in options.connections:
        result = asyncio.run(load(parts, number, options.seconds, options.host))
        if not result.waits:
            sys.exit(f"{options.address} does not answer. Is the server running, and is the address right?")
        print(row(result), flush=True)
        bad = bad or bool(result.errors)
    if bad:
        sys.exit("Not every request got its page.")


if __name__ == "__main__":
    main()
