"""Which replies were erased, by number: a database that was restored from an older backup has them still.

`export` before restoring, `apply_again` after it. What is erased by its age is not written down, as `apply_retention`
does it again by itself.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from comments import erasing
from comments.models import Comment
from comments.mydata.models import Erasure, Kind
from ketablog.batches import SIZE

NO_ENTRY = "This is no entry of the ledger of erased replies."
LARGEST_NUMBER = 2**63  # As far as a database counts.
Entry = Mapping[str, Any]


def write(kind: Kind, replies: Iterable[tuple[int, datetime]], *, at: datetime | None = None, name: str = "") -> None:
    """Write down that these replies, each with when it was written, are erased. Within the caller's transaction."""
    at = at or timezone.now()
    rows = (Erasure(reply=pk, written_at=written, kind=kind, name=name, at=at) for pk, written in replies)
    Erasure.objects.bulk_create(rows, batch_size=SIZE, ignore_conflicts=True)


def export() -> list[dict[str, object]]:
    """What was erased so far, the oldest first, as JSON can hold it: no text, no address, no name but neutral ones."""
    return [
        {
            "reply": row.reply,
            "written_at": row.written_at.isoformat(),
            "kind": row.kind,
            "name": row.name,
            "at": row.at.isoformat(),
        }
        for row in Erasure.objects.order_by("at", "pk").iterator(chunk_size=SIZE)
    ]


def apply_again(entries: Iterable[Entry]) -> dict[str, int]:
    """Erase what these entries of `export` say was erased, and write it down here too. Returns how many replies that
    were, for each kind; those that are erased already are not counted, so it may be called again.

    A reply that only has the number of an erased one, and was written at another moment, is left alone. Raises
    `ValueError` for what is no entry; nothing is changed then.
    """
    erasures = sorted((_read(entry) for entry in entries), key=lambda erasure: erasure.at)
    counts = dict.fromkeys(Kind.values, 0)
    with transaction.atomic():
        for batch in _alike(erasures):
            Erasure.objects.bulk_create(batch, ignore_conflicts=True)
            counts[batch[0].kind] += _apply(batch)
    return counts


def _read(entry: Entry) -> Erasure:
    try:
        number, kind, name = entry["reply"], Kind(entry["kind"]), entry["name"]
        written_at, at = (datetime.fromisoformat(entry[field]) for field in ("written_at", "at"))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(NO_ENTRY) from error
    is_number = type(number) is int and 0 < number < LARGEST_NUMBER
    is_named = isinstance(name, str) and bool(name) == (kind in (Kind.RENAMED, Kind.UNNAMED)) and len(name) <= 100
    if not is_number or not is_named or timezone.is_naive(written_at) or timezone.is_naive(at):
        raise ValueError(NO_ENTRY)
    return Erasure(reply=number, written_at=written_at, kind=kind, name=name, at=at)


def _alike(erasures: list[Erasure]) -> Iterable[list[Erasure]]:
    """In lists of what was done at once."""
    batch: list[Erasure] = []
    for erasure in erasures:
        if batch and (len(batch) == SIZE or _what(batch[0]) != _what(erasure)):
            yield batch
            batch = []
        batch.append(erasure)
    if batch:
        yield batch


def _what(erasure: Erasure) -> tuple[str, str, datetime]:
    return erasure.kind, erasure.name, erasure.at


def _apply(batch: list[Erasure]) -> int:
    kind, name, at = _what(batch[0])
    written = dict(Comment.objects.filter(pk__in=[row.reply for row in batch]).values_list("pk", "created_at"))
    ids = [row.reply for row in batch if written.get(row.reply) == row.written_at]
    if kind == Kind.DELETED:
        return Comment.objects.filter(pk__in=ids).delete()[1].get(Comment._meta.label, 0)
    if kind in (Kind.RENAMED, Kind.UNNAMED):
        return erasing.unname(ids, name=name)
    return erasing.empty(ids, at=at, because=erasing.because(Kind(kind)))
