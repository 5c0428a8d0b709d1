"""A Chromium to look with."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The one that `CHROMIUM` names, or that the system has. Ends the program with a sentence where there is none."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if found is None:
        sys.exit("There is no Chromium: apt-get install chromium, or set CHROMIUM=/path/to/it")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()
