"""Safe HTML of ours, made fit to be read on its own: in a feed reader, without our style sheet."""

import re
from urllib.parse import urljoin

import nh3

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
