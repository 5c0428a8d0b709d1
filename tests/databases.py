"""Databases beside the suite's own, of the engine that the suite runs on, for programs in processes of their own."""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ON_POSTGRESQL = os.environ["DATABASE_URL"].startswith("postgres")


@contextmanager
def another_database(folder: Path) -> Iterator[str]:
    """The URL of an empty database, gone with the block; a file of SQLite lies in this folder."""
    if not ON_POSTGRESQL:
        yield f"sqlite:///{folder}/ketablog.sqlite3"
        return
    import psycopg

    ours = os.environ["DATABASE_URL"]
    name = f"test_ketablog_{uuid.uuid4().hex}"
    with closing(psycopg.connect(ours, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(ours)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def select(url: str, statement: str) -> list[tuple]:
    """What the database of this URL answers."""
    if ON_POSTGRESQL:
        import psycopg

        with closing(psycopg.connect(url)) as connection:
            return connection.execute(statement).fetchall()
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return connection.execute(statement).fetchall()
