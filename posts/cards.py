"""The picture of an article where its address is passed on: its title, the clinic's name, the clinic's color.

The task worker draws it when an article is stored that is to come out, and keeps it as a file under a digest of all
that is drawn. What it has not drawn yet, as after a change of the clinic's name, is drawn when it is first asked for: a
changed title is another address, and nobody can have it drawn again and again.
"""

import hashlib
import io
import json
import logging
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw

from ketablog import lettering, site, theme
from ketablog.emblem import draw_emblem
from ketablog.markup import one_line
from ketablog.media import files
from ketablog.site import SiteSettings
from ketablog.tasks import AFTER_MAIL, task
from ketablog.views import kept_for_good
from posts.models import Post

logger = logging.getLogger("ketablog.cards")

CARD_WIDTH, CARD_HEIGHT = 1200, 630
FOLDER = "cards"
DRAWING = 1  # Goes up with every change of how a card is drawn.

MARGIN = 96
BAND = 24
TITLE_TOP, TITLE_BOTTOM = 76, 466
RULE = 500
FOOT_MIDDLE = 560
EMBLEM = 56
TITLE_SIZES = range(88, 35, -4)
NAME_SIZES = range(34, 19, -2)


@dataclass(frozen=True, slots=True)
class Card:
    """All that a card shows."""

    title: str
    name: str
    accent: str

    @property
    def digest(self) -> str:
        drawn = json.dumps([DRAWING, self.title, self.name, self.accent])
        return hashlib.sha256(drawn.encode()).hexdigest()[:16]

    def draw(self) -> bytes:
        """The card as PNG. Without its title where no font here can write it, without any words if need be."""
        color = theme.on_light(self.accent)
        inner = CARD_WIDTH - 2 * MARGIN
        faces, height = lettering.SERIF, TITLE_BOTTOM - TITLE_TOP
        title = lettering.letter(self.title, faces, inner, height, TITLE_SIZES)
        name = lettering.letter(self.name, lettering.SANS, inner - EMBLEM - 24, 72, NAME_SIZES)
        if title is None:
            title, name = lettering.letter(self.name, faces, inner, height, TITLE_SIZES), None
        image = _with_words(title, name, color) if title else _without_words(color)
        content = io.BytesIO()
        image.save(content, "PNG", optimize=True)
        return content.getvalue()


def _with_words(title: lettering.Lettering, name: lettering.Lettering | None, color: str) -> Image.Image:
    image = Image.new("RGB", (CARD_WIDTH, CARD_HEIGHT), theme.PAPER)
    draw = ImageDraw.Draw(image)
    left, right = MARGIN, CARD_WIDTH - MARGIN
    draw.rectangle(_mirrored(0, BAND - 1, 0, CARD_HEIGHT, title.is_rtl), color)
    top = TITLE_TOP + (TITLE_BOTTOM - TITLE_TOP - title.height) // 2
    title.draw(draw, left, right, top, theme.INK, from_right=title.is_rtl)
    draw.rectangle((left, RULE, right, RULE + 1), theme.LINE)
    emblem = draw_emblem(EMBLEM, background=color)
    place = _mirrored(left, left + EMBLEM, FOOT_MIDDLE - EMBLEM // 2, 0, title.is_rtl)
    image.paste(emblem, (place[0], place[1]), emblem)
    if name:
        beside = EMBLEM + 24
        edges = (left, right - beside) if title.is_rtl else (left + beside, right)
        name.draw(draw, *edges, FOOT_MIDDLE - name.height // 2, color, from_right=title.is_rtl)
    return image


def _without_words(color: str) -> Image.Image:
    image = Image.new("RGB", (CARD_WIDTH, CARD_HEIGHT), color)
    emblem = draw_emblem(CARD_HEIGHT // 2, background=color)
    image.paste(emblem, ((CARD_WIDTH - emblem.width) // 2, (CARD_HEIGHT - emblem.height) // 2), emblem)
    return image


def _mirrored(left: int, right: int, top: int, bottom: int, is_rtl: bool) -> tuple[int, int, int, int]:
    """A box at the side where lines begin."""
    return (CARD_WIDTH - right, top, CARD_WIDTH - left, bottom) if is_rtl else (left, top, right, bottom)


def card_of(post: Post, site: SiteSettings) -> Card:
    return Card(one_line(post.shared_title), one_line(site.name), site.accent.lower())


def card_url(post: Post, site: SiteSettings) -> str:
    """The path of the article's card, `CARD_WIDTH` by `CARD_HEIGHT` pixels. No query."""
    return reverse("post_card", args=[post.slug, card_of(post, site).digest])


def draw_later(post: Post) -> None:
    """Have the card of an article drawn that is public or will be. Call it in the transaction that stores it."""
    if post.published_at is not None:
        draw_of.enqueue(post.pk)


@task(priority=AFTER_MAIL)
def draw_of(post_id: int) -> None:
    """Draw the card of an article, if it is still there and lacks one."""
    post = Post.objects.filter(pk=post_id).only("pk", "title", "share_title").first()
    if post is not None:
        _kept(post, card_of(post, site.current()))


@require_safe
def post_card(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """The card of a public article; 404 under any digest but the present one."""
    post = Post.objects.published().filter(slug=slug).only("pk", "title", "share_title").first()
    if post is None:
        raise Http404
    card = card_of(post, site.of(request))
    if card.digest != digest:
        raise Http404
    response = kept_for_good(HttpResponse(_kept(post, card), content_type="image/png"))
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # It is there for other sites to show.
    return response


def _kept(post: Post, card: Card) -> bytes:
    """The card's file, drawn if it is not there yet; then the article's older ones go."""
    name = f"{FOLDER}/{post.pk}-{card.digest}.png"
    try:
        with files.open(name) as file:
            return file.read()
    except OSError:
        content = card.draw()
    try:
        files.keep(name, content)
        for other in list(files.names(f"{FOLDER}/{post.pk}-")):
            if other != name:
                files.delete(other)
    except OSError as error:  # A full disk costs time at each request, and no picture.
        logger.warning("card %s could not be kept: %s", name, type(error).__name__)
    return content
