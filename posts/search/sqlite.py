"""The search on SQLite: an FTS5 table over the entries, which triggers keep in step.

The tokenizer `ascii` parts at spaces and takes every letter beyond ASCII as it is, so that it finds the very words
that `folding.py` made. Whoever alters the table of the entries makes SQLite forget its triggers; `prepare()` brings
them back after every migration.
"""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from posts.models import SearchWord
from posts.plain_sql import sql_of
from posts.search.queries import Phrase, Query
from posts.search.ranking import Ranking

INDEX = "posts_search"
ENTRIES = "posts_searchentry"
WORD = "posts_searchword.word"
COLUMNS = "title, summary, tags, body"
TRIGGERS = ("posts_search_added", "posts_search_deleted", "posts_search_changed")
# One mention in a title outweighs any number in a summary, and one there nearly any number in a body.
RANK = f"bm25({INDEX}, 1000.0, 30.0, 30.0, 1.0)"

_ADD = """INSERT INTO posts_search (rowid, title, summary, tags, body)
    VALUES (new.post_id, new.title, new.summary, new.tags, new.body);"""
_DROP = """INSERT INTO posts_search (posts_search, rowid, title, summary, tags, body)
    VALUES ('delete', old.post_id, old.title, old.summary, old.tags, old.body);"""
STATEMENTS = [
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5({COLUMNS}, content='{ENTRIES}', content_rowid='post_id', "
    "tokenize='ascii', prefix='2 3')",
    f"CREATE TRIGGER IF NOT EXISTS {TRIGGERS[0]} AFTER INSERT ON {ENTRIES} BEGIN {_ADD} END",
    f"CREATE TRIGGER IF NOT EXISTS {TRIGGERS[1]} AFTER DELETE ON {ENTRIES} BEGIN {_DROP} END",
    f"CREATE TRIGGER IF NOT EXISTS {TRIGGERS[2]} AFTER UPDATE OF {COLUMNS} ON {ENTRIES} BEGIN {_DROP} {_ADD} END",
]


class Fts5:
    def prepare(self, connection: BaseDatabaseWrapper) -> None:
        missing = self._missing(connection)
        if missing:
            _run(connection, STATEMENTS)
        if missing - {INDEX}:
            # What was written without triggers is in the table and not in the index.
            self.renew(connection)

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        _run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS] + [f"DROP TABLE IF EXISTS {INDEX}"])

    def is_whole(self, connection: BaseDatabaseWrapper) -> bool:
        return not self._missing(connection)

    def renew(self, connection: BaseDatabaseWrapper) -> None:
        _run(connection, ["INSERT INTO posts_search (posts_search) VALUES ('rebuild')"])

    def having_all(self, query: Query, without: QuerySet) -> Ranking:
        return self._matching(" AND ".join(map(_phrase, query.phrases)), without)

    def having_any(self, words: Sequence[str], without: QuerySet) -> Ranking:
        return self._matching(" OR ".join(f'"{word}"' for word in words), without)

    def used(self, words: QuerySet[SearchWord], without: QuerySet) -> QuerySet[SearchWord]:
        left_out, params = sql_of(without)
        has_it = f"""{INDEX} MATCH '"' || {WORD} || '"' AND +rowid NOT IN ({left_out})"""
        used = f"EXISTS (SELECT 1 FROM {INDEX} WHERE {has_it})"  # noqa: S608 (constants, and SQL that Django made)
        return words.extra(where=[used], params=params)  # noqa: S610 (as above)

    def _matching(self, expression: str, without: QuerySet) -> Ranking:
        return Ranking(INDEX, "rowid", RANK, [], f"{INDEX} MATCH %s", [expression], without)

    def _missing(self, connection: BaseDatabaseWrapper) -> set[str]:
        wanted = {INDEX, *TRIGGERS}
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")
            return wanted - {name for (name,) in cursor.fetchall()}


def _phrase(phrase: Phrase) -> str:
    """Quoted, so that no word is taken for an operator. A word is of letters and digits alone."""
    return f'"{" ".join(phrase.words)}"{" *" if phrase.is_open else ""}'


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
