"""The least that a WSGI application can do: it sends the bytes of a file."""

import json
import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketablog.settings")
django.setup()  # The web server looks at models once it is up.

PAGES = {path: Path(file).read_bytes() for path, file in json.loads(os.environ["BENCH_BARE_PAGES"]).items()}


def application(environ, start_response):
    body = PAGES[environ["PATH_INFO"]]
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
