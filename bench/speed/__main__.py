"""Measure how fast the site is: `python -m bench.speed`. Progress goes to stderr, the report to stdout or a file."""

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from bench.speed import arriving, machine, reading, replying, report, sites
from bench.speed.figures import Part
from bench.speed.sites import ROOT, Failed


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    start = time.monotonic()

    def tell(line: str) -> None:
        print(f"{time.monotonic() - start:6.0f} s  {line}", file=sys.stderr, flush=True)

    machine.on_client_core()
    calculated = machine.calculating()
    try:
        parts = measure(options, tell)
    except Failed as error:
        sys.exit(str(error))
    about = [
        ("content", f"{options.articles:,} articles of 800 words, {options.replies:,} replies"),
        ("many articles", f"{options.large:,}, for the search over them"),
        ("database", "PostgreSQL" if _database() else "SQLite"),
        (
            "a fixed calculation on the servers' core",
            f"{calculated * 1000:.0f} ms of CPU at the start, {machine.calculating() * 1000:.0f} at the end",
        ),
        ("load of the machine at the end", f"{machine.load():.1f}"),
        ("took", f"{(time.monotonic() - start) / 60:.0f} minutes"),
    ]
    method = {"rounds": options.rounds, "seconds": options.seconds, "connections": reading.CONNECTIONS}
    text = report.markdown(parts, about=about, method=method)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    else:
        print(text)
    print(report.summary(parts))


def measure(options: Namespace, tell: Callable[[str], object]) -> list[Part]:
    """All that is measured, part by part. Raises `Failed`."""
    folder, database = options.folder, _database()
    rounds, seconds, asked = options.rounds, options.seconds, options.asked
    empty = sites.make(folder / "empty", 0, 0, tell, database)
    kept = sites.make(folder / "site", options.articles, options.replies, tell, database)
    large = sites.make(folder / "large", options.large, 0, tell, database)
    site = kept.copy(folder / "work")
    try:
        site.let_staff_in()
        start = arriving.starting(site, rounds=rounds, tell=tell)
        stored, memory = reading.stored(site, empty, seconds=seconds, rounds=rounds, tell=tell)
        anew = reading.made_anew(site, large, asked=asked, rounds=rounds, tell=tell)
        weight = arriving.weighing(site)
        replies = replying.taken(site, seconds=2 * seconds, rounds=rounds, tell=tell)
        first = replying.first_reader(site, asked=asked, tell=tell)
    finally:
        site.forget()
    return [stored, *anew, replies, Part("The whole", [first, *weight, start, memory])]


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--replies", type=int, default=110_000)
    parser.add_argument("--large", type=int, default=20_000, help="articles of the site that is searched, too")
    parser.add_argument("--seconds", type=float, default=3, help="how long each load lasts")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--asked", type=int, default=20, help="requests of each page in a round")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench", help="where the sites are kept")
    parser.add_argument("--write", type=Path, help="the file for the report")
    return parser


def _database() -> str:
    """The PostgreSQL server that `DATABASE_URL` names, if it does."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


if __name__ == "__main__":
    main()
