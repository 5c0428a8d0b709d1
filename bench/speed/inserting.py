"""How many rows a second the database takes, each committed by itself: `python -m bench.speed.inserting SECONDS`."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any

TABLE = "bench_inserted"
CREATE = "CREATE TABLE IF NOT EXISTS {} ({}, said TEXT NOT NULL)".format
TEXT = "x" * 500


def on_sqlite(path: str) -> Callable[[], Any]:
    """What inserts a row, as durably as the site does."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(CREATE(TABLE, "id INTEGER PRIMARY KEY AUTOINCREMENT"))

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"INSERT INTO {TABLE} (said) VALUES (?)", [TEXT])  # noqa: S608 (a constant)
        connection.execute("COMMIT")

    return insert


def on_postgresql(url: str) -> Callable[[], Any]:
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    connection.execute(CREATE(TABLE, "id BIGSERIAL PRIMARY KEY").encode())
    statement = f"INSERT INTO {TABLE} (said) VALUES (%s)".encode()  # noqa: S608 (a constant)
    return lambda: connection.execute(statement, [TEXT], prepare=True)


def main(seconds: float) -> None:
    url = os.environ["DATABASE_URL"]
    scheme, _colon, rest = url.partition("://")
    insert = (
        on_sqlite(rest.removeprefix("/") if rest.startswith("//") else rest)
        if scheme == "sqlite"
        else on_postgresql(url)
    )
    number, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        insert()
        number += 1
    print(number / (time.perf_counter() - start))


if __name__ == "__main__":
    main(float(sys.argv[1]))
