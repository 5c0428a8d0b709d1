"""What the database knows of its tables when it plans how to answer."""

from django.db import connection

ROWS_LOOKED_AT = 1000  # Of each index, so that a large table takes no longer than a small one.
FEWEST_ROWS = 1000
# A count is a row of a table's numbers, of which the first is how many rows it has.
AT_LEAST = """
    UPDATE sqlite_stat1 SET stat = %s || substr(stat, instr(stat || ' ', ' '))
    WHERE CAST(stat AS INTEGER) < %s"""


def look_again() -> None:
    """Let the database count anew what its plans stand on. PostgreSQL does so by itself; SQLite only when it is told,
    and with counts of some tables and none of others it plans worse than with none.

    No table counts as smaller than `FEWEST_ROWS`: one of three rows would be read whole each time, and may have
    thousands before the next day.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
            cursor.execute("ANALYZE")
            cursor.execute(AT_LEAST, [str(FEWEST_ROWS), FEWEST_ROWS])
            cursor.execute("ANALYZE sqlite_schema")  # Reads the counts again.
