"""What the database knows of its tables when it plans how to answer."""

from django.db import connection

ROWS_LOOKED_AT = 1000  # Of each index, so that a large table takes no longer than a small one.


def look_again() -> None:
    """Let the database count anew what its plans stand on. PostgreSQL does so by itself; SQLite only when it is told,
    and with counts of some tables and none of others it plans worse than with none.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
            cursor.execute("ANALYZE")
