"""Files of texts to judge or to learn from: a JSON object a line."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from comments.models import Comment
from ketablog.markup import COMMENT_LIMIT

# Half of a sign, which JSON can say and no database stores.
HALF = re.compile("[\ud800-\udfff]")
FIELDS = ("text", "name", "email", "website", "label")


class Unreadable(Exception):
    """A file that cannot be read, or a line of it; the sentence names the line."""


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    name: str = ""
    email: str = ""
    website: str = ""
    label: str = ""

    def comment(self) -> Comment:
        """The reply that the line describes, not saved. What is longer than a reply can be is cut."""
        comment = Comment(name=self.name, website=self.website, source=self.text[:COMMENT_LIMIT])
        comment.email = self.email
        return comment


def read_lines(file: Path) -> list[Labelled]:
    """All lines of a file; empty ones are passed over. Raises `Unreadable`."""
    try:
        # Not `splitlines`: a text may hold U+2028 and others of its line ends.
        rows = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file} is not UTF-8 text.") from error
    return [_read(row, f"Line {number} of {file}") for number, row in enumerate(rows, start=1) if row.strip()]


def _read(row: str, where: str) -> Labelled:
    try:
        found = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{where} is not JSON.") from error
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise Unreadable(f"{where} has no “text”.")
    values = {name: found[name] for name in FIELDS if found.get(name) is not None}
    wrong = next((name for name, value in values.items() if not isinstance(value, str)), None)
    if wrong:
        raise Unreadable(f"{where}: “{wrong}” is not text.")
    return Labelled(**{name: HALF.sub("\N{REPLACEMENT CHARACTER}", value) for name, value in values.items()})
