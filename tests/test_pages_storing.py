"""Pages for everybody are made once and answered from what is stored, with all that HTTP asks of an answer."""

import gzip
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from django.conf import settings as ours

from ketablog import pagecache
from ketablog.pagecache import front, mirrors, stores
from ketablog.pagecache.declared import Parameters
from ketablog.pagecache.front import Key
from ketablog.pagecache.pages import Page, accepted
from posts import addresses
from tests.base import make_comment, make_page, make_post, make_site
from tests.fronts import Reader

pytestmark = pytest.mark.usefixtures("own_pages")


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def post():
    return make_post("Sleep", slug="sleep")


def until_smaller(reader: Reader) -> None:
    """Wait until the thread beside the requests has compressed what it was given."""
    done = threading.Event()
    reader.front._make_smaller_later(Key("/", "", "", False), Bell(done))
    assert done.wait(30)


class Bell:
    """Stands in the queue behind what is waited for."""

    def __init__(self, done: threading.Event) -> None:
        self.done = done

    @property
    def can_be_compressed(self) -> bool:
        self.done.set()
        return False


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/posts/sleep/",
        "/posts/sleep/comments/",
        "/feed/",
        "/feed.json",
        "/archive/",
        "/robots.txt",
        "/sitemap.xml",
        "/search/",
        "/privacy/my-data/",
        "/manifest.webmanifest",
        "/author/ada-writer/",
    ],
)
def test_the_second_reader_gets_the_same_bytes_and_django_is_not_asked(reader, post, address):
    reader.get("/robots.txt")
    reader.asked  # noqa: B018
    first = reader.get(address)
    assert first.status == 200
    assert len(reader.asked) == (0 if address == "/robots.txt" else 1)
    second = reader.get(address)
    assert (second.body, second.headers) == (first.body, first.headers)
    assert reader.asked == []
    assert first.headers["Cache-Control"] in ("no-cache", "public, max-age=86400")
    assert "Set-Cookie" not in first.headers


def test_a_stored_page_asks_the_database_for_nothing(reader, post, django_assert_num_queries):
    reader.get("/posts/sleep/")
    with django_assert_num_queries(0):
        assert "Sleep" in reader.get("/posts/sleep/").text


def test_another_process_of_the_machine_finds_what_one_has_made(reader, post):
    first = reader.get("/posts/sleep/")
    other = Reader()
    second = other.get("/posts/sleep/")
    assert other.asked == []
    assert (second.body, second.headers) == (first.body, first.headers)


def test_each_browser_gets_the_smallest_form_that_it_takes(reader, post):
    plain = reader.get("/posts/sleep/")
    assert "Content-Encoding" not in plain.headers
    zipped = reader.get("/posts/sleep/", HTTP_ACCEPT_ENCODING="gzip, deflate")
    until_smaller(reader)
    small = reader.get("/posts/sleep/", HTTP_ACCEPT_ENCODING="gzip, deflate, br, zstd")
    assert (zipped.headers["Content-Encoding"], small.headers["Content-Encoding"]) == ("gzip", "br")
    assert gzip.decompress(zipped.body) == brotli.decompress(small.body) == plain.body
    assert len(small.body) < len(zipped.body) < len(plain.body)
    assert {each.headers["Vary"] for each in (plain, zipped, small)} == {"Accept-Encoding"}
    assert {int(each.headers["Content-Length"]) - len(each.body) for each in (plain, zipped, small)} == {0}
    assert len({each.headers["ETag"] for each in (plain, zipped, small)}) == 3


@pytest.mark.parametrize(
    ("header", "forms"),
    [
        ("", ("",)),
        ("gzip", ("gzip", "")),
        ("br;q=0, gzip", ("gzip", "")),
        ("br; q=0.000, gzip;q=0.5", ("gzip", "")),
        ("BR", ("br", "")),
        ("*", ("br", "gzip", "")),
        ("*, br;q=0", ("gzip", "")),
        ("identity", ("",)),
        ("brx, gzipped", ("",)),
        (";;,,=", ("",)),
    ],
)
def test_what_a_browser_takes_is_read_from_its_header(header, forms):
    assert accepted(header) == forms


def test_whoever_has_the_page_is_told_so_in_whatever_form(reader, post):
    zipped = reader.get("/posts/sleep/", HTTP_ACCEPT_ENCODING="gzip")
    for known in (zipped.headers["ETag"], f"W/{zipped.headers['ETag']}", f'"x", {zipped.headers["ETag"]}', "*"):
        answer = reader.get("/posts/sleep/", HTTP_IF_NONE_MATCH=known)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "Content-Length" not in answer.headers
    assert reader.get("/posts/sleep/", HTTP_IF_NONE_MATCH='"other"').status == 200


def test_a_feed_is_known_by_its_date_too(reader, post):
    feed = reader.get("/feed/")
    known = feed.headers["Last-Modified"]
    assert reader.get("/feed/", HTTP_IF_MODIFIED_SINCE=known).status == 304
    assert reader.get("/feed/", HTTP_IF_MODIFIED_SINCE="Thu, 01 Jan 1970 00:00:00 GMT").status == 200
    assert reader.get("/feed/", HTTP_IF_MODIFIED_SINCE=known, HTTP_IF_NONE_MATCH='"other"').status == 200


def test_only_the_headers_answer_a_head_and_a_part_is_refused_politely(reader, post):
    whole = reader.get("/posts/sleep/")
    head = reader.get("/posts/sleep/", "HEAD")
    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)
    part = reader.get("/posts/sleep/", HTTP_RANGE="bytes=0-9")
    assert (part.status, part.body) == (200, whole.body)


def test_a_head_alone_stores_the_whole_page(reader, post):
    assert reader.get("/posts/sleep/", "HEAD").body == b""
    assert "Sleep" in reader.get("/posts/sleep/").text
    assert reader.asked == ["/posts/sleep/"]


def test_parameters_that_a_page_does_not_know_change_nothing(reader, post):
    plain = reader.get("/posts/sleep/")
    for query in ("fbclid=IwAR0", "utm_source=mail&utm_medium=x", "fbclid=%FF%00", "=&&=", "a" * 3000):
        assert reader.get(f"/posts/sleep/?{query}").body == plain.body
    assert reader.asked == ["/posts/sleep/"]


def test_an_unknown_parameter_of_the_first_reader_is_on_nobodys_page(reader, post):
    first = reader.get("/posts/sleep/?fbclid=of-one-reader")
    assert "of-one-reader" not in first.text
    assert reader.asked == ["/posts/sleep/"]


def test_parameters_that_a_page_knows_are_one_page_each_in_any_order(reader, post):
    for _ in range(2):
        make_comment(post)
    reader.get("/posts/sleep/?order=newest&comments=1")
    reader.get("/posts/sleep/?gclid=2&comments=1&order=newest")
    reader.get("/posts/sleep/?order=newest")
    assert reader.asked == ["/posts/sleep/?comments=1&order=newest", "/posts/sleep/?order=newest"]


def test_of_a_parameter_given_twice_the_last_one_counts_as_in_django():
    known = Parameters(frozenset({"page"}), frozenset({"mine"}))
    assert known.canonical("page=1&page=2&x=y") == "page=2"
    assert known.canonical("page=1&mine=") is None
    assert known.canonical("&".join(["a=b"] * 200)) is None


@pytest.mark.parametrize(
    "address", ["/posts/sleep/?mine=1.abc", "/posts/sleep/?new=x", "/search/?q=my+words", "/?p=12"]
)
def test_what_is_somebodys_own_is_stored_for_nobody(reader, post, address):
    for _ in range(2):
        assert reader.get(address).status == 200
    assert len(reader.asked) == 2
    assert stored_files() == []


def test_who_is_signed_in_passes_by(reader, post):
    reader.get("/posts/sleep/")
    reader.get("/posts/sleep/", HTTP_COOKIE="a=b; sessionid=whatever")
    assert len(reader.asked) == 2


def test_other_cookies_do_not_matter(reader, post):
    reader.get("/posts/sleep/")
    reader.get("/posts/sleep/", HTTP_COOKIE="theme=dark; csrftoken=abc")
    assert len(reader.asked) == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [("/nowhere/", 404), ("/posts/sleep/?comments=99", 404), ("/posts/sleep/?order=up", 404), ("/old/", 301)],
)
def test_only_pages_that_are_there_are_stored(reader, post, address, status):
    addresses.moved("/old/", "/posts/sleep/")
    for _ in range(2):
        answer = reader.get(address)
        assert answer.status == status
        assert "ETag" not in answer.headers
    assert len(reader.asked) == 2
    assert stored_files() == []


def test_an_unknown_host_gets_nothing_of_ours(reader, post):
    reader.get("/posts/sleep/")
    answer = reader.get("/posts/sleep/", HTTP_HOST="evil.example")
    assert answer.status == 400
    assert "Sleep" not in answer.text


def test_nothing_of_one_host_is_answered_under_another(reader, post):
    reader.get("/posts/sleep/")
    reader.get("/posts/sleep/", HTTP_HOST="localhost")
    assert len(reader.asked) == 2


def test_nothing_that_came_by_https_is_answered_without(settings, post):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    reader = Reader()
    # Django reads this setting once; what matters here is that the two are asked for apart.
    reader.get("/posts/sleep/", HTTP_X_FORWARDED_PROTO="https")
    reader.get("/posts/sleep/", HTTP_X_FORWARDED_PROTO="http")
    assert len(reader.asked) == 2


def test_of_several_proxies_the_first_tells_how_a_page_was_asked_for(settings, post):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    reader = Reader()
    reader.get("/posts/sleep/", HTTP_X_FORWARDED_PROTO="https, http")
    reader.get("/posts/sleep/", HTTP_X_FORWARDED_PROTO="http")
    assert len(reader.asked) == 2
    reader.get("/posts/sleep/", HTTP_X_FORWARDED_PROTO="https")
    assert reader.asked == []


def test_the_language_of_the_site_is_the_language_of_what_is_stored(reader, post):
    assert 'lang="en"' in reader.get("/posts/sleep/").text
    make_site(language="es")
    answer = reader.get("/posts/sleep/")
    assert 'lang="es"' in answer.text
    assert answer.headers["Content-Language"] == "es"


def test_a_crowd_that_asks_at_once_has_the_page_made_once(reader, post):
    other = Reader()
    with ThreadPoolExecutor(12) as crowd:
        asked = [crowd.submit(each.get, "/posts/sleep/") for _ in range(6) for each in (reader, other)]
        pages = {each.result().body for each in asked}
    assert len(pages) == 1
    assert len(reader.asked + other.asked) == 1


def test_memory_has_a_limit_and_the_oldest_pages_go_first(monkeypatch):
    monkeypatch.setattr(stores, "MOST_BYTES", 10_000)
    memory = stores.Memory()
    for number in range(20):
        memory.put(number, Page("v", "200 OK", [("Content-Type", "text/html")], b"x" * 1000, ""))
    assert list(memory.pages) == [15, 16, 17, 18, 19]
    memory.put(20, Page("w", "200 OK", [], b"", ""))
    assert list(memory.pages) == [20]


def test_a_page_that_is_stored_again_weighs_once():
    memory = stores.Memory()
    for _ in range(3):
        memory.put("same", Page("v", "200 OK", [], b"x" * 1000, ""))
    assert memory.size == 2000


def test_few_pages_wait_to_be_made_smaller(reader, post, monkeypatch):
    monkeypatch.setattr(front, "MOST_WAITING", 2)
    monkeypatch.setattr(reader.front, "has_thread", True)  # Nobody makes them smaller.
    addresses = ["/", "/posts/sleep/", "/archive/", "/search/"]
    for address in addresses * 3:
        reader.get(address)
    assert reader.front.waiting.qsize() <= 3
    assert [page.is_queued for page in reader.front.memory.pages.values()].count(True) == 1


def test_the_folder_has_a_limit(reader, post, monkeypatch):
    monkeypatch.setattr(stores, "MOST_FILES_BYTES", 1)
    reader.get("/posts/sleep/")
    reader.get("/")
    assert {path.parent.name for path in stored_files()} == {"sleep"}


def test_a_folder_that_cannot_be_written_keeps_nobody_from_reading(reader, post, settings, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stores.tempfile, "mkstemp", refuse)
    assert "Sleep" in reader.get("/posts/sleep/").text
    assert reader.get("/posts/sleep/").status == 200
    assert reader.asked == ["/posts/sleep/"]


@pytest.mark.skipif(ours.CACHES["default"]["BACKEND"].endswith("RedisCache"), reason="The version is in Redis.")
def test_a_folder_that_is_not_ours_stores_nothing_rather_than_what_may_be_old(settings, tmp_path, caplog):
    (tmp_path / "file").write_text("No folder can be made below a file.")
    settings.PAGES_DIR = tmp_path / "file" / "pages"
    mirrors.mirror.cache_clear()
    assert pagecache.put_before(print) is print
    assert "the version of pages could not be moved: NotADirectoryError" in caplog.text


def test_the_page_cache_can_be_switched_off(settings):
    settings.PAGE_CACHE = False
    assert pagecache.put_before(print) is print


# What nginx finds


def stored_files() -> list:
    front = Reader().front.files.folder
    return sorted(path for path in front.rglob("page*") if path.is_file())


def test_nginx_finds_a_page_under_its_path_with_a_time_made_of_its_content(reader, post):
    zipped = reader.get("/posts/sleep/", HTTP_ACCEPT_ENCODING="gzip")
    reader.get("/posts/sleep/")
    until_smaller(reader)
    folder = reader.front.files.folder / mirrors.mirror().version() / "posts" / "sleep"
    assert sorted(os.listdir(folder)) == ["page.head", "page.html", "page.html.br", "page.html.gz"]
    state = (folder / "page.html.gz").stat()
    assert f'"{int(state.st_mtime):x}-{state.st_size:x}"' == zipped.headers["ETag"]
    assert state.st_mode & 0o777 == 0o644


def test_a_page_with_headers_of_its_own_is_not_for_nginx(reader, post):
    reader.get("/posts/sleep/comments/")
    reader.get("/feed/")
    reader.get("/posts/sleep/?order=newest")
    assert stored_files() != []
    assert [path.name for path in stored_files() if path.name.startswith("page.html")] == []


@pytest.mark.parametrize(
    "path", ["/../../etc/", "/a/../b/", "/.hidden/", "//double/", "/" + "long" * 100 + "/", "/a\0b/"]
)
def test_no_address_leads_out_of_the_folder(reader, path):
    page = Page("0" * 16, "200 OK", [("Content-Type", "text/html; charset=utf-8")], b"<p>Hello</p>", "")
    reader.front.files.put(page, path, "")
    assert stored_files() == []
    assert reader.front.files.get("0" * 16, path, "") is None


def test_addresses_in_other_letters_are_stored_in_memory(reader):
    make_page("über-uns")
    for _ in range(2):
        assert reader.get("/über-uns/").status == 200
    assert len(reader.asked) == 1
