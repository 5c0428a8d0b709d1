"""HTML: a saved web page, or a fragment of one."""

from posts.importers.article import Article, compose
from posts.importers.elements import Element, is_visible
from posts.importers.fragments import blocks_of, parse


def read(source: str) -> Article:
    """The article in a page: its title is the first h1, or else the page's title.

    Raises `ImportFailed` if it has no title or no text.
    """
    page = parse(source)
    root = _article_of(page)
    heading = _first(root, "h1") or _first(page, "h1")
    title = heading or _first(page, "title")
    # Only now: the header of an article holds its title.
    _remove(page, heading, {"header", "title"})
    return compose(title.text if title else "", blocks_of(root))


def _article_of(page: Element) -> Element:
    """The part of the page that is the article, and not a card that leads to another one."""
    main = _first(page, "main") or page
    articles = [element for element in page.walk() if element.tag == "article"]
    if not articles:
        return main
    article = max(articles, key=lambda element: (_first(element, "h1") is not None, len(element.text)))
    is_most = 2 * len(article.text) >= len(main.text)
    return article if _first(article, "h1") or is_most else main


def _first(root: Element, tag: str) -> Element | None:
    return next((element for element in root.walk() if element.tag == tag and is_visible(element.text)), None)


def _remove(page: Element, heading: Element | None, tags: set[str]) -> None:
    for element in list(page.walk()):
        element.children = [
            child
            for child in element.children
            if isinstance(child, str) or (child is not heading and child.tag not in tags)
        ]
