"""The words that articles use: in how many, and how they are spelled."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from posts.models import SearchEntry, SearchWord

SHORTEST = 3
LONGEST_SHOWN = 80
AT_ONCE = 500


def is_telling(word: str) -> bool:
    """Whether it is kept: no number, and no two letters of Latin, which say nothing in any language."""
    return not word.isdigit() and (len(word) >= SHORTEST or not word.isascii())


def words_of(entry: SearchEntry) -> set[str]:
    """The folded words of an entry that are kept."""
    found = f"{entry.title} {entry.summary} {entry.tags} {entry.body}".split()
    return {word for word in found if is_telling(word)}


def count(words: set[str], before: set[str], spellings: Mapping[str, str]) -> None:
    """Note that an article now uses these words, and no longer those of before."""
    _change(words - before, +1, spellings)
    _change(before - words, -1, spellings)


def replace(counts: Mapping[str, int], spellings: Mapping[str, str]) -> None:
    """Note how many articles use each word, and forget all others."""
    rows = [_row(word, spellings.get(word, word), articles) for word, articles in sorted(counts.items())]
    with transaction.atomic():
        SearchWord.objects.all().delete()
        SearchWord.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def _change(words: set[str], by: int, spellings: Mapping[str, str]) -> None:
    """A batch at a time, locked in one order: two who save at once wait for each other, and never both."""
    ordered = sorted(words)
    for start in range(0, len(ordered), AT_ONCE):
        batch = ordered[start : start + AT_ONCE]
        known = SearchWord.objects.filter(word__in=batch)
        with transaction.atomic():
            missing = set(batch).difference(known.values_list("word", flat=True)) if by > 0 else set()
            rows = [_row(word, spellings.get(word, word), 0) for word in sorted(missing)]
            SearchWord.objects.bulk_create(rows, ignore_conflicts=True)
            locked = list(known.order_by("word").select_for_update().values_list("word", flat=True))
            SearchWord.objects.filter(word__in=locked, articles__gte=-by).update(articles=F("articles") + by)


def _row(word: str, spelling: str, articles: int) -> SearchWord:
    shown = spelling[:LONGEST_SHOWN]
    return SearchWord(word=word, shown=shown, head=word[:2], tail=word[-2:], length=len(word), articles=articles)
