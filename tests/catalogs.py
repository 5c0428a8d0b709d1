"""Translation catalogs as tests read them: the source (.po), the compiled file (.mo), and a pretended language."""

import ast
import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from django.utils.translation import trans_real

from ketablog import moments
from ketablog.markup import molds

FIELD = re.compile(r'(msg\w+(?:\[\d\])?) (".*")')
CONTEXT_END = "\x04"


@dataclass(frozen=True)
class Entry:
    """One message: its words in English, the plural among them or empty, and what they became."""

    english: str
    plural: str
    translations: tuple[str, ...]
    notes: tuple[str, ...]


def read_po(path: Path) -> dict[str, Entry]:
    """Every entry by its words (after its context, where it has one), without the header."""
    entries = {}
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if field := FIELD.fullmatch(line):
                name, line = field[1], field[2]
            fields[name] = fields.get(name, "") + ast.literal_eval(line)
        if fields.get("msgid"):
            context = fields["msgctxt"] + CONTEXT_END if "msgctxt" in fields else ""
            translations = tuple(text for name, text in fields.items() if name.startswith("msgstr"))
            notes = tuple(line for line in block.splitlines() if line.startswith("#"))
            entries[context + fields["msgid"]] = Entry(
                fields["msgid"], fields.get("msgid_plural", ""), translations, notes
            )
    return entries


def read_mo(path: Path) -> dict[str, tuple[str, ...]]:
    """What each message became, in all its plural forms."""
    with path.open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog
    forms: dict[str, dict[int, str]] = {}
    for key, text in catalog.items():
        words, number = key if isinstance(key, tuple) else (key, 0)
        if words:
            forms.setdefault(words, {})[number] = text
    return {words: tuple(texts[number] for number in sorted(texts)) for words, texts in forms.items()}


@contextmanager
def bracketed_english() -> Iterator[None]:
    """English in which each translated text stands in brackets, so that what was never translated shows."""
    english = trans_real.translation("en")

    def bracket(text: str) -> str:
        # A list of links is taken apart by the program: it is no sentence.
        return text if " | " in text else f"⟦{text.rpartition(CONTEXT_END)[2]}⟧"

    with (
        patch.object(english, "gettext", bracket),
        patch.object(english, "ngettext", lambda one, many, n: bracket(one if n == 1 else many)),
        # What was made in plain English before is kept under its language.
        patch.object(molds, "settings", SimpleNamespace(DEBUG=True)),
        patch.object(moments, "_in_words", moments._in_words.__wrapped__),
    ):
        yield
