"""Filling an empty site."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.management.color import no_style
from django.db import connection, transaction

from bench.content import articles, replies
from bench.content.writing import Author
from comments.models import Comment
from ketablog import planning
from ketablog.accounts import User
from ketablog.batches import in_batches
from ketablog.site import SiteSettings
from posts import search
from posts.models import Category, Image, Person, Post, Question, Reference, SearchEntry, Tag

SIMILAR = 12
FILLED = [Post, Comment, Category, Tag, Person, Image]


class NotEmpty(Exception):
    """The database holds something already; the message says what."""


@dataclass(frozen=True, slots=True)
class Made:
    articles: int
    replies: int
    words: int


def fill(
    articles_wanted: int, replies_wanted: int, *, seed: int, tell: Callable[[str], object] = lambda _line: None
) -> Made:
    """Fill an empty database; `tell` hears of the progress. Raises `NotEmpty`, and then nothing was changed.

    Rows are numbered from 1, so that the same seed gives the same rows on every database. Addresses alone are encrypted
    anew each time.
    """
    require_empty()
    author = Author(seed)
    shares = replies.shares(author, articles_wanted, replies_wanted)
    named = [f"replies-{number}" for number in replies.named_within(replies_wanted)]
    slugs = (named + [""] * articles_wanted)[:articles_wanted]
    _settle_in()
    staff = User(username="bench-nurse", first_name="Nora", last_name="Lane", email="nurse@example.org", is_staff=True)
    staff.set_unusable_password()
    staff.save()
    for done in _each_in_one_transaction(articles.fill(author, slugs, staff)):
        tell(f"{done:,} of {articles_wanted:,} articles")
    for done in _each_in_one_transaction(replies.fill(author, shares, staff)):
        tell(f"{done:,} of {sum(shares):,} replies")
    _count_on()
    tell("the search reads all articles")
    _articles, words = search.rebuild(and_likeness=False)
    _relate(author)
    planning.look_again()
    return Made(len(slugs), sum(shares), words)


def _settle_in() -> None:
    """Nothing of it is too old to be kept: what the worker forgets on its first day would be missing afterwards."""
    site = SiteSettings.objects.filter(pk=1).first() or SiteSettings(pk=1)
    site.keep_addresses_days, site.keep_spam_days, site.keep_removed_days = 0, 3650, 3650
    site.save()


def require_empty() -> None:
    """Raises `NotEmpty` where a row is in the way."""
    for model in FILLED:
        if number := model._default_manager.count():
            raise NotEmpty(
                f"This database holds {number:,} {model._meta.verbose_name_plural}; content for measuring goes into an "
                "empty one only. Set DATA_DIR or DATABASE_URL to another, and run manage.py migrate there."
            )


def _each_in_one_transaction(steps: Iterator[int]) -> Iterator[int]:
    while True:
        with transaction.atomic():
            done = next(steps, None)
        if done is None:
            return
        yield done


def _relate(author: Author) -> None:
    """Let the dice say which articles are alike: to find out takes a long while where there are thousands."""
    everybody = range(1, Post.objects.count() + 1)
    for batch in in_batches(SearchEntry.objects.only("pk")):
        for entry in batch:
            others = author.dice.sample(everybody, k=min(SIMILAR + 1, len(everybody)))
            entry.similar = [pk for pk in others if pk != entry.pk][:SIMILAR]
        SearchEntry.objects.bulk_update(batch, ["similar"])


def _count_on() -> None:
    """Rows that come later get the numbers after ours; PostgreSQL has to be told."""
    for sql in connection.ops.sequence_reset_sql(no_style(), [*FILLED, Question, Reference]):
        with connection.cursor() as cursor:
            cursor.execute(sql)
