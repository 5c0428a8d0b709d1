"""Addresses made from titles."""

from django.db import models
from django.utils.text import slugify

from ketablog.markup import one_line


def free_slug(row: models.Model, title: str) -> str:
    """The slug of a title, in its own letters, that no other row of the same model has."""
    field = row._meta.get_field("slug")
    wanted = slugify(one_line(title), allow_unicode=True)[: field.max_length - 6].strip("-_") or "untitled"
    others = type(row)._default_manager.exclude(pk=row.pk)
    taken = set(others.filter(slug__startswith=wanted).values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
