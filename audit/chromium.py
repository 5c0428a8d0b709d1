"""A Chromium to look with."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "There is no Chromium: apt-get install chromium, or set CHROMIUM=/path/to/it"
# Nothing is asked of the network that no page asked for.
FLAGS = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --disable-dev-shm-usage"
).split()


def find_chromium() -> str | None:
    """The path of the one that `CHROMIUM` names, or that the system has."""
    names = filter(None, [os.environ.get("CHROMIUM"), *NAMES])
    return next((path for path in map(shutil.which, names) if path), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that ends with the block. Ends the program with a sentence where there is none."""
    path = find_chromium()
    if path is None:
        sys.exit(MISSING)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
