"""An article in a real browser: light and dark, sharing, narrow screens, and nobody else asked for anything."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from ketablog.site import Network
from posts.models import Reference
from posts.publishing import settle
from tests.base import make_comment, make_post, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHOUT_SCRIPTS = pytest.mark.parametrize("page", [False], ids=["no scripts"], indirect=True)
TABLE = "<table><tbody><tr>" + "<td>A cell with some words</td>" * 8 + "</tr></tbody></table>"
BODY = f"<h2>Night</h2><p>{'Donaudampfschifffahrt' * 12}</p>{TABLE}<pre>{'code ' * 60}</pre>"


@pytest.fixture
def post():
    make_site(name="Harbor Clinic", networks=[network.value for network in Network], comment_limit=200)
    return make_post("Ketamine and sleep", slug="sleep", body=BODY)


def surface(page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_the_readers_choice_of_dark_is_kept_and_is_there_before_the_first_paint(page, post):
    page.goto("/posts/sleep/")
    light = surface(page)
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = surface(page)
    assert dark != light
    page.add_init_script(
        "const seen = () => { window.atFirst ??= document.documentElement.dataset.theme };"
        "document.addEventListener('readystatechange', seen)"
    )
    page.goto("/")
    assert surface(page) == dark
    assert page.evaluate("window.atFirst") == "dark"
    page.get_by_role("button", name="Switch between light and dark").click()
    assert surface(page) == light
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_the_system_decides_until_the_reader_does(page, post):
    page.goto("/posts/sleep/")
    light = surface(page)
    page.emulate_media(color_scheme="dark")
    assert surface(page) != light


def test_copy_link_puts_the_address_on_the_clipboard_and_says_so(page, post):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/posts/sleep/")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "http://testserver/posts/sleep/"


def test_print_opens_the_systems_dialog(page, post):
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto("/posts/sleep/")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True


def test_the_systems_share_sheet_is_offered_where_there_is_one(page, post):
    page.add_init_script("Object.defineProperty(navigator, 'share', {value: async (data) => { window.shared = data }})")
    page.goto("/posts/sleep/")
    page.get_by_role("button", name="Share…").click()
    assert page.evaluate("window.shared") == {"title": "Ketamine and sleep", "url": "http://testserver/posts/sleep/"}


@WITHOUT_SCRIPTS
def test_without_scripts_no_control_is_dead(page, post):
    page.goto("/posts/sleep/")
    buttons = [button.inner_text() for button in page.get_by_role("button").all()]
    assert buttons == ["Post Comment", "Preview"]
    assert page.get_by_label("Address of this article").input_value() == "http://testserver/posts/sleep/"
    assert page.get_by_role("link", name="Facebook").is_visible()
    assert page.get_by_text("Remember my name").is_hidden()


def test_a_counter_appears_near_the_limit_and_says_how_much_is_too_much(page, post):
    page.goto("/posts/sleep/")
    text = page.get_by_role("textbox", name="Comment")
    text.fill("x" * 100)
    assert page.locator("#reply-count").is_hidden()
    text.fill("x" * 190)
    assert page.locator("#reply-count").inner_text() == "Characters left: 10"
    text.fill("x" * 203)
    assert page.locator("#reply-count").inner_text() == "Characters too many: 3"


def test_the_controls_of_sharing_are_all_that_shows_where_the_clipboard_is_refused(page, post):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto("/posts/sleep/")
    assert page.get_by_label("Address of this article").is_hidden()
    page.get_by_role("button", name="Copy link").click()
    address = page.get_by_label("Address of this article")
    assert address.input_value() == "http://testserver/posts/sleep/"
    assert page.evaluate("document.activeElement.id") == "share-address"
    assert page.evaluate("getSelection().toString()") == "http://testserver/posts/sleep/"
    assert page.get_by_role("button", name="Switch between light and dark").is_visible()


MASTODON = {
    "mastodon.social": "mastodon.social",
    " https://Fosstodon.org/@ada ": "fosstodon.org",
    "@ada@bücher.example": "xn--bcher-kva.example",
    "mastodon": None,
    "127.0.0.1": None,
    "example.org:8443": None,
    "a..b": None,
}


def asked(page) -> list[str]:
    """Where links lead that were pressed from now on; none is followed."""
    found: list[str] = []
    page.route(re.compile("^https:"), lambda route: (found.append(route.request.url), route.fulfill(body="Mastodon")))
    return found


@pytest.mark.parametrize("typed", MASTODON)
def test_mastodon_asks_for_the_readers_server_within_the_page(page, post, typed):
    found = asked(page)
    page.goto("/posts/sleep/")
    link = page.get_by_role("link", name="Mastodon")
    assert link.get_attribute("aria-expanded") == "false"
    link.press("Enter")
    assert link.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.id") == "share-server-name"
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    server = MASTODON[typed]
    if server is None:
        words = page.evaluate("document.activeElement.validationMessage")
        assert words == "This is not the name of a server. One looks like mastodon.social."
        assert found == []
        page.keyboard.type("x")
        assert page.evaluate("document.activeElement.validationMessage") == ""
    else:
        page.wait_for_url(f"https://{server}/share?text=Ketamine%20and%20sleep%20http*")
        assert page.evaluate("document.referrer") == ""
        page.goto("/posts/sleep/")
        page.get_by_role("link", name="Mastodon").click()
        assert page.get_by_label("Your Mastodon server").input_value() == server


@WITHOUT_SCRIPTS
def test_mastodon_asks_on_a_page_of_its_own_without_scripts(page, post):
    found = asked(page)
    page.expected_complaints.append("422")
    page.goto("/posts/sleep/")
    page.get_by_role("link", name="Mastodon").click()
    page.get_by_label("Your Mastodon server").fill("nowhere")
    page.get_by_role("button", name="Go on").click()
    assert page.get_by_text("This is not the name of a server.").is_visible()
    page.get_by_label("Your Mastodon server").fill("mastodon.social")
    page.get_by_role("button", name="Go on").click()
    assert found == []
    page.get_by_role("link", name="Go on to mastodon.social").click()
    assert found[0].startswith("https://mastodon.social/share?text=Ketamine%20and%20sleep%20http")


def test_the_keyboard_reaches_the_text_first_and_a_wide_table_too(page, post):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/posts/sleep/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    box = page.get_by_role("region", name="Table 1")
    assert box.evaluate("it => it.scrollWidth > it.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    assert box.evaluate(
        "it => new Promise((done) => {"
        " const look = () => (it.scrollLeft > 0 ? done(true) : requestAnimationFrame(look)); look(); })"
    )


def test_a_mark_leads_to_its_reference_and_back(page, post):
    post.body = "<p>It helps [1].</p>" + "<p>Long text.</p>" * 60
    post.save()
    Reference.objects.create(post=post, position=1, title="A trial", source="Pain", year=2020)
    settle(post)
    page.goto("/posts/sleep/")
    page.get_by_role("link", name="Reference 1", exact=True).click()
    assert page.url.endswith("#ref-1")
    page.get_by_role("link", name="Back to mark 1 in the text").click()
    assert page.url.endswith("#mark-1")
    assert page.locator("#mark-1").bounding_box()["y"] > 0


@pytest.mark.parametrize(
    "body",
    [
        "<blockquote>" * 20 + "<p>deep</p>",
        "<ul><li>" * 20 + "deep",
        "<blockquote class=warning>" * 12 + f"<p>{'Donaudampfschifffahrt' * 4}</p>",
        f"<p><a href='https://youtu.be/abcdefghijk'>{'Donaudampfschifffahrt' * 6}</a></p>",
        f"<p><code>{'x' * 200}</code> https://example.org/{'y' * 200} {', '.join(['[1]'] * 40)}</p>",
        f"<h2>{'Donaudampfschifffahrt' * 6}</h2><figure>{TABLE}<figcaption>{'z' * 90}</figcaption></figure>",
        f"<table><caption>{'Donaudampfschifffahrt' * 6}</caption><tr><td>{TABLE}</td></tr></table>",
        f"<ul><li>{TABLE}<pre>{'p' * 300}</pre></li></ul>",
    ],
    ids=["quotes", "lists", "callouts", "video", "words", "figure", "tables", "code"],
)
def test_no_text_whatever_it_holds_is_wider_than_a_small_screen(page, post, body):
    post.body = body
    post.save()
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/posts/sleep/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.prose *')].filter((it) => !it.closest('.table-box table')"
            " && it.getBoundingClientRect().right > 321).map((it) => it.outerHTML.slice(0, 80))"
        )
        == []
    )


@pytest.mark.parametrize(
    "address", ["/", "/posts/sleep/", "/posts/sleep/comments/", "/author/ada-writer/", "/nothing/"]
)
def test_no_page_scrolls_sideways_at_320_pixels_or_asks_another_host(page, post, address):
    page.expected_complaints.append("404")
    make_comment(post, "x" * 300, name="N" * 90)
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert hosts == {"localhost"}


def test_a_long_title_of_the_next_article_stays_in_its_box(page, post):
    make_post("A pneumonoultramicroscopicsilicovolcanoconiosis", published=timedelta(hours=1))
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/posts/sleep/")
    assert page.get_by_role("link", name="Next article").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_contents_stay_beside_the_text_while_it_is_read(page):
    parts = "".join(f"<h2>Part {number}</h2>{'<p>Words.</p>' * 30}" for number in range(4))
    make_post("Long", slug="long", body=parts)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/posts/long/")
    page.get_by_role("heading", name="Part 3").scroll_into_view_if_needed()
    contents = page.get_by_role("navigation", name="Contents")
    summary, links = page.locator(".contents summary").bounding_box(), contents.bounding_box()
    assert 0 < summary["y"] < summary["y"] + summary["height"] <= links["y"] < 200


def test_text_at_twice_its_size_stays_within_the_page(page, post):
    page.set_viewport_size({"width": 640, "height": 700})
    page.goto("/posts/sleep/")
    page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
    page.evaluate("document.adoptedStyleSheets[0].insertRule('html { font-size: 200% }')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_nothing_moves_while_the_page_loads(page, post):
    make_comment(post)
    page.add_init_script(
        "window.shift = 0;"
        "new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto("/posts/sleep/", wait_until="networkidle")
    assert page.evaluate("window.shift") == 0


def test_on_paper_nothing_is_left_to_click(page, post):
    make_comment(post)
    page.goto("/posts/sleep/")
    page.emulate_media(media="print")
    for hidden in (".masthead", ".breadcrumb", ".share", ".replies", ".leave-reply", ".site-footer"):
        assert page.locator(hidden).first.is_hidden()
    assert page.get_by_role("heading", name="Ketamine and sleep").is_visible()
    assert page.get_by_text("Printed from Harbor Clinic: http://testserver/posts/sleep/").is_visible()


def test_a_table_with_many_columns_is_whole_on_paper(page, post):
    cells = "".join(f"<td>Milligrams{number}</td>" for number in range(12))
    post.body = f"<table><tr>{cells}</tr></table>"
    post.save()
    page.set_viewport_size({"width": 642, "height": 971})  # A4 without its margins.
    page.emulate_media(media="print")
    page.goto("/posts/sleep/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 642


@pytest.mark.parametrize("theme", [None, "light", "dark"])
def test_paper_is_white_whatever_the_screen_is(page, post, theme):
    page.goto("/posts/sleep/")
    assert page.get_by_text("Printed from").is_hidden()
    page.emulate_media(media="print", color_scheme="dark")
    if theme:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    assert surface(page) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.prose')).color") == "rgb(0, 0, 0)"
