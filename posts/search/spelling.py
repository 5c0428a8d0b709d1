"""What somebody may have meant whose search found nothing."""

from difflib import get_close_matches

from django.db.models import Q
from django.utils import timezone

from posts.models import SearchWord
from posts.reading import hidden
from posts.search.engine import engine
from posts.search.folding import Word, words
from posts.search.queries import Query

SHORTEST = 4  # Letters: shorter words have too many neighbors.
MOST_CORRECTED = 4
MOST_NEIGHBORS = 1000
LIKENESS = 0.75


def corrected(query: Query) -> str:
    """The query as it may have been meant; empty where nothing better is known. One query, of a bounded size."""
    doubtful = [word for word in words(query.typed) if len(word.folded) >= SHORTEST][:MOST_CORRECTED]
    known = _neighbors(doubtful)
    text = query.typed
    for word in reversed(doubtful):
        if word.folded not in known:
            others = [other for other in known if _is_near(other, word.folded)]
            if meant := get_close_matches(word.folded, others, n=1, cutoff=LIKENESS):
                text = text[: word.start] + known[meant[0]] + text[word.end :]
    return text if text != query.typed else ""


def _neighbors(doubtful: list[Word]) -> dict[str, str]:
    """How public words are spelled that begin or end as these do and are about as long: by their folded form.

    Were others known here, what is suggested and what is not would tell which words unpublished articles use.
    """
    if not doubtful:
        return {}
    near = Q(word__in=[word.folded for word in doubtful])
    for word in doubtful:
        lengths = {"length__range": _lengths(word.folded)}
        near |= Q(head=word.folded[:2], **lengths) | Q(tail=word.folded[-2:], **lengths)
    nearest = SearchWord.objects.filter(near, articles__gt=0).order_by("-articles", "word")[:MOST_NEIGHBORS]
    known = engine().used(SearchWord.objects.filter(pk__in=nearest.values("pk")), without=hidden(timezone.now()))
    return dict(known.order_by("-articles", "word").values_list("word", "shown"))


def _lengths(word: str) -> tuple[int, int]:
    slack = 1 if len(word) < 6 else 2
    return len(word) - slack, len(word) + slack


def _is_near(other: str, word: str) -> bool:
    least, most = _lengths(word)
    return least <= len(other) <= most and (other[:2] == word[:2] or other[-2:] == word[-2:])
