"""The form below an article. All who are not signed in get the same one, but for the article it is sent to; a fifth
of the time that a page takes would go into it.
"""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comments.forms import CommentForm
from ketablog.markup.molds import Mold, place
from ketablog.site import SiteSettings
from posts.models import Post

register = template.Library()

FORM = "comments/_form.html"


@register.simple_tag(takes_context=True)
def empty_reply_form(context: Context, form: CommentForm) -> SafeString:
    """A form in which nothing was typed yet, by `comments/_form.html`. Uses `site`."""
    if form.user is not None:
        return context.template.engine.get_template(FORM).render(context)  # type: ignore[union-attr]  # (it renders now)
    make = _make_mold if settings.DEBUG else _kept_mold
    mold = make(get_language(), _columns(form.site))
    return mold.fill({"token": form.initial["token"], "address": form.address})


def _columns(site: SiteSettings) -> tuple[tuple[str, object], ...]:
    columns = ((field.attname, getattr(site, field.attname)) for field in site._meta.concrete_fields)
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in columns)


def _make_mold(language: str | None, columns: tuple[tuple[str, object], ...]) -> Mold:
    site = SiteSettings(**dict(columns))
    form = CommentForm(post=Post(), site=site)
    form.initial["token"], form.helper.form_action = place("token"), place("address")
    return Mold(render_to_string(FORM, {"form": form, "site": site}))


_kept_mold = lru_cache(8)(_make_mold)
