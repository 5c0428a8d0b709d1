"""HTML as a stream of tokens, well formed, as bleach hands it to its filters.

A filter takes the tokens of the whole text and gives them on, changed. Attributes that came with the source are
written as HTML; what filters add comes from `start` and `void`, which escape it.
"""

import html
from collections.abc import Iterable, Iterator
from typing import Any

Token = dict[str, Any]

TEXT = ("Characters", "SpaceCharacters")


def start(name: str, **attributes: str) -> Token:
    """A start tag. Names that Python has no words for: `class_` is class, `aria_label` is aria-label."""
    return {"type": "StartTag", "name": name, "data": _written(attributes)}


def void(name: str, **attributes: str) -> Token:
    """The tag of an element without content."""
    return {"type": "EmptyTag", "name": name, "data": _written(attributes)}


def end(name: str) -> Token:
    return {"type": "EndTag", "name": name}


def text(words: str) -> Token:
    return {"type": "Characters", "data": words}


def put(token: Token, name: str, value: str) -> None:
    """Give a tag an attribute."""
    token["data"][(None, name)] = html.escape(value)


def attribute(token: Token, name: str) -> str:
    """What an attribute says; empty where the tag has none."""
    return html.unescape(token["data"].get((None, name), ""))


def _written(attributes: dict[str, str]) -> dict[tuple[None, str], str]:
    return {(None, name.rstrip("_").replace("_", "-")): html.escape(value) for name, value in attributes.items()}


def opens(token: Token, *names: str) -> bool:
    return token["type"] == "StartTag" and token["name"] in names


def closes(token: Token, *names: str) -> bool:
    return token["type"] == "EndTag" and token["name"] in names


def is_text(token: Token) -> bool:
    return token["type"] in TEXT


def whole(source: Iterable[Token]) -> Iterator[Token]:
    """The tokens with every run of text as one token: bleach divides it at entities and white space."""
    words: list[str] = []
    for token in source:
        if is_text(token):
            words.append(token["data"])
        elif token["type"] == "Entity":
            words.append(html.unescape(f"&{token['name']};"))
        else:
            if words:
                yield text("".join(words))
                words = []
            yield token
    if words:
        yield text("".join(words))


def with_ancestors(source: Iterable[Token]) -> Iterator[tuple[Token, list[str]]]:
    """Each token with the names of the elements that it stands in, outermost first. The list lives on: copy it."""
    ancestors: list[str] = []
    for token in source:
        if token["type"] == "EndTag":
            ancestors.pop()
        yield token, ancestors
        if token["type"] == "StartTag":
            ancestors.append(token["name"])


def inside(tokens: list[Token], opening: int) -> list[Token]:
    """The tokens between the start tag at this place and its end tag."""
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place]["type"] == "StartTag") - (tokens[place]["type"] == "EndTag")
        if depth == 0:
            return tokens[opening + 1 : place]
    return tokens[opening + 1 :]


def words_of(tokens: Iterable[Token]) -> str:
    """The text in these tokens; a line break or the end of a block counts as a space."""
    return "".join(
        token["data"] if is_text(token) else " " * (token.get("name") in ("br", "p", "li", "td", "th"))
        for token in tokens
    )
