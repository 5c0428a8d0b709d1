"""Safe HTML of ours, made fit to be read on its own: in a feed reader, without our style sheet."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin

import nh3
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.translation import get_language

from ketablog.site import SiteSettings
from posts.models import Post

TAGS = frozenset(
    "a abbr aside b bdi blockquote br caption cite code dd del details div dl dt em figcaption figure h2 h3 h4 hr i "
    "img ins kbd li mark ol p pre q s small span strong sub summary sup table tbody td tfoot th thead "
    "time tr u ul".split()
)
# What is left out would mean nothing elsewhere: ids, classes, what scripts and screen readers of our page need.
ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "rel"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
SCHEMES = {"http", "https", "mailto", "sms", "tel"}
ASIDE = re.compile(r"(</?)aside>")
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Told:
    """An article as a feed tells it; `said` is all that its text is made of."""

    said: tuple[str | None, ...]
    post: Post = field(compare=False)
    site: SiteSettings = field(compare=False)
    address: str


class Texts:
    """The articles of one feed, each whole and as HTML. Uses their `cover`, `references` and `corrections`."""

    def __init__(self, site: SiteSettings) -> None:
        self.site, self.said_by_all = site, (get_language(), columns(site))

    def of(self, post: Post, address: str) -> str:
        rows = [post, *filter(None, [post.cover]), *post.references.all(), *post.corrections.all()]
        return _text(_Told((*self.said_by_all, *map(columns, rows)), post, self.site, address))


# A feed is asked for more often than any page, and of its articles at most one is another than before.
@lru_cache(200)
def _text(told: _Told) -> str:
    context = {"post": told.post, "site": told.site, "address": told.address}
    return stand_alone(render_to_string("posts/_feed_text.html", context), told.address)


def columns(row: Model) -> str:
    """All that a row says, to be compared."""
    return repr([vars(row).get(field.attname) for field in row._meta.concrete_fields])


def stand_alone(html: str, address: str) -> str:
    """Safe HTML as it can be read elsewhere: its links and images lead to `address`, in characters XML allows."""

    def lead_home(tag: str, attribute: str, value: str) -> str | None:
        try:
            return urljoin(address, value) if attribute in ("href", "src") else value
        except ValueError:
            return None  # Such as http://[, which leads nowhere from our page either.

    clean = nh3.clean(
        NOT_IN_XML.sub("", html),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=lead_home,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    # Feed readers know quotes, and set them apart as our page does with what stands aside.
    return NOT_IN_XML.sub("", ASIDE.sub(r"\1blockquote>", clean)).strip()
