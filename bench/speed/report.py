"""The report: Markdown, as it stands in docs/benchmarks.md."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bench.speed import machine
from bench.speed.figures import Part

HEAD = """# How fast ketablog is

Written by `make bench WRITE=docs/benchmarks.md`; change nothing here by hand.

{about}

"""
METHOD = """## How this is measured

- **Two cores.** Web process, task worker, nginx and the bare servers are pinned to one core, the client to another.
  Figures of different machines say little beside each other; ratios, and CPU time a request, say more.
- **Rounds.** Each measurement is taken in {rounds} rounds, all targets one after another in each round, so that what
  slows the machine for a while slows all alike. A figure is the median of the rounds; beside it stands the best. A
  ratio is taken in each round.
- **Stored pages** are asked for by wrk over {connections} connections, for {seconds:g} s each, as br. The
  bare function is a WSGI application that returns the very bytes, run by the same command on the same web server
  (`bench/speed/bare`). nginx runs with the configuration that is shipped in `deploy/nginx`, without https; the static
  file holds the same bytes.
- **Pages made anew** are asked for one after another with `PAGE_CACHE=off`. CPU is that of all web processes, from
  `/proc/PID/stat`, divided by the requests; nobody's waiting is in it, so what runs beside disturbs it little.
- **Replies** come from 8 clients at once, each under an article of its own, each text of 500 characters a new one, from
  a new address (`X-Forwarded-For`, as from a proxy), under the default policy: all rules judge, the reply is committed
  (SQLite with `synchronous=FULL`), a task tells the moderators. The bare insert is one row of 500 characters in a
  transaction of its own into the same database, by one process on the servers' core.
- **The first reader** asks right after a reply was published; the next three give what is taken off.
- **The start** is from `manage.py serve` on a prepared site to the first byte of `/`, the home page of the site above.
- **Memory** is that of all processes of `manage.py serve` after the load.
- **Content** comes from a seed, the same on every machine: `python -m bench.content`.
"""
MARKS = {True: "holds", False: "**missed**", None: ""}


def markdown(parts: Sequence[Part], *, about: Sequence[tuple[str, str]], method: dict[str, float]) -> str:
    """The whole report."""
    now = datetime.now(tz=UTC)
    described = [("date", f"{now:%Y-%m-%d %H:%M} UTC"), *machine.describe(), *about]
    text = HEAD.format(about="\n".join(f"- {name}: {value}" for name, value in described))
    for part in parts:
        text += f"## {part.title}\n\n| what | measured | bar | | note |\n|---|---|---|---|---|\n"
        for line in part.lines:
            text += f"| {line.what} | {line.measured} | {line.bar} | {MARKS[line.holds]} | {line.note} |\n"
        text += "\n"
    return text + METHOD.format(**method)


def summary(parts: Sequence[Part]) -> str:
    """How many bars hold."""
    judged = [line for part in parts for line in part.lines if line.holds is not None]
    missed = [line.what for line in judged if not line.holds]
    return f"{len(judged) - len(missed)} of {len(judged)} bars hold." + (
        f" Missed: {'; '.join(missed)}." if missed else ""
    )
