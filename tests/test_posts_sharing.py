"""An article is shared: plain links that follow nobody."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketablog.forms import SiteSettingsForm
from ketablog.site import Network
from posts.mastodon import ServerForm, server_name
from posts.sharing import share_links
from tests.base import make_post, make_site

TITLE = "Sleep & “rest”: 100 % müde?"


@pytest.fixture
def links(db):
    site = make_site(networks=[network.value for network in Network])
    post = make_post(TITLE, slug="schlaf-ü")
    return {link.name: link for link in share_links(post, site)}


ADDRESS = "http://testserver/posts/schlaf-%C3%BC/"
OTHERS = [name for name in Network.values if name != "mastodon"]


def test_each_network_gets_the_address_and_nothing_that_tracks(links):
    for name in OTHERS:
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
    assert text.count('rel="noopener noreferrer"') == len(OTHERS) + 1
    assert f'readonly value="{ADDRESS}"' in text
    for link in links.values():
        assert f'href="{link.url}"' in text


def test_where_the_writer_set_a_title_for_sharing_nobody_is_sent_the_other(client, db):
    site = make_site(networks=Network.values)
    post = make_post("Ketamine and suicidal thoughts", slug="thoughts", share_title="Something worth reading")
    for link in share_links(post, site):
        assert "Something" in link.url or link.name in ("facebook", "linkedin", "mastodon")
        assert "suicid" not in link.url.lower()
    text = client.get("/posts/thoughts/").text
    assert 'data-sheet="Something worth reading"' in text
    assert 'data-text="Something worth reading http://testserver/posts/thoughts/"' in text
    there = client.get("/posts/thoughts/share/mastodon/?server=mastodon.social").text
    assert "/share?text=Something%20worth%20reading%20http" in there


def icons(text: str) -> tuple[list[str], set[str]]:
    """The icons in a page's sprite, and those that it shows."""
    return re.findall(r'<symbol id="icon-([a-z]+)"', text), set(re.findall(r'href="#icon-([a-z]+)"', text))


@pytest.mark.parametrize(
    "address", ["/", "/posts/schlaf-ü/", "/posts/schlaf-ü/comments/", "/author/ada-writer/", "/no/"]
)
def test_each_icon_is_there_once_where_it_is_shown_and_no_network_without_need(client, links, address):
    there, shown = icons(client.get(address).text)
    assert len(there) == len(set(there))
    assert shown <= set(there)
    assert set(there) & set(Network.values) <= shown


def test_the_icons_of_networks_that_are_not_offered_are_not_sent(client, db):
    make_site(networks=["bluesky"])
    make_post(slug="sleep")
    there, _shown = icons(client.get("/posts/sleep/").text)
    assert set(there) & set(Network.values) == {"bluesky"}


# Mastodon, where everybody has a server of their own

ASKS = "/posts/schlaf-ü/share/mastodon/"
NAMES = {
    "mastodon.social": "mastodon.social",
    "  Mastodon.Social ": "mastodon.social",
    "https://fosstodon.org/": "fosstodon.org",
    "https://fosstodon.org/@ada?a=b": "fosstodon.org",
    "@ada@social.example": "social.example",
    "ada@social.example": "social.example",
    "bücher.example": "xn--bcher-kva.example",
    "a.b-c.d1.example": "a.b-c.d1.example",
}
NO_NAMES = [
    "", " ", "mastodon", "localhost", "127.0.0.1", "[::1]", "a..b", ".example", "example.", "-a.example", "a-.example",
    "example.org:8443", "javascript:alert(1)", "ex ample.org", "a_b.example", "example.org\\@x", "x" * 64 + ".example",
    "\0.example", "é" * 400, "a." * 130 + "example", "<b>.example", "example.1x",
]  # fmt: skip


def test_the_link_to_mastodon_asks_for_the_readers_server(client, links):
    text = client.get("/posts/schlaf-ü/").text
    address = links["mastodon"].url
    assert f'href="{address}" rel="nofollow"' in text
    response = client.get(address)
    assert response.status_code == 200
    assert "Each Mastodon server has an address of its own." in response.text
    assert 'name="server"' in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert not response.cookies


@pytest.mark.parametrize("typed", NAMES)
def test_the_answer_bears_the_link_and_leads_nobody_on_by_itself(client, links, typed):
    response = client.get(ASKS, {"server": typed})
    assert response.status_code == 200
    found = re.search(r'<a class="button" href="(https://[^"]+)" rel="noopener noreferrer">', response.text)
    parts = urlsplit(unescape(found[1]))
    assert (parts.hostname, parts.path) == (NAMES[typed], "/share")
    assert parse_qs(parts.query) == {"text": [f"{TITLE} {ADDRESS}"]}
    assert f"Go on to {NAMES[typed]}" in response.text
    assert "form" not in response.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("typed", NO_NAMES)
def test_what_is_no_server_gets_the_form_again_with_a_sentence(client, links, typed):
    response = client.get(ASKS, {"server": typed})
    assert response.status_code == 422
    assert "This is not the name of a server. One looks like mastodon.social." in response.text
    assert 'href="https://' not in response.text
    if "<" in typed:
        assert "&lt;b&gt;.example" in response.text


@given(st.text(max_size=320))
def test_a_server_is_a_plain_name_whatever_was_typed(typed):
    try:
        name = server_name(typed)
    except ValueError:
        return
    assert urlsplit(f"https://{name}/share").hostname == name
    assert server_name(name) == name


def test_an_article_that_is_not_public_is_not_shared(client, db):
    make_post(slug="draft", published=None)
    assert client.get("/posts/draft/share/mastodon/").status_code == 404
    assert client.get("/posts/nothing/share/mastodon/?server=mastodon.social").status_code == 404


def test_it_is_only_read(client, links):
    assert client.post(ASKS, {"server": "mastodon.social"}).status_code == 405


def test_mastodon_can_be_chosen_in_site_settings(db):
    assert ("mastodon", "Mastodon") in SiteSettingsForm().fields["networks"].choices


def test_the_page_asks_in_the_same_words_with_and_without_scripts(client, links):
    form = ServerForm({"server": "nowhere"})
    text = unescape(client.get("/posts/schlaf-ü/").text)
    for words in (form["server"].label, form["server"].help_text, form.errors["server"][0]):
        assert str(words) in text
