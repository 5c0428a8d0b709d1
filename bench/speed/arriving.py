"""What a start takes, and what goes over the wire to a reader's browser."""

import time
from collections.abc import Callable
from html.parser import HTMLParser

import brotli

from bench.speed import figures, servers
from bench.speed.asking import Client
from bench.speed.figures import Line
from bench.speed.sites import Site

ARTICLE = "/posts/replies-50/"
NOT_COUNTED = "page, style sheets, scripts; not the icon and the manifest, which are asked for once a site"
MOST_SECONDS = 1
TURNS = 20
MOST_BYTES, MOST_REQUESTS, MOST_HTML = 30_000, 4, 12_000

Tell = Callable[[str], object]


def starting(site: Site, *, rounds: int, tell: Tell) -> Line:
    """From `manage.py serve` to the first byte of the home page."""
    took = []
    for number in range(rounds):
        tell(f"start {number + 1} of {rounds}")
        begun = time.perf_counter()
        with servers.start(site) as server:
            server.wait_until_up("/")
            took.append(time.perf_counter() - begun)
    return figures.at_most("from the command to the first byte of the home page", took, MOST_SECONDS, figures.seconds)


def weighing(site: Site) -> list[Line]:
    """The article with 50 replies and all that a browser asks for with it; without its picture, which has no file."""
    with servers.site_server(site) as server:
        client = Client(server.port, Accept_Encoding="br, gzip")
        for _turn in range(TURNS):
            page = client.get(ARTICLE)
            if page.headers.get("content-encoding") == "br":
                break
            time.sleep(0.1)  # The smallest form of a stored page is made beside the requests.
        encoding = page.headers.get("content-encoding", "identity")
        html = Client(server.port).get(ARTICLE).text
        found = Loaded(html)
        sizes = [page.size, *(client.get(path).size for path in found.paths)]
    words = len(brotli.compress(" ".join(found.words).encode(), quality=5))
    return [
        figures.at_most(
            "article with 50 replies, over the wire",
            [sum(sizes)],
            MOST_BYTES,
            figures.kilobytes,
            f"head and body of all answers, HTML as {encoding}; without the picture",
        ),
        figures.at_most("in so many requests", [len(sizes)], MOST_REQUESTS, figures.whole, NOT_COUNTED),
        figures.at_most(
            "its HTML, compressed",
            [len(page.body)],
            MOST_HTML,
            figures.kilobytes,
            f"{encoding}; {figures.kilobytes(len(html.encode()))} plain; its words alone, as brotli: "
            f"{figures.kilobytes(words)}",
        ),
    ]


class Loaded(HTMLParser):
    """The style sheets and scripts that a browser asks for with a page, and the words of the page."""

    RELATIONS = {"stylesheet", "preload", "modulepreload"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.paths: list[str] = []
        self.words: list[str] = []
        self.is_silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.is_silent = tag in ("script", "style", "svg")
        relations = set((given.get("rel") or "").split())
        address = given.get("src") if tag == "script" else given.get("href") if relations & self.RELATIONS else None
        if tag in ("link", "script") and address and address.startswith("/") and address not in self.paths:
            self.paths.append(address)

    def handle_endtag(self, tag: str) -> None:
        self.is_silent = False

    def handle_data(self, data: str) -> None:
        if not self.is_silent and data.strip():
            self.words.append(data.strip())
