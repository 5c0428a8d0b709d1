"""Addresses made from titles."""

from django.db import models
from django.utils.text import slugify

from ketablog.markup import one_line


def free_slug(row: models.Model, title: str) -> str:
    """The slug of a title, in its own letters, that no other row of the same model has."""
    longest = type(row).slug.field.max_length - len("-99999")  # type: ignore[attr-defined]
    wanted = slugify(one_line(title), allow_unicode=True)[:longest].strip("-_") or "untitled"
    others = type(row)._default_manager.exclude(pk=row.pk)
    taken = set(others.filter(slug__startswith=wanted).values_list("slug", flat=True))
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
