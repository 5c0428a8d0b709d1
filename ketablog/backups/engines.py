"""The module that copies and replaces the database, by its engine."""

from types import ModuleType

from django.db import connection

from ketablog.backups import postgresql, sqlite


def engine() -> ModuleType:
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]
