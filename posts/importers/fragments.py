"""A fragment of HTML to a list of blocks: paragraphs, headings, lists, quotes, tables, code.

nh3 reads the HTML as a browser would and hands back well-formed HTML, from which a small tree is built;
containers fall away, and loose text becomes paragraphs.
"""

from collections.abc import Iterable
from html.parser import HTMLParser

import nh3

from ketablog.markup import CALLOUTS
from posts.importers.article import ImportFailed
from posts.importers.elements import HEADINGS, INLINE, Element, clean, is_visible, without_invisible

TAG_LIMIT = 50_000  # Reading hostile nesting takes a time that grows with the square of its depth.
DEPTH_LIMIT = 60  # Deeper tags fall away, their text stays: the functions here call themselves.

LISTS = frozenset({"ul", "ol"})
TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
CELLS = frozenset({"caption", "th", "td"})
CONTAINERS = frozenset(
    {"title", "header", "article", "main", "section", "div", "p", "figure", "figcaption", "hr"}
    | {"address", "center", "details", "summary", "dl", "dt", "dd"}
)
DROPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "video", "audio", "canvas"}
    | {"nav", "footer", "aside", "form", "button", "select", "textarea", "label", "dialog", "map"}
)
SYNONYMS = {"b": "strong", "i": "em"}
KEPT = HEADINGS | INLINE | LISTS | TABLE_PARTS | CELLS | CONTAINERS | SYNONYMS.keys() | {"li", "blockquote", "pre"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "blockquote": {"class"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
BACK_ARROWS = frozenset({"↑", "↩", "↩︎"})


def parse(source: str) -> Element:
    """The tree of a page or a fragment, without scripts, forms, menus, images and unknown tags.

    Raises `ImportFailed` if it has more tags than an article ever has.
    """
    if source.count("<") > TAG_LIMIT:
        raise ImportFailed(f"The file has more than {TAG_LIMIT:,} tags, which is too many for one article.")
    builder = _TreeBuilder()
    builder.feed(
        nh3.clean(
            source,
            tags=set(KEPT),
            clean_content_tags=set(DROPPED),
            attributes=ATTRIBUTES,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
        )
    )
    builder.close()
    return builder.root


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("div")
        self._open = [self.root]
        self._too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_void = tag in ("br", "hr")
        if len(self._open) > DEPTH_LIMIT:
            self._too_deep += not is_void
            return
        element = Element(SYNONYMS.get(tag, tag), attributes={name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if not is_void:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._too_deep:
            self._too_deep -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        in_code = any(element.tag == "pre" for element in self._open)
        self._open[-1].children.append(without_invisible(data) if in_code else clean(data))


def blocks_of(root: Element) -> list[Element]:
    """The blocks in a tree; what a reader would not see is left out."""
    blocks: list[Element] = []
    loose: list[Element | str] = []
    for child in root.children:
        if isinstance(child, str) or _is_inline(child):
            loose.append(child)
            continue
        blocks += _paragraphs(loose)
        loose = []
        blocks += _blocks_of_element(child)
    return blocks + _paragraphs(loose)


def _is_inline(element: Element) -> bool:
    return all(part.tag in INLINE for part in element.walk())


def _blocks_of_element(element: Element) -> list[Element]:
    tag = element.tag
    if tag == "pre":
        block = Element("pre", [element.raw_text])
    elif tag in HEADINGS:
        block = Element(tag, _trimmed(_inline(element.children, breaks=False)))
    elif tag in LISTS:
        block = Element(tag, _items(element), element.attributes)
    elif tag == "blockquote":
        kind = element.attributes.get("class")
        block = Element(tag, list(blocks_of(element)), {"class": kind} if kind in CALLOUTS else {})
    elif tag in TABLE_PARTS:
        block = _table_part(element)
    elif tag == "figure" and not any(part.tag in {"table", "blockquote", "pre"} for part in element.walk()):
        return []  # The caption of an image that is not imported.
    elif tag == "dt":
        return [Element("p", [Element("strong", block.children)]) for block in blocks_of(element)]
    else:
        return blocks_of(element)
    return [block] if is_visible(block.text) else []


def _paragraphs(loose: list[Element | str]) -> list[Element]:
    """Paragraphs of loose text; two line breaks in a row divide them."""
    paragraphs = [Element("p")]
    for node in _inline(loose):
        children = paragraphs[-1].children
        if _is_break(node) and children and _is_break(children[-1]):
            paragraphs.append(Element("p"))
        elif not (isinstance(node, str) and node.isspace() and children and _is_break(children[-1])):
            children.append(node)
    for paragraph in paragraphs:
        paragraph.children = _trimmed(paragraph.children)
    return [paragraph for paragraph in paragraphs if is_visible(paragraph.text)]


def _inline(nodes: Iterable[Element | str], *, breaks: bool = True) -> list[Element | str]:
    """Inline content alone: links that lead nowhere, empty elements and tags of blocks fall away."""
    result: list[Element | str] = []
    for node in nodes:
        if isinstance(node, str):
            result.append(node)
        elif node.tag == "br":
            result.append(node if breaks else " ")
        elif node.tag not in INLINE:
            result += [" ", *_inline(node.children, breaks=breaks), " "]
        elif node.tag == "a" and node.attributes.get("href", "#").startswith("#"):
            # Ids are not kept, so a link within the page would lead nowhere.
            result += [] if node.text in BACK_ARROWS else _inline(node.children, breaks=breaks)
        elif is_visible(node.text):
            result.append(Element(node.tag, _inline(node.children, breaks=breaks), node.attributes))
        else:
            result += [" "] if node.children else []
    return result


def _is_break(node: Element | str) -> bool:
    return isinstance(node, Element) and node.tag == "br"


def _trimmed(nodes: list[Element | str]) -> list[Element | str]:
    """The nodes without white space and line breaks at both ends."""
    nodes = list(nodes)
    while nodes and (_is_break(nodes[0]) or nodes[0] in ("", " ")):
        del nodes[0]
    while nodes and (_is_break(nodes[-1]) or nodes[-1] in ("", " ")):
        del nodes[-1]
    if nodes and isinstance(nodes[0], str):
        nodes[0] = nodes[0].lstrip()
    if nodes and isinstance(nodes[-1], str):
        nodes[-1] = nodes[-1].rstrip()
    return nodes


def _items(element: Element) -> list[Element | str]:
    items: list[Element | str] = []
    for child in element.children:
        source = child if isinstance(child, Element) and child.tag == "li" else Element("li", [child])
        item = Element("li", _cell_content(source))
        if is_visible(item.text):
            items.append(item)
    return items


def _table_part(element: Element) -> Element:
    part = Element(element.tag)
    for child in element.children:
        if isinstance(child, Element) and child.tag in CELLS:
            part.children.append(Element(child.tag, _cell_content(child), child.attributes))
        elif isinstance(child, Element) and child.tag in TABLE_PARTS:
            part.children.append(_table_part(child))
    return part


def _cell_content(element: Element) -> list[Element | str]:
    """The content of an item or a cell: a paragraph with nothing but lists after it needs no tag."""
    blocks = blocks_of(element)
    if blocks and blocks[0].tag == "p" and all(block.tag in LISTS for block in blocks[1:]):
        return [*blocks[0].children, *blocks[1:]]
    return list(blocks)
