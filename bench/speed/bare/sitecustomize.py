"""Read by Python at its start where this folder is in PYTHONPATH: the web server then finds, in place of the site, a
function that sends the bytes of files. All else about the server stays as it is."""

import json
import os
import sys
from pathlib import Path
from types import ModuleType

PAGES = {path: Path(file).read_bytes() for path, file in json.loads(os.environ.get("BENCH_BARE_PAGES", "{}")).items()}


def application(environ, start_response):
    body = PAGES[environ["PATH_INFO"]]
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


site = ModuleType("ketablog.wsgi")
site.application = application  # type: ignore[attr-defined]
sys.modules["ketablog.wsgi"] = site
