"""What belongs to an article, read in the article's own query.

Each relation comes as one JSON column and stands afterwards where `prefetch_related` would have put it, so that
`post.references.all()` asks nobody. With a query for each relation a page took twelve.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, JSONField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.db.models.query import ModelIterable

COLUMN = "rows_of_{}"


class Rows(Subquery):
    """The rows of a queryset as a list of objects, in their order."""

    output_field = JSONField()

    def __init__(self, queryset: QuerySet, *followed: str) -> None:
        row = _columns(queryset.model)
        for name in followed:
            row[name] = JSONObject(**_columns(queryset.model._meta.get_field(name).related_model, f"{name}__"))
        super().__init__(queryset.values(row=JSONObject(**row)))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template='(SELECT json_group_array(json("row")) FROM (%(subquery)s))', **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        template = "(SELECT COALESCE(jsonb_agg(\"row\"), '[]'::jsonb) FROM (%(subquery)s) AS rows)"
        return self.as_sql(compiler, connection, template=template, **context)


def _columns(model: Any, prefix: str = "") -> dict[str, Any]:
    return {field.attname: F(f"{prefix}{field.attname}") for field in model._meta.concrete_fields}


class PostsWithRelations(ModelIterable):
    """Fills the relations of each article from the `columns()` that it was annotated with."""

    def __iter__(self) -> Iterator[Any]:
        for post in super().__iter__():
            for name in RELATIONS:
                if (column := COLUMN.format(name)) in post.__dict__:
                    _fill(post, name, post.__dict__.pop(column))
            yield post


# By name: the foreign keys that are followed.
RELATIONS: dict[str, tuple[str, ...]] = {
    "tags": (),
    "references": (),
    "attachments": (),
    "corrections": (),
    "reviews": ("reviewer",),
    "questions": ("answered_by",),
}


def columns(post_model: type[Model], *names: str) -> dict[str, Rows]:
    """What to annotate articles with, for `PostsWithRelations`: these relations, or all."""
    wanted = names or RELATIONS
    return {COLUMN.format(name): Rows(_of_outer_post(post_model, name), *RELATIONS[name]) for name in wanted}


def _of_outer_post(post_model: type[Model], name: str) -> QuerySet:
    field: Any = post_model._meta.get_field(name)
    backwards = field.remote_field.name
    return field.related_model._default_manager.filter(**{backwards: OuterRef("pk")})


def _fill(post: Any, name: str, rows: list[dict[str, Any]]) -> None:
    queryset = getattr(post, name).all()
    queryset._result_cache = [_instance(queryset, row, RELATIONS[name]) for row in rows]
    queryset._prefetch_done = True
    post.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset


def _instance(queryset: QuerySet, row: dict[str, Any], followed: tuple[str, ...]) -> Any:
    instance = _from_row(queryset.model, row, queryset.db)
    for name in followed:
        field = queryset.model._meta.get_field(name)
        leads_on = row[field.attname] is not None
        setattr(instance, name, _from_row(field.related_model, row[name], queryset.db) if leads_on else None)
    return instance


def _from_row(model: Any, row: dict[str, Any], db: str) -> Any:
    fields = model._meta.concrete_fields
    return model.from_db(db, [f.attname for f in fields], [_value(f, row[f.attname]) for f in fields])


def _value(field: Any, given: Any) -> Any:
    value = field.to_python(given)
    # SQLite keeps moments in UTC without saying so.
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
