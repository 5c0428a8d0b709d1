"""Text goes out compressed to everybody who is not signed in."""

import gzip

import pytest

from tests.base import make_mo, make_post

ACCEPTS = {"accept-encoding": "gzip, deflate, br"}


@pytest.fixture
def _post(db):
    make_post("A quiet harbor", slug="harbor")


@pytest.mark.usefixtures("_post")
@pytest.mark.parametrize("address", ["/", "/posts/harbor/", "/nothing/", "/feed/"])
def test_a_public_page_is_compressed_and_says_so(client, address):
    plain, packed = client.get(address), client.get(address, headers=ACCEPTS)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in plain.headers


@pytest.mark.usefixtures("_post")
def test_each_form_of_a_page_has_a_tag_of_its_own_and_both_are_asked_for_again(client):
    plain, packed = client.get("/posts/harbor/"), client.get("/posts/harbor/", headers=ACCEPTS)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.content == client.get("/posts/harbor/", headers=ACCEPTS).content
    for response, accepts in ((plain, {}), (packed, ACCEPTS)):
        assert response.headers["ETag"].startswith('"')
        again = client.get("/posts/harbor/", headers={**accepts, "if-none-match": response.headers["ETag"]})
        assert again.status_code == 304
        assert again.content == b""


def test_pages_of_who_is_signed_in_are_not(client, db):
    client.force_login(make_mo())
    for address in ("/", "/admin/"):
        response = client.get(address, headers=ACCEPTS)
        assert response.status_code == 200
        assert "Content-Encoding" not in response.headers


def test_files_are_left_as_they_are(client, db, settings):
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.MEDIA_ROOT / "harbor.webp").write_bytes(b"RIFF" * 200)
    response = client.get("/media/harbor.webp", headers=ACCEPTS)
    assert "Content-Encoding" not in response.headers
    assert b"".join(response.streaming_content) == b"RIFF" * 200
