"""Addresses of pages, each made once: one page of articles holds dozens."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse


def path_of(view: str, *args: object) -> str:
    """The address of a view. Raises `NoReverseMatch` where it has none for these arguments."""
    return _made(get_script_prefix(), get_urlconf(), view, args)


@lru_cache(2000)
def _made(prefix: str, urlconf: str | None, view: str, args: tuple[object, ...]) -> str:
    return reverse(view, urlconf, args=args)
