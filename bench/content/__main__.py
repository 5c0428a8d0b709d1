"""Fill an empty database with content for measuring: `python -m bench.content --articles 20000 --replies 1000000`."""

import os
import sys
import time
from argparse import ArgumentParser

import django


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="python -m bench.content", description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--replies", type=int, default=110_000)
    parser.add_argument("--seed", type=int, default=6, help="the same seed gives the same content")
    parser.add_argument("--quiet", action="store_true", help="print no progress")
    options = parser.parse_args(arguments)
    if options.articles < 1 or options.replies < 0:
        parser.error("There must be an article at least, and no fewer than 0 replies.")

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketablog.settings")
    django.setup()
    from bench.content.filling import NotEmpty, fill

    start = time.monotonic()

    def tell(line: str) -> None:
        if not options.quiet:
            print(f"{time.monotonic() - start:6.0f} s  {line}", file=sys.stderr, flush=True)

    try:
        made = fill(options.articles, options.replies, seed=options.seed, tell=tell)
    except NotEmpty as error:
        sys.exit(str(error))
    print(
        f"{made.articles:,} articles, {made.replies:,} replies and {made.words:,} words made in "
        f"{time.monotonic() - start:.0f} s, seed {options.seed}."
    )


if __name__ == "__main__":
    main()
