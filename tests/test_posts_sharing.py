"""An article is shared: plain links that follow nobody."""

from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from ketablog.site import Network
from posts.sharing import share_links
from tests.base import make_post, make_site

TITLE = "Sleep & “rest”: 100 % müde?"


@pytest.fixture
def links(db):
    site = make_site(networks=[network.value for network in Network])
    post = make_post(TITLE, slug="schlaf-ü")
    return {link.name: link for link in share_links(post, site)}


ADDRESS = "http://testserver/posts/schlaf-%C3%BC/"


def test_each_network_gets_the_address_and_nothing_that_tracks(links):
    for name in Network.values:
        parts = urlsplit(links[name].url)
        values = [value for found in parse_qs(parts.query, strict_parsing=True).values() for value in found]
        assert parts.scheme == "https"
        assert any(ADDRESS in value for value in values)
        assert all(value.replace(ADDRESS, "").strip() in ("", TITLE) for value in values)


def test_a_mail_carries_title_and_address_without_plus_signs(links):
    url = links["email"].url
    assert url.startswith("mailto:?subject=Sleep%20%26%20%E2%80%9Crest")
    assert "+" not in url
    assert parse_qs(urlsplit(url).query)["body"] == [f"{TITLE}\r\n\r\n{ADDRESS}\r\n"]


def test_only_the_networks_of_site_settings_are_offered(client, db):
    make_site(networks=["bluesky"])
    make_post(slug="sleep")
    text = client.get("/posts/sleep/").text
    assert "bsky.app" in text
    assert "facebook.com" not in text


def test_links_send_no_referrer_and_the_address_can_be_copied_without_scripts(client, links):
    text = unescape(client.get("/posts/schlaf-ü/").text)
    assert text.count('rel="noopener noreferrer"') == len(links)
    assert f'readonly value="{ADDRESS}"' in text
    for link in links.values():
        assert f'href="{link.url}"' in text


def test_every_icon_is_in_the_sprite(client, links):
    text = client.get("/posts/schlaf-ü/").text
    for link in links.values():
        assert f'<symbol id="icon-{link.icon}"' in text
