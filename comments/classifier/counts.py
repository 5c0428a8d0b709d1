"""The counts in the database: added up by the database itself, under keyed hashes."""

import hmac
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache, lru_cache
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In
from django.utils import timezone

from comments.classifier.model import Counts, Learned
from comments.classifier.models import LearnedWord
from ketablog.prepared import Given, Prepared
from ketablog.secrets import keyed_hash

REPLIES = 0  # The code of the row that counts replies.
SIZE = 200  # Rows a statement.
MOST_ROWS = 200_000
MOST_KNOWN = 10_000  # Codes that a process keeps: people use the same words, and a hash takes three microseconds.
FORGET_RARE_AFTER = timedelta(days=180)
Row = TypeVar("Row")


def code_of(value: str, *, purpose: str = "learned-word") -> int:
    """What a value is stored as: nobody without SECRET_KEY can test a guess against it."""
    return _code(value, purpose, settings.SECRET_KEY)


def recall(features: Collection[str]) -> Learned:
    """What was learned of these features, in one query; also what was learned under a former SECRET_KEY."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    known = {_code(feature, "learned-word", secret): feature for feature in features for secret in secrets}
    total = Counts()
    found: dict[str, Counts] = {}
    for code, spam, ham in _counts([REPLIES, *known]):
        if code == REPLIES:
            total = Counts(spam, ham)
        else:
            before = found.get(known[code], Counts())
            found[known[code]] = Counts(before.spam + spam, before.ham + ham)
    return Learned(total, found)


@Prepared
def _counts(codes: list[Given]) -> QuerySet[LearnedWord, tuple[int, int, int]]:
    return LearnedWord.objects.filter(In(F("code"), codes)).values_list("code", "spam", "ham")


def add(words: Mapping[int, Counts], replies: Counts) -> None:
    """Count these codes. Within a transaction: the row of the replies comes first, so that one learns at a time."""
    for rows in _in_lists([(REPLIES, replies), *sorted(words.items())]):
        _add_rows(rows)


def take_away(codes: Collection[int], *, is_spam: bool) -> None:
    """Count one reply less for these codes; nothing stays of what no other reply has. Within a transaction."""
    column = "spam" if is_spam else "ham"
    LearnedWord.objects.filter(code=REPLIES, **{f"{column}__gt": 0}).update(**{column: F(column) - 1})
    for some in _in_lists(sorted(codes)):
        rows = LearnedWord.objects.filter(code__in=some)
        rows.filter(**{f"{column}__gt": 0}).update(**{column: F(column) - 1})
        rows.filter(spam=0, ham=0).delete()


def prune() -> int:
    """Forget what was found in one reply alone and not again for half a year; and where the table is still too
    large, what was not found for longest. Returns how many rows that was."""
    words = LearnedWord.objects.exclude(code=REPLIES)
    old = timezone.now().date() - FORGET_RARE_AFTER
    gone = words.filter(Q(spam__lte=1, ham=0) | Q(spam=0, ham__lte=1), seen_on__lt=old).delete()[0]
    too_many = words.count() - MOST_ROWS
    if too_many > 0:
        oldest = list(words.order_by("seen_on", "code").values_list("code", flat=True)[:too_many])
        for some in _in_lists(oldest):
            gone += words.filter(code__in=some).delete()[0]
    return gone


def _add_rows(rows: Sequence[tuple[int, Counts]]) -> None:
    today = timezone.now().date()
    seen_on = connection.ops.adapt_datefield_value(today)
    values = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO comments_learnedword (code, spam, ham, seen_on) VALUES {values} "  # noqa: S608
            "ON CONFLICT (code) DO UPDATE SET spam = comments_learnedword.spam + excluded.spam, "
            "ham = comments_learnedword.ham + excluded.ham, seen_on = excluded.seen_on",
            [value for code, counts in rows for value in (code, counts.spam, counts.ham, seen_on)],
        )


def _in_lists(values: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(values), SIZE):
        yield values[start : start + SIZE]


@cache
def _key(purpose: str, secret: str) -> bytes:
    return bytes.fromhex(keyed_hash(purpose, "", secret=secret))


@lru_cache(MOST_KNOWN)
def _code(value: str, purpose: str, secret: str) -> int:
    digest = hmac.digest(_key(purpose, secret), value.encode(errors="surrogatepass"), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)
