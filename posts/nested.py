"""Rows that belong to other rows, fetched in the same query with them."""

from django.db.models import Aggregate, JSONField, Model, OuterRef, Subquery
from django.db.models.functions import JSONObject


class JSONList(Aggregate):
    """The values of a group as a JSON list, in no particular order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def nested(model: type[Model], key: str, **fields: str) -> Subquery:
    """The rows of `model` whose `key` is the outer row, as a list of dicts; `None` where there are none.

    `fields` names what each dict holds and where it comes from.
    """
    rows = model._default_manager.filter(**{key: OuterRef("pk")}).order_by()
    return Subquery(rows.values(key).values(rows=JSONList(JSONObject(**fields))), output_field=JSONField())
