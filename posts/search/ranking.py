"""The articles that were found, the best first, in SQL that SQLite and PostgreSQL both understand.

Nothing but the index is read of what is not shown: the rows of articles carry their texts along, and reading when
each of thousands was published took twice as long as ranking them. So that is asked only of those as good as the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from posts.plain_sql import ask, sql_of

COUNTED = "SELECT COUNT(*) FROM {found}"
RANKED = """
    WITH found AS MATERIALIZED (SELECT {pk} AS id, {rank} AS rank FROM {found})
    SELECT id FROM found
    WHERE rank <= (SELECT MAX(rank) FROM (SELECT rank FROM found ORDER BY rank LIMIT %s) AS best)
    ORDER BY rank, (SELECT published_at FROM posts_post WHERE posts_post.id = found.id) DESC, id DESC
    LIMIT %s OFFSET %s"""


@dataclass(frozen=True)
class Ranking:
    """Ids of articles, for a paginator. `rank` is an expression of SQL, the less the better, with its `rank_values`."""

    table: str
    pk: str
    rank: str
    rank_values: Sequence[object]
    matches: str
    match_values: Sequence[object]
    without: QuerySet

    def count(self) -> int:
        found, values = self._found()
        return ask(COUNTED.format(found=found), values)[0][0]

    def __getitem__(self, place: slice) -> list[int]:
        start, stop = place.start or 0, place.stop
        if start >= stop:
            return []  # A paginator cuts so where there is nothing.
        found, values = self._found()
        ranked = RANKED.format(pk=self.pk, rank=self.rank, found=found)
        return [pk for (pk,) in ask(ranked, [*self.rank_values, *values, stop, stop - start, start])]

    def _found(self) -> tuple[str, list[object]]:
        left_out, params = sql_of(self.without)
        # With the plus, SQLite asks its index for the words, not once for each article.
        found = f"{self.table} WHERE {self.matches} AND +{self.pk} NOT IN ({left_out})"
        return found, [*self.match_values, *params]
