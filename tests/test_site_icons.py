"""The site has icons for every place that shows one, and says what a telephone needs to know of it."""

import io
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image as Picture

from ketablog import emblem, theme
from tests.base import make_site

pytestmark = pytest.mark.django_db


def test_the_icon_that_programs_ask_for_is_there_in_three_sizes(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/x-icon"
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    icon = Picture.open(io.BytesIO(response.content))
    assert (icon.format, icon.info["sizes"]) == ("ICO", {(16, 16), (32, 32), (48, 48)})


def test_the_manifest_says_what_the_site_is(client):
    make_site(name="Clínica del Puerto", tagline="Plain reading", language="es", accent="#224466")
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    assert "Set-Cookie" not in response.headers
    content = response.json()
    for name, value in {
        "name": "Clínica del Puerto",
        "description": "Plain reading",
        "lang": "es",
        "dir": "ltr",
        "start_url": "/",
        "display": "browser",
        "theme_color": "#224466",
        "background_color": "#fbfaf6",
    }.items():
        assert content[name] == value
    assert {icon["purpose"] for icon in content["icons"]} == {"any", "maskable"}


def test_a_language_from_right_to_left_says_so(client, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    make_site(language="ar")
    assert client.get("/manifest.webmanifest").json()["dir"] == "rtl"


def test_every_icon_in_the_manifest_is_there_in_its_size(client):
    for icon in client.get("/manifest.webmanifest").json()["icons"]:
        with Picture.open(finders.find(icon["src"].removeprefix("/static/"))) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
            assert (picture.mode == "RGB") is (icon["purpose"] == "maskable")


def test_the_icons_are_what_the_script_draws(tmp_path):
    emblem.draw_icons(tmp_path)
    for name in ("favicon.ico", *emblem.PNG_ICONS):
        with Picture.open(tmp_path / name) as drawn, Picture.open(finders.find(f"img/{name}")) as kept:
            assert (drawn.size, drawn.tobytes()) == (kept.size, kept.tobytes())


def test_what_is_drawn_has_the_colors_of_the_style_sheet():
    tokens = Path(finders.find("css/tokens.css")).read_text(encoding="utf-8")
    light = dict(re.findall(r"--(paper|ink|line|sunken): (#\w{6});", tokens.partition("@media")[0]))
    assert light == {"paper": theme.PAPER, "ink": theme.INK, "line": theme.LINE, "sunken": theme.LIGHT_SURFACE}
