"""The search on PostgreSQL: a column of weighted words that the database makes of each entry, with a GIN index.

The configuration `simple` compares words as they are: `folding.py` made them alike already, in any language.
Columns the generated one is made of cannot be altered: a migration that does so calls `remove()` first.
"""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from posts.models import SearchWord
from posts.plain_sql import sql_of
from posts.search.queries import Phrase, Query
from posts.search.ranking import Ranking

ENTRIES = "posts_searchentry"
COLUMN = "vector"
WORD = "posts_searchword.word"
INDEX = "posts_search_vector"
WEIGHTS = {"title": "A", "summary": "B", "tags": "B", "body": "D"}
# Of D, C, B and A: many mentions count little more than one (ts_rank), so that a title outweighs any body.
RANK = f"-ts_rank('{{0.02, 0.1, 0.2, 1.0}}', {ENTRIES}.{COLUMN}, to_tsquery('simple', %s))"

_VECTOR = " || ".join(f"setweight(to_tsvector('simple', {name}), '{weight}')" for name, weight in WEIGHTS.items())
STATEMENTS = [
    f"ALTER TABLE {ENTRIES} ADD COLUMN IF NOT EXISTS {COLUMN} tsvector GENERATED ALWAYS AS ({_VECTOR}) STORED",
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON {ENTRIES} USING gin ({COLUMN})",
]


class FullText:
    def prepare(self, connection: BaseDatabaseWrapper) -> None:
        # Asked first: ALTER TABLE would wait for every reader, even where it changes nothing.
        if not self.is_whole(connection):
            _run(connection, STATEMENTS)

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        _run(connection, [f"ALTER TABLE IF EXISTS {ENTRIES} DROP COLUMN IF EXISTS {COLUMN}"])

    def is_whole(self, connection: BaseDatabaseWrapper) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [INDEX])
            return cursor.fetchone()[0]

    def renew(self, connection: BaseDatabaseWrapper) -> None:
        """Nothing can be stale in a column that the database makes itself."""

    def having_all(self, query: Query, without: QuerySet) -> Ranking:
        ranked = " | ".join(map(_words, query.phrases))
        return self._matching(" & ".join(map(_phrase, query.phrases)), ranked, without)

    def having_any(self, words: Sequence[str], without: QuerySet) -> Ranking:
        expression = " | ".join(f"'{word}'" for word in words)
        return self._matching(expression, expression, without)

    def used(self, words: QuerySet[SearchWord], without: QuerySet) -> QuerySet[SearchWord]:
        left_out, params = sql_of(without)
        has_it = f"{COLUMN} @@ to_tsquery('simple', quote_literal({WORD})) AND post_id NOT IN ({left_out})"
        used = f"EXISTS (SELECT 1 FROM {ENTRIES} WHERE {has_it})"  # noqa: S608 (constants, and SQL that Django made)
        return words.extra(where=[used], params=params)  # noqa: S610 (as above)

    def _matching(self, expression: str, ranked: str, without: QuerySet) -> Ranking:
        matches = f"{COLUMN} @@ to_tsquery('simple', %s)"
        return Ranking(ENTRIES, "post_id", RANK, [ranked], matches, [expression], without)


def _phrase(phrase: Phrase) -> str:
    """Quoted, so that no word is taken for an operator. A word is of letters and digits alone."""
    *first, last = (f"'{word}'" for word in phrase.words)
    return f"({' <-> '.join([*first, last + (':*' if phrase.is_open else '')])})"


def _words(phrase: Phrase) -> str:
    """Its words for ranking: words joined by `&` or `<->` would be ranked by how often they stand close together."""
    *first, last = (f"'{word}'" for word in phrase.words)
    return " | ".join([*first, last + (":*" if phrase.is_open else "")])


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
