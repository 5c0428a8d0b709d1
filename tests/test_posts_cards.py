"""An article that is passed on brings a card: its title, the clinic's name and color, drawn by the site itself."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Picture
from PIL import features

from ketablog import lettering
from ketablog.theme import LIGHT_SURFACE, TEXT_CONTRAST, contrast
from posts import cards
from posts.cards import CARD_HEIGHT, CARD_WIDTH, Card, card_url
from posts.models import Post
from tests.base import make_post, make_site
from tests.queue import run_tasks

needs_shaping = pytest.mark.skipif(not features.check("raqm"), reason="no libfribidi: apt-get install libfribidi0")
CLINIC = "Harbor Clinic"
ACCENT = "#1b6b74"


@pytest.fixture
def no_fonts(monkeypatch):
    """A machine without any font but the one in Pillow."""
    monkeypatch.setattr(lettering, "SERIF", ())
    monkeypatch.setattr(lettering, "SANS", ())
    monkeypatch.setattr(lettering, "OTHER_SCRIPTS", (lettering.PILLOWS_OWN,))


def drawn(title: str, name: str = CLINIC) -> Picture.Image:
    return Picture.open(io.BytesIO(Card(title, name, ACCENT).draw())).convert("RGB")


def same(one: Picture.Image, other: Picture.Image) -> bool:
    return one.tobytes() == other.tobytes()


def is_blank(image: Picture.Image, box: tuple[int, int, int, int]) -> bool:
    return image.crop(box).getextrema() == tuple((value, value) for value in image.getpixel((CARD_WIDTH - 10, 10)))


@pytest.fixture
def post(db):
    make_site(name=CLINIC, accent=ACCENT)
    return make_post("Ketamine and sleep", slug="sleep")


def fetch(client, post: Post):
    return client.get(card_url(Post.objects.get(pk=post.pk), make_site()))


def kept() -> list[str]:
    folder = Path(default_storage.path("cards"))
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def test_a_card_is_a_picture_that_may_be_kept_for_good(client, post):
    response = fetch(client, post)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in response.headers
    image = Picture.open(io.BytesIO(response.content))
    assert (image.format, image.size) == ("PNG", (CARD_WIDTH, CARD_HEIGHT)) == ("PNG", (1200, 630))
    assert len(response.content) < 80_000


def test_a_card_is_drawn_once(client, post, monkeypatch):
    first = fetch(client, post).content
    monkeypatch.setattr(Card, "draw", lambda card: pytest.fail("drawn again"))
    assert fetch(client, post).content == first
    assert len(kept()) == 1


def test_a_card_that_cannot_be_kept_is_shown_all_the_same(client, post, settings):
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    (settings.MEDIA_ROOT / "cards").write_text("where a folder should be")
    response = fetch(client, post)
    assert response.status_code == 200
    assert Picture.open(io.BytesIO(response.content)).size == (CARD_WIDTH, CARD_HEIGHT)


@pytest.mark.parametrize(
    "change",
    [
        lambda post: Post.objects.update(title="Ketamine and dreams"),
        lambda post: Post.objects.update(share_title="Something worth reading"),
        lambda post: make_site(name="Another clinic"),
        lambda post: make_site(accent="#aa3366"),
    ],
)
def test_another_card_has_another_address_and_takes_the_place_of_the_old_one(client, post, change):
    other = make_post(slug="other")
    fetch(client, other)
    before = card_url(post, make_site())
    client.get(before)
    change(post)
    assert client.get(before).status_code == 404
    assert fetch(client, post).status_code == 200
    assert sorted(name.split("-")[0] for name in kept()) == sorted([str(post.pk), str(other.pk)])


def test_a_card_shows_the_title_for_sharing_where_there_is_one(post):
    assert cards.card_of(post, make_site()).title == "Ketamine and sleep"
    post.share_title = "Something  worth reading"
    assert cards.card_of(post, make_site()).title == "Something worth reading"


@pytest.mark.parametrize("digest", ["0" * 16, "f" * 16])
def test_nobody_can_have_cards_drawn_under_made_up_addresses(client, post, digest):
    assert client.get(f"/posts/sleep/card-{digest}.png").status_code == 404
    assert kept() == []


@pytest.mark.parametrize("end", ["card-.png", "card-xyz.png", "card-" + "A" * 16 + ".png", "card-" + "0" * 17 + ".png"])
def test_what_is_no_digest_is_no_address(client, post, end):
    assert client.get(f"/posts/sleep/{end}").status_code == 404


def test_there_is_no_card_of_what_is_not_public(client, post):
    for fields in ({"published": None}, {"published": -timedelta(days=1)}, {"withdrawn_at": timezone.now()}):
        hidden = make_post("A secret", **fields)
        assert fetch(client, hidden).status_code == 404
    assert kept() == []
    assert client.post(card_url(post, make_site())).status_code == 405


# What is drawn

LONG = "What we know and do not know about ketamine infusions, esketamine nasal spray and their place in depression "
TITLES = {
    "one word": "Pain",
    "200 letters": (LONG * 2)[:200],
    "200 wide letters": "W" * 200,
    "200 letters without a hyphen": "Depressionsbehandlung" * 9,
    "Spanish": "¿Qué sabemos de la ketamina? Dolor crónico y depresión",
    "Chinese": "氯胺酮与抑郁症:我们所知道的和不知道的",
    "Thai": "เคตามีนกับภาวะซึมเศร้า",
    "emoji": "Ketamine 💊 and sleep 😴👩‍⚕️ – what we know",
    "only emoji": "💊😴",
    "nothing": "",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_no_title_runs_over_the_edge(title):
    image = drawn(title)
    assert image.size == (CARD_WIDTH, CARD_HEIGHT)
    assert is_blank(image, (cards.BAND, 0, cards.MARGIN - 8, CARD_HEIGHT))
    assert is_blank(image, (CARD_WIDTH - cards.MARGIN + 8, 0, CARD_WIDTH, CARD_HEIGHT))
    assert is_blank(image, (cards.BAND, 0, CARD_WIDTH, cards.TITLE_TOP - 8))
    assert is_blank(image, (cards.BAND, cards.TITLE_BOTTOM + 8, CARD_WIDTH, cards.RULE - 1))


@settings(max_examples=25)
@given(st.text(max_size=200), st.text(max_size=80))
def test_any_title_and_any_name_make_a_card(title, name):
    assert drawn(title, name).size == (CARD_WIDTH, CARD_HEIGHT)


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#ffffff", "#FF8800"])
def test_any_color_makes_a_card_that_can_be_read(accent):
    band = Picture.open(io.BytesIO(Card("Pain", CLINIC, accent).draw())).convert("RGB").getpixel((5, 300))
    assert contrast("#{:02x}{:02x}{:02x}".format(*band), LIGHT_SURFACE) >= TEXT_CONTRAST


def test_lines_are_of_about_the_same_length():
    title = lettering.letter("What to expect at an infusion visit", lettering.SERIF, 1008, 390, cards.TITLE_SIZES)
    lengths = [title.font.getlength(line) for line in title.lines]
    assert len(lengths) == 2
    assert min(lengths) > 0.75 * max(lengths)


def test_signs_that_a_font_lacks_are_left_out_and_dashes_become_hyphens(no_fonts):
    assert same(drawn("Ketamine 💊 and sleep 👩‍⚕️ – what we know"), drawn("Ketamine and sleep - what we know"))


@pytest.mark.parametrize("title", ["氯胺酮与抑郁症", "Dolor crónico", "Κεταμίνη", "الكيتامين", "💊", ""])
def test_a_title_that_no_font_here_can_write_leaves_the_name_of_the_clinic(no_fonts, title):
    assert same(drawn(title), drawn(""))
    assert not same(drawn(title), drawn("Pain"))


def test_without_any_words_the_card_is_the_color_and_the_mark(no_fonts):
    image = drawn("氯胺酮", "氯胺酮")
    assert image.getpixel((CARD_WIDTH - 5, 5)) == image.getpixel((5, 5)) == (0x1B, 0x6B, 0x74)
    assert image.getextrema()[0][0] >= 0x1A  # No ink.
    assert image.getextrema()[0][1] == 255  # The mark.


@needs_shaping
@pytest.mark.parametrize("title", ["الكيتامين والاكتئاب", "קטמין ודיכאון"])
def test_a_title_from_right_to_left_begins_at_the_right(title):
    if lettering.letter(title, lettering.SERIF, 1008, 390, cards.TITLE_SIZES) is None:
        pytest.skip("no font with these letters: apt-get install fonts-dejavu-core")
    image = drawn(title)
    assert image.getpixel((CARD_WIDTH - 5, 300)) == (0x1B, 0x6B, 0x74)
    assert image.getpixel((5, 300)) != (0x1B, 0x6B, 0x74)


def test_a_title_from_right_to_left_is_left_out_where_it_cannot_be_shaped(monkeypatch):
    monkeypatch.setattr(features, "check", lambda feature: False)
    assert same(drawn("קטמין ודיכאון"), drawn(""))


def test_the_worker_draws_the_card_before_anybody_asks(db, put, client, monkeypatch):
    post = put("Ketamine and sleep")
    assert kept() == []
    run_tasks()
    (name,) = kept()
    monkeypatch.setattr(Card, "draw", None)
    assert fetch(client, post).status_code == 200
    assert name.startswith(f"{post.pk}-")


def test_no_card_is_drawn_of_a_draft(db, put):
    put("Not yet", published=None)
    run_tasks()
    assert kept() == []
