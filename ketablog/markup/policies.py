"""What safe HTML may hold: a reply, an article as it was written, and an article as it is set."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import bleach
import nh3

POLICY_VERSION = 2


@dataclass(frozen=True, slots=True)
class Policy:
    """`values` are what certain attributes alone may say: any other value drops the attribute."""

    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]
    schemes: frozenset[str]
    link_rel: str | None
    values: Mapping[tuple[str, str], re.Pattern[str]] = field(default_factory=dict)

    def nh3_clean(self, source: str) -> str:
        return nh3.clean(
            source,
            tags=set(self.tags),
            attributes={tag: set(names) for tag, names in self.attributes.items()},
            attribute_filter=self._allowed if self.values else None,
            url_schemes=set(self.schemes),
            link_rel=self.link_rel,
        )

    def bleach_clean(self, source: str, filters: list[Callable]) -> str:
        """The clean source; the filters come after the cleaning and may add what this policy does not know."""
        return bleach.Cleaner(
            tags=self.tags,
            attributes={tag: sorted(names - {"rel"}) for tag, names in self.attributes.items()},
            protocols=self.schemes,
            strip=True,
            filters=filters,
        ).clean(source)

    def _allowed(self, tag: str, name: str, value: str) -> str | None:
        allowed = self.values.get((tag, name))
        return value if allowed is None or allowed.fullmatch(value) else None


COMMENT = Policy(
    tags=frozenset("p br em strong ul ol li blockquote code pre a".split()),
    attributes={"a": frozenset({"href"}), "ol": frozenset({"start"})},
    schemes=frozenset({"http", "https"}),
    link_rel="nofollow ugc noopener",
)
CALLOUT = re.compile("note|tip|warning")
ARTICLE = Policy(
    tags=frozenset(
        "p br hr h2 h3 h4 em strong b i s u sub sup ul ol li blockquote code pre a figure figcaption img "
        "table caption thead tbody tfoot tr th td".split()
    ),
    attributes={
        "a": frozenset({"href", "title"}),
        "blockquote": frozenset({"class"}),
        "ol": frozenset({"start"}),
        "img": frozenset({"src", "alt", "width", "height", "loading", "decoding"}),
        "th": frozenset({"colspan", "rowspan", "scope"}),
        "td": frozenset({"colspan", "rowspan"}),
    },
    schemes=frozenset({"http", "https", "mailto", "tel"}),
    link_rel=None,
    values={("blockquote", "class"): CALLOUT},
)

# What typesetting adds to an article. None of it is taken from a source.
_SIZED = r"(?:https?://|/(?!/))[^\s<>]*[^\s<>,] \d+w"
_ADDED = {
    ("h2", "id"): r"s(?:-[^\s\"'<>&]+)?",
    ("h3", "id"): r"s(?:-[^\s\"'<>&]+)?",
    ("caption", "id"): r"table-\d+",
    ("div", "class"): r"table-box|callout callout-(?:note|tip|warning)",
    ("div", "role"): "region|note",
    ("div", "tabindex"): "0",
    ("div", "aria-label"): ".*",
    ("div", "aria-labelledby"): r"table-\d+",
    ("p", "class"): "callout-label|video",
    ("a", "class"): "mark",
    ("a", "id"): r"mark-\d+",
    ("a", "aria-label"): ".*",
    ("a", "rel"): "noopener(?: noreferrer)?",
    ("span", "class"): "marks|video-note",
    ("span", "id"): r"mark-\d+",
    ("source", "type"): "image/(?:avif|webp|jpeg|png)",
    ("source", "srcset"): rf"{_SIZED}(?:, {_SIZED})*",
    ("source", "sizes"): r"[\w(): .,+-]+",
}
_SET_TAGS = ARTICLE.tags | {"div", "span", "picture", "source"}
TYPESET = Policy(
    tags=_SET_TAGS,
    attributes={
        tag: ARTICLE.attributes.get(tag, frozenset()) | {name for of, name in _ADDED if of == tag}
        for tag in _SET_TAGS - {"blockquote"}
    },
    schemes=ARTICLE.schemes,
    link_rel=None,
    values={key: re.compile(pattern, re.DOTALL) for key, pattern in _ADDED.items()},
)
