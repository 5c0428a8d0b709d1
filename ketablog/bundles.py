"""The site's style sheets joined into one file, and its scripts into another: a page asks for one of each.

All pages share the two, so that whoever goes from an article to the home page loads neither again. The parts
stay small files in `static/`; they are joined by a finder of static files, so that `collectstatic`, `make dev` and the
tests all get the same joined file, and an edit shows at once.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PLAIN = "{}"
ON_PAPER = "@media print {{\n{}}}\n"
# The script stands in the head. What runs at once runs before the first paint; the rest waits for the whole page.
AT_ONCE = "(() => {{\n{}}})();\n"
WHEN_READ = 'addEventListener("DOMContentLoaded", () => {{\n{}}});\n'

# A bundle stands in the folder of its parts, so that addresses in these stay right.
BUNDLES: dict[str, dict[str, str]] = {
    "css/site.css": {
        "css/tokens.css": PLAIN,
        "css/base.css": PLAIN,
        "css/post.css": PLAIN,
        "css/comments.css": PLAIN,
        "css/print.css": ON_PAPER,
    },
    "js/site.js": {
        "js/theme.js": AT_ONCE,
        "js/article.js": WHEN_READ,
        "js/share.js": WHEN_READ,
        "js/replies.js": WHEN_READ,
        "js/reply-counter.js": WHEN_READ,
        "js/reply-writer.js": WHEN_READ,
        "js/reply-draft.js": WHEN_READ,
        "js/reply-sending.js": WHEN_READ,
        "js/own.js": WHEN_READ,
    },
}

COMMENT_LINE = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)

# A script that next to no page needs: one of the bundle's loads it where a form asks for it.
LOADED_WHEN_NEEDED = frozenset({"js/reply-proof.js"})


def joined(name: str) -> str:
    """The text of a bundle, without the lines that only people read. Raises `KeyError` for a name that is none."""
    parts = ((settings.BASE_DIR / "static" / part, around) for part, around in BUNDLES[name].items())
    whole = "\n".join(around.format(path.read_text(encoding="utf-8")) for path, around in parts)
    return COMMENT_LINE.sub("", whole) if name.endswith(".js") else whole


class BundleFinder(BaseFinder):
    """Finds the bundles, in files that are written anew whenever a part of theirs has changed."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "bundles")

    def check(self, **kwargs: object) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> str | list[str]:  # type: ignore[override]
        if path not in BUNDLES:
            return []
        found = self._written(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in BUNDLES:
            self._written(name)
            yield name, self.storage

    def _written(self, name: str) -> str:
        """The path of the bundle's file. Who reads it meanwhile gets the old one or the new one, whole."""
        path, text = Path(self.storage.path(name)), joined(name)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
                file.write(text)
            os.replace(file.name, path)
        return str(path)
