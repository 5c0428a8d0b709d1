"""What moves the version: whatever writes to a table that readers see, found where statements reach the database.

The row of a `Change` is written in the same transaction: after a crash between commit and answer it tells the keeper
that something changed.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from ketablog.pagecache.mirrors import mirror, new_version

logger = logging.getLogger("ketablog.pagecache")
READ = re.compile(r"\s*SELECT\b", re.IGNORECASE)
# Anywhere in a statement: what begins with WITH or a comment may write too.
WRITE = re.compile(
    r"\b(?:(?:INSERT(?: OR \w+)?|REPLACE|MERGE)\s+INTO|UPDATE(?: OR \w+)?|DELETE\s+FROM|TRUNCATE(?: TABLE)?|COPY)"
    r"(?:\s+ONLY)?\s+(?:\"?\w+\"?\.)?\"?(\w+)",
    re.IGNORECASE,
)
_known_tables: dict[str, frozenset[str]] = {}
_is_unseen: ContextVar[bool] = ContextVar("is_unseen", default=False)


class Change(models.Model):
    """Something that readers see was changed; that is all it tells."""

    class Meta:
        verbose_name = "change"
        verbose_name_plural = "changes"

    def __str__(self) -> str:
        return str(self.pk)


class _Done:
    """What follows the commit: the version is another one before anybody is answered."""

    def __init__(self, change: str) -> None:
        self.change = change

    def __call__(self) -> None:
        _tell("done", self.change)


@cache
def public_tables() -> frozenset[str]:
    """All tables of ours but those of the models that their app says are `never_shown`."""
    ours = [config for config in apps.get_app_configs() if hasattr(config, "never_shown")]
    models_of = [(config, config.get_models(include_auto_created=True)) for config in ours]
    shown = [model for config, found in models_of for model in found if model.__name__ not in config.never_shown]
    return frozenset(model._meta.db_table for model in shown)


@contextmanager
def unseen() -> Iterator[None]:
    """What is written within is seen by no reader yet."""
    token = _is_unseen.set(True)
    try:
        yield
    finally:
        _is_unseen.reset(token)


def follow(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Stands around each statement (`connection.execute_wrappers`)."""
    if not _is_public_write(sql) or _is_unseen.get():
        return execute(sql, params, many, context)
    connection: BaseDatabaseWrapper = context["connection"]
    if connection.in_atomic_block:
        if not any(isinstance(entry[1], _Done) for entry in connection.run_on_commit):
            connection.on_commit(_begin(connection))
        return execute(sql, params, many, context)
    done = _begin(connection)
    try:
        return execute(sql, params, many, context)
    finally:
        done()


def watch(*, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Follow what this connection writes."""
    if follow not in connection.execute_wrappers:
        connection.execute_wrappers.append(follow)


def renew() -> bool:
    """All pages are made anew, as something else than the database changed, such as the code. Whether it was told."""
    return _tell("renew")


def renew_after_migrating(**kwargs: object) -> None:
    """A migration may change what readers see in ways that are no statement of ours."""
    renew()


def reconcile() -> None:
    """Let the mirror know of changes whose end it may not have heard of. Raises what the database raises."""
    stored = {str(pk) for pk in Change.objects.values_list("pk", flat=True)}
    if over := mirror().reconcile(stored):
        Change.objects.filter(pk__in=over).delete()


def _begin(connection: BaseDatabaseWrapper) -> _Done:
    is_ready = Change._meta.db_table in _tables(connection)
    change = str(Change.objects.using(connection.alias).create().pk) if is_ready else new_version()
    _tell("begin", change)
    return _Done(change)


def _tables(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """The tables there are, asked again until ours is among them: migrations before it write to public tables too."""
    found = _known_tables.get(connection.alias, frozenset())
    if Change._meta.db_table not in found:
        found = _known_tables[connection.alias] = frozenset(connection.introspection.table_names())
    return found


def _tell(what: str, *arguments: str) -> bool:
    """A folder that is full or read-only fails nobody's change; the keeper sees the row."""
    try:
        getattr(mirror(), what)(*arguments)
    except OSError as error:
        logger.error("the version of pages could not be moved: %s", type(error).__name__)
        return False
    return True


def _is_public_write(sql: str) -> bool:
    return not READ.match(sql) and any(found[1] in public_tables() for found in WRITE.finditer(sql))
