"""Which parts of a reply are personal data, as people are shown them, and the reply without them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from comments import clinic
from comments.known import Known
from comments.rules import personal_data
from comments.rules.personal_data import NOBODY_KNOWN, Part, Piece, cut
from comments.rules.personal_data.words import KINDS
from ketablog import site

if TYPE_CHECKING:
    from comments.models import Comment

AROUND = 60  # Characters beside a part that tell where it stands.


@dataclass(frozen=True, slots=True)
class Parts:
    """What was found in a reply's name and text. Nothing found is as good as `False`."""

    name: str
    text: str
    in_name: list[Part] = field(default_factory=list)
    in_text: list[Part] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, text: str, known: Known) -> Parts:
        return cls(name, text, personal_data.contacts(name, known), personal_data.find(text, known))

    def __bool__(self) -> bool:
        return bool(self.in_name or self.in_text)

    @property
    def kinds(self) -> list[str]:
        return list(dict.fromkeys(part.kind for part in (*self.in_name, *self.in_text)))

    @property
    def words(self) -> list[str]:
        """Each kind in words, with where it stands if that is not the text."""
        words = [str(KINDS[kind]) for kind in dict.fromkeys(part.kind for part in self.in_text)]
        names = dict.fromkeys(part.kind for part in self.in_name)
        return words + [_("%(what)s in the name") % {"what": KINDS[kind]} for kind in names]

    @property
    def pieces(self) -> list[Piece]:
        """The whole text, cut at its parts."""
        return cut(self.text, self.in_text)

    @property
    def name_pieces(self) -> list[Piece]:
        return cut(self.name, self.in_name) if self.in_name else []

    @property
    def excerpt(self) -> list[Piece]:
        """The parts with some words around each."""
        pieces = self.pieces
        last = len(pieces) - 1
        return [
            piece if piece.kind else Piece(_shorten(piece.text, is_first=place == 0, is_last=place == last))
            for place, piece in enumerate(pieces)
        ]

    def redacted(self) -> tuple[str, str]:
        """The name and the text with a placeholder for each part, and nothing left to find."""
        return _redact_all(self.name, self.in_name), _redact_all(self.text, self.in_text)


def found_in(comment: Comment, known: Known | None = None) -> Parts:
    """The parts of a reply as it reads now. What the clinic has made public is looked up where anything is found."""
    parts = Parts.of(comment.name, comment.source, known or NOBODY_KNOWN)
    if parts and known is None:
        return Parts.of(comment.name, comment.source, clinic.known(site.current()))
    return parts


def _redact_all(text: str, parts: list[Part]) -> str:
    while parts:
        text = personal_data.redact(text, parts)
        # Where a part is gone, what stood beside it may read as another one.
        parts = personal_data.find(text)
    return text


def _shorten(text: str, *, is_first: bool, is_last: bool) -> str:
    head, tail = ("" if is_first else text[:AROUND]), ("" if is_last else text[-AROUND:])
    return text if len(text) <= len(head) + len(tail) else f"{head}…{tail}"
