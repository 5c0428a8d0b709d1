"""Which articles say most like another one, kept with its entry and never worked out while a page is read."""

import math
from collections import Counter

from posts.models import Post, SearchEntry, SearchWord
from posts.search.engine import engine
from posts.search.vocabulary import is_telling

KEPT = 12  # More than a page shows: some may not be public.
TELLING_WORDS = 20
MOST_ASKED = 400
WEIGHTS = {"title": 6, "summary": 3, "body": 1}


def renew(pk: int) -> None:
    """Find the articles that say most like this one, best first. Three queries, and one to store them."""
    entry = SearchEntry.objects.filter(pk=pk).first()
    if entry is not None:
        words = telling_words(entry)
        itself = Post.objects.order_by().filter(pk=pk).values("pk")
        alike = engine().having_any(words, without=itself)[:KEPT] if words else []
        SearchEntry.objects.filter(pk=pk).update(similar=alike)


def telling_words(entry: SearchEntry) -> list[str]:
    """The words that say most of what the article is about: frequent in it, and not in all the others."""
    mentions: Counter[str] = Counter()
    for name, weight in WEIGHTS.items():
        for word in filter(is_telling, getattr(entry, name).split()):
            mentions[word] += weight
    asked = [word for word, _times in mentions.most_common(MOST_ASKED)]
    total = SearchEntry.objects.count()
    known = SearchWord.objects.filter(word__in=asked, articles__gt=1).values_list("word", "articles")
    worth = {word: math.sqrt(mentions[word]) * math.log(total / min(articles, total)) for word, articles in known}
    return sorted((word for word in worth if worth[word] > 0), key=lambda word: (-worth[word], word))[:TELLING_WORDS]
