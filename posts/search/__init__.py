"""Finding articles by what they say, the same on SQLite and PostgreSQL."""

from posts.search.finding import Hit, Results, find
from posts.search.indexing import bring_up_to_date, index, rebuild

__all__ = ["Hit", "Results", "bring_up_to_date", "find", "index", "rebuild"]
