"""Files of texts to judge or to learn from: a JSON object a line."""

import json
from dataclasses import dataclass
from pathlib import Path

from comments.classifier.features import Written
from comments.models import Comment
from ketablog.markup import COMMENT_LIMIT

LABELS = ("spam", "ham")
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

    @property
    def is_spam(self) -> bool:
        return self.label == "spam"

    @property
    def written(self) -> Written:
        """As the classifier sees it."""
        return Written(self.text, self.name, self.website)

    def comment(self) -> Comment:
        """The reply that the line describes, not saved. What is longer than a reply can be is cut."""
        comment = Comment(name=self.name, website=self.website, source=self.text[:COMMENT_LIMIT])
        comment.email = self.email
        return comment


def read_lines(file: Path, *, are_labelled: bool = False) -> list[Labelled]:
    """All lines of a file; empty ones are passed over. Where they `are_labelled`, each has one of `LABELS`.

    Raises `Unreadable`.
    """
    try:
        # Lines end with "\n" alone: JSON leaves the other ends that splitlines() knows as they are.
        rows = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file} is not UTF-8 text.") from error
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if row.strip()]
    return [_read(row, f"Line {number} of {file}", are_labelled) for number, row in numbered]


def _read(row: str, where: str, is_labelled: bool) -> Labelled:
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
    # JSON can name halves of signs, which no text holds.
    line = Labelled(**{name: value.encode(errors="replace").decode() for name, value in values.items()})
    if is_labelled and not line.text.strip():
        raise Unreadable(f"{where} has no “text”.")
    if is_labelled and line.label not in LABELS:
        raise Unreadable(f"{where}: “label” is neither spam nor ham.")
    return line
