"""Word lists that staff keep: what a line means, and which lines hit a reply.

Whole words by default, so that "ass" is not found in "assessment". Patterns run by RE2, in linear time whatever a
moderator writes.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from comments.rules.submission import Reason, Submission

LINE = re.compile(
    r"(?:(?P<field>name|email|website|text|link)\s*:\s*)?(?P<pattern>.+?)(?:\s*=>\s*(?P<outcome>\w+))?", re.IGNORECASE
)
FIELD_ALONE = re.compile(r"(?:name|email|website|text|link)\s*:", re.IGNORECASE)
OUTCOMES = ("note", "hold", "spam")
MOST_LINES = 2000
LONGEST_LINE = 300
MOST_SECONDS = 2  # Of work. Thousands of patterns can take a minute, each of them in linear time.
# RE2 counts a program's size; this is far more than a line needs, and far less than a process has.
_OPTIONS = re2.Options()
_OPTIONS.max_mem = 1 << 20
_OPTIONS.log_errors = False
_OPTIONS.case_sensitive = False


class Unreadable(ValueError):
    """A line that is no word, pattern or note."""

    def __init__(self, number: int, line: str, why: str) -> None:
        super().__init__(why)
        self.number, self.line, self.why = number, line, why


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it looks ("" is everywhere), what for, and what follows.

    No text is hit in which `needs` does not stand, both folded: that is found out a hundred times faster.
    """

    number: int
    words: str
    field: str
    pattern: Any
    needs: str
    outcome: str

    def hit(self, fields: dict[str, str]) -> str:
        """What it found, or nothing."""
        texts = [fields[self.field]] if self.field else list(fields.values())
        for text in texts:
            if found := self.pattern.search(text):
                return found.groupdict().get("whole") or found[0]
        return ""


@lru_cache(maxsize=32)
def read(text: str) -> tuple[Line, ...]:
    """The lines of a list. Raises `Unreadable` for the first that cannot be read."""
    rows = text.splitlines()
    if len(rows) > MOST_LINES:
        raise Unreadable(MOST_LINES + 1, "…", _("A list has at most %(most)d lines.") % {"most": MOST_LINES})
    numbered = ((number, row.strip()) for number, row in enumerate(rows, start=1))
    return tuple(_read_line(number, row) for number, row in numbered if row and not row.startswith("#"))


def listed(submission: Submission) -> Iterator[Reason]:
    """What the lists of this site find, each line with its own outcome. Raises `TimeoutError` where it takes too
    long, which holds the reply."""
    begun = time.thread_time()
    fields = {
        "text": submission.source,
        "name": submission.name,
        "email": submission.email,
        "website": submission.website,
        "link": " ".join(link.url for link in submission.links),
    }
    folded = {name: text.casefold() for name, text in fields.items()}
    folded[""] = "\n".join(folded.values())
    for text in submission.known.word_lists:
        for line in read(text):
            if line.needs not in folded[line.field]:
                continue
            if time.thread_time() - begun > MOST_SECONDS:
                raise TimeoutError("The word lists take too long.")
            if found := line.hit(fields):
                # What stands in an address is not repeated where everybody of the staff may read it.
                shown = line.words if found in submission.email else found
                yield Reason("words", points=3, fragment=shown[:200], outcome=line.outcome)


def _read_line(number: int, row: str) -> Line:
    if len(row) > LONGEST_LINE:
        raise Unreadable(number, row[:40], _("it is too long."))
    parts = LINE.fullmatch(row)
    if parts is None or FIELD_ALONE.fullmatch(row):
        raise Unreadable(number, row, _("there is nothing to look for."))
    outcome = (parts["outcome"] or "hold").lower()
    if outcome not in OUTCOMES:
        raise Unreadable(number, row, _("after => write note, hold or spam."))
    words = parts["pattern"]
    try:
        pattern = re2.compile(_expression(words), _OPTIONS)
    except re2.error:
        raise Unreadable(number, row, _("this is not a regular expression that RE2 understands.")) from None
    if pattern.search(""):
        raise Unreadable(number, row, _("it would be found in every text."))
    needs = "" if _is_expression(words) else max(words.replace("*", " ").split(), key=len, default="").casefold()
    return Line(number, words, (parts["field"] or "").lower(), pattern, needs, outcome)


def _is_expression(words: str) -> bool:
    return len(words) > 2 and words.startswith("/") and words.endswith("/")


def _expression(words: str) -> str:
    if _is_expression(words):
        return words[1:-1]
    within = r"\s+".join(r"[\pL\pN]*".join(re2.escape(part) for part in word.split("*")) for word in words.split())
    return rf"(?:^|[^\pL\pN])(?P<whole>{within})(?:$|[^\pL\pN])"
