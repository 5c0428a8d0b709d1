"""Videos: a link that stands alone becomes a card. Nothing is loaded from the video's host, not even a still."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from ketablog.markup.tokens import (
    Token,
    attribute,
    closes,
    end,
    inside,
    is_text,
    opens,
    start,
    text,
    with_ancestors,
    words_of,
)

YOUTUBE = re.compile(r"/(?:shorts|live|embed|v)/[\w-]{6,20}/?")
PLACES = {
    "youtu.be": re.compile(r"/[\w-]{6,20}/?"),
    "youtube.com": YOUTUBE,
    "m.youtube.com": YOUTUBE,
    "youtube-nocookie.com": YOUTUBE,
    "vimeo.com": re.compile(r"/(?:channels/[\w-]+/|groups/[\w-]+/videos/)?\d+(?:/\w+)?/?"),
    "player.vimeo.com": re.compile(r"/video/\d+/?"),
}
WATCHED = re.compile(r"(?:.*&)?v=[\w-]{6,20}(?:&.*)?")


def video_host(address: str) -> str:
    """The site that shows the video at this address; empty where it is no video's address."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    if parts.scheme not in ("http", "https") or host not in PLACES:
        return ""
    is_watched = PLACES[host] is YOUTUBE and parts.path == "/watch" and WATCHED.fullmatch(parts.query)
    if not is_watched and not PLACES[host].fullmatch(parts.path):
        return ""
    return "vimeo.com" if "vimeo" in host else "youtube.com"


def with_videos(source: Iterable[Token]) -> Iterator[Token]:
    """Each video that stands alone in its paragraph, as a link or a bare address, becomes a card."""
    tokens = list(source)
    skipped = 0
    for place, (token, ancestors) in enumerate(with_ancestors(tokens)):
        if skipped:
            skipped -= 1
            continue
        if opens(token, "p") and not {"li", "td", "th"} & set(ancestors):
            content = inside(tokens, place)
            if card := list(_card(content)):
                yield from card
                skipped = len(content) + 1
                continue
        yield token


def _card(content: list[Token]) -> Iterator[Token]:
    content = [token for token in content if not is_text(token) or token["data"].strip()]
    if not content:
        return
    first, last = content[0], content[-1]
    if opens(first, "a") and closes(last, "a") and len(inside(content, 0)) == len(content) - 2:
        address, shown = attribute(first, "href"), content[1:-1]
    elif len(content) == 1 and is_text(first):
        address, shown = first["data"].strip(), []
    else:
        return
    host = video_host(address)
    if not host or any(token.get("name") == "img" for token in shown):
        return
    words = words_of(shown).strip()
    if not words or video_host(words if "://" in words else f"https://{words}"):
        shown = [text(_("Video"))]
    yield start("p", class_="video")
    yield start("a", href=address, rel="noopener noreferrer")
    yield from shown
    yield end("a")
    yield from (text(" "), start("span", class_="video-note"))
    yield text(_("Opens at %(host)s; nothing is loaded from there before you follow it.") % {"host": host})
    yield from (end("span"), end("p"))
