"""A message to staff with a button that takes back what was just done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def offer(request: HttpRequest, sentence: StrOrPromise, fields: Mapping[str, object | Sequence[object]]) -> SafeString:
    """The sentence with a form that posts these fields to the address of the request; a list goes as several."""
    pairs = [(name, value) for name, values in fields.items() for value in _each(values)]
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)
    return format_html(
        '{} <form method="post" action="{}" class="undo">{}'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><button type="submit">{}</button></form>',
        sentence,
        request.get_full_path(),
        hidden,
        get_token(request),
        _("Undo"),
    )


def _each(values: object) -> Sequence[object]:
    return values if isinstance(values, (list, tuple)) else [values]
