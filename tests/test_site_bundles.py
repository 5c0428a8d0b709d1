"""One style sheet and one script a page, joined from small files."""

import os
import re

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finder

from ketablog import bundles
from tests.base import make_comment, make_post
from tests.running import ROOT


@pytest.fixture
def source(settings, tmp_path):
    """A copy of the parts that a test may change."""
    for name in ("css", "js"):
        folder = tmp_path / "static" / name
        folder.mkdir(parents=True)
        for part in (ROOT / "static" / name).iterdir():
            (folder / part.name).write_bytes(part.read_bytes())
    settings.BASE_DIR = tmp_path
    return tmp_path / "static"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/posts/sleep/", "/posts/sleep/comments/", "/author/ada-writer/", "/nothing/"]
)
def test_a_page_asks_for_one_script_one_sheet_and_the_accent(client, address):
    make_comment(make_post(slug="sleep"))
    head = client.get(address).text.partition("</head>")[0]
    assert re.findall(r'<script src="([^"]+)"></script>', head) == ["/static/js/site.js"]
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', head)
    assert sheets[0] == "/static/css/site.css"
    assert re.fullmatch(r"/theme-[0-9a-f]{12}\.css", sheets[1])
    assert len(sheets) == 2
    assert len(re.findall(r"<script(?! type=\"application/ld\+json\">)", client.get(address).text)) == 1


@pytest.mark.parametrize("name", bundles.BUNDLES)
def test_a_bundle_holds_all_of_its_parts_in_order(name):
    with open(finders.find(name), encoding="utf-8") as file:
        text = file.read()
    parts = [(ROOT / "static" / part).read_text(encoding="utf-8") for part in bundles.BUNDLES[name]]
    if name.endswith(".js"):
        parts = ["".join(line for line in part.splitlines(True) if not line.strip().startswith("//")) for part in parts]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_every_public_part_is_in_a_bundle_or_loaded_when_needed():
    there = {f"{path.parent.name}/{path.name}" for path in (ROOT / "static").glob("*s/*") if "admin" not in path.name}
    assert there - bundles.LOADED_WHEN_NEEDED == {part for parts in bundles.BUNDLES.values() for part in parts}
    assert there >= bundles.LOADED_WHEN_NEEDED


def test_an_edit_shows_at_once(source):
    before = finders.find("css/site.css")
    with open(source / "css" / "base.css", "a", encoding="utf-8") as file:
        file.write(".new-rule { color: inherit }\n")
    with open(finders.find("css/site.css"), encoding="utf-8") as file:
        assert ".new-rule" in file.read()
    assert finders.find("css/site.css") == before


def test_a_bundle_is_not_written_again_for_nothing(source):
    path = finders.find("js/site.js")
    os.utime(path, (1, 1))
    assert os.stat(finders.find("js/site.js")).st_mtime == 1


def test_the_finder_knows_its_bundles_and_nothing_else():
    finder = get_finder("ketablog.bundles.BundleFinder")
    assert finder.find("css/base.css") == []
    assert finder.find("../keys.env") == []
    assert finder.find("css/site.css", find_all=True) == [finder.find("css/site.css")]
    assert {name for name, _storage in finder.list([])} == set(bundles.BUNDLES)


def test_one_script_that_fails_does_not_stop_the_others():
    text = bundles.joined("js/site.js")
    assert text.startswith("(() => {")
    waiting = list(bundles.BUNDLES["js/site.js"].values()).count(bundles.WHEN_READ)
    assert text.count('addEventListener("DOMContentLoaded", () => {') == waiting
