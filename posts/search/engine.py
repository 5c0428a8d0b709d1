"""What a database must do for the search, and which one does it."""

from collections.abc import Sequence
from typing import Protocol

from django.db import connection as default
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from posts.models import SearchWord
from posts.search import postgresql, sqlite
from posts.search.queries import Query
from posts.search.ranking import Ranking

ENGINES: dict[str, "Engine"] = {"sqlite": sqlite.Fts5(), "postgresql": postgresql.FullText()}


class Engine(Protocol):
    """An index over the texts of `SearchEntry` that the database itself keeps, whoever writes them."""

    def prepare(self, connection: BaseDatabaseWrapper) -> None:
        """Make what is missing of the index. Repeatable; quick where nothing is missing."""

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        """Take the index away, before the table of the entries goes."""

    def is_whole(self, connection: BaseDatabaseWrapper) -> bool:
        """Whether nothing is missing."""

    def renew(self, connection: BaseDatabaseWrapper) -> None:
        """Make the index anew from the entries."""

    # `without`: the ids of the articles that count as not being there.

    def having_all(self, query: Query, without: QuerySet) -> Ranking:
        """The articles that have every phrase: the best first, among equals the newest."""

    def having_any(self, words: Sequence[str], without: QuerySet) -> Ranking:
        """The articles that have one of the folded words: the best first, among equals the newest."""

    def used(self, words: QuerySet[SearchWord], without: QuerySet) -> QuerySet[SearchWord]:
        """Those of the words that an article has."""


def engine_of(connection: BaseDatabaseWrapper) -> Engine:
    """The engine for a connection. Raises `KeyError` for a database that is neither SQLite nor PostgreSQL."""
    return ENGINES[connection.vendor]


def engine() -> Engine:
    """The engine of the site's database."""
    return engine_of(default)
