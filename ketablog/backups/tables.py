"""Which tables a backup holds, and whether a database holds anything yet."""

from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection

from ketablog.backups.manifest import LEFT_OUT
from ketablog.counters import Tally


@dataclass(frozen=True)
class Contents:
    """The rows of each table, and the migrations that were applied."""

    rows: dict[str, int]
    migrations: list[str]


def left_out_tables() -> list[str]:
    return [model._meta.db_table for label in LEFT_OUT for model in apps.get_app_config(label).get_models()]


def kept_tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted({*names, "django_migrations"} - set(left_out_tables()))


def is_readable() -> bool:
    """Whether the present database can be read at all."""
    try:
        connection.introspection.table_names()
    except DatabaseError:
        return False
    return True


def has_content() -> bool:
    """Whether somebody has put anything into the present database."""
    there = set(connection.introspection.table_names())
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    models = [model for app in ours for model in app.get_models() if model is not Tally]
    return any(model._base_manager.exists() for model in models if model._meta.db_table in there)


def is_prepared() -> bool:
    """Whether the present database has tables."""
    return "django_migrations" in connection.introspection.table_names()
