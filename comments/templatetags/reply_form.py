"""The form below an article. All who are not signed in get the same one, but for the article it is sent to; a fifth
of the time that a page takes would go into it.
"""

from typing import NamedTuple

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comments.forms import CommentForm
from ketablog.markup.molds import Mold, kept, place
from ketablog.site import SiteSettings
from posts.models import Post

register = template.Library()

FORM = "comments/_form.html"


class Kind(NamedTuple):
    """All that makes one empty form another than the next one, but for its article."""

    language: str | None
    columns: tuple[tuple[str, object], ...]  # Of the Site settings.


@register.simple_tag(takes_context=True)
def empty_reply_form(context: Context, form: CommentForm) -> SafeString:
    """A form in which nothing was typed yet, by `comments/_form.html`. Uses `site`."""
    if form.user is not None:
        return context.template.engine.get_template(FORM).render(context)  # type: ignore[union-attr]  # (it renders now)
    mold = _mold(Kind(get_language(), _columns(form.site)))
    return mold.fill({"token": form.initial["token"], "address": form.address})


def _columns(site: SiteSettings) -> tuple[tuple[str, object], ...]:
    columns = ((field.attname, getattr(site, field.attname)) for field in site._meta.concrete_fields)
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in columns)


@kept
def _mold(kind: Kind) -> Mold:
    site = SiteSettings(**dict(kind.columns))
    form = CommentForm(post=Post(), site=site)
    form.initial["token"], form.helper.form_action = place("token"), place("address")
    return Mold(render_to_string(FORM, {"form": form, "site": site}))
