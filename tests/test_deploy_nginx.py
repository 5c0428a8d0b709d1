"""nginx in front, with the files that are shipped: what it answers itself is what the site would have answered."""

import gzip
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from audit.demo_site import free_port
from tests.nginx import NAME, SHIPPED, ask, check, nginx, program, write_configuration
from tests.running import environment, running

pytestmark = pytest.mark.xdist_group("serving")
CONFIGURATIONS = ["ketablog.conf", "many-machines.conf"]
PAGE = b"<!doctype html><title>Stored</title>" + b"<p>What we know.</p>" * 100
# What belongs to one answer, or to one file.
OWN = {
    "date",
    "server",
    "connection",
    "content-length",
    "etag",
    "content-language",
    "content-encoding",
    "transfer-encoding",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site without content, as one of the machines runs it: its data, and where it listens. What is stored there is
    stored by the tests."""
    program("nginx")
    data_dir, port = tmp_path_factory.mktemp("site"), free_port()
    (data_dir / "media" / "images").mkdir(parents=True)
    (data_dir / "media" / "images" / "a.webp").write_bytes(b"a picture")
    env = environment(data_dir, PAGE_CACHE="off", **names_of(port))
    with running("manage.py", "serve", "--no-demo", env=env) as program_:
        program_.read_until("is up.")
        yield data_dir, f"127.0.0.1:{port}"


def names_of(port: int) -> dict[str, str]:
    return {"SITE_URL": f"https://{NAME}", "TRUSTED_PROXIES": "1", "PORT": str(port), "WEB_WORKERS": "1"}


@pytest.fixture(scope="module")
def one_machine(site, tmp_path_factory):
    data_dir, node = site
    configuration, port = write_configuration(
        "ketablog.conf", tmp_path_factory.mktemp("nginx") / "one", data_dir=data_dir, nodes=[node]
    )
    with nginx(configuration, port):
        yield port


@pytest.fixture(scope="module")
def many_machines(site, tmp_path_factory):
    """Two nodes, of which the first does not answer."""
    data_dir, node = site
    configuration, port = write_configuration(
        "many-machines.conf",
        tmp_path_factory.mktemp("nginx") / "many",
        data_dir=data_dir,
        nodes=[f"127.0.0.1:{free_port()}", node],
        micro_cache=True,
    )
    with nginx(configuration, port):
        yield port


@pytest.fixture
def stored(site):
    """Stores a page as the present state of the content has it; `None` takes that state away."""
    pages = site[0] / "pages"

    def store(path: str, content: bytes, time: int = 1_234_567) -> None:
        folder = pages / "v1" / path.strip("/")
        folder.mkdir(parents=True, exist_ok=True)
        forms = {"": content, ".gz": gzip.compress(content, mtime=0), ".br": brotli.compress(content)}
        for form, held in forms.items():
            (folder / f"page.html{form}").write_bytes(held)
            os.utime(folder / f"page.html{form}", (time, time))
        (pages / "current").unlink(missing_ok=True)
        (pages / "current").symlink_to("v1")

    yield store
    (pages / "current").unlink(missing_ok=True)


@pytest.mark.parametrize("shipped", CONFIGURATIONS)
@pytest.mark.parametrize("micro_cache", [False, True])
def test_nginx_takes_each_file_that_is_shipped(tmp_path, shipped, micro_cache):
    program("nginx")
    configuration, _port = write_configuration(
        shipped, tmp_path / "nginx", data_dir=tmp_path, nodes=["127.0.0.1:1", "127.0.0.1:2"], micro_cache=micro_cache
    )
    assert "[warn]" not in check(configuration)


def test_each_file_that_is_included_is_shipped():
    texts = [file.read_text() for file in SHIPPED.rglob("*.*")]
    included = {name for text in texts for name in re.findall(r"include (\S+);", text)}
    assert included == {f"ketablog/{file.name}" for file in (SHIPPED / "ketablog").iterdir()}


def test_a_stored_page_comes_with_the_headers_that_the_site_sends(one_machine, stored):
    from_site, _page = ask(one_machine, "/", Accept_Encoding="gzip")
    assert from_site.status == 200
    stored("/", PAGE)
    response, page = ask(one_machine, "/", Accept_Encoding="gzip")
    assert (response.status, gzip.decompress(page)) == (200, PAGE)
    assert headers_of(response) == headers_of(from_site)


def headers_of(response) -> dict[str, list[str]]:
    """Without those of one answer. The parts of a policy have no order."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return {name: sorted(value.split("; ")) for name, value in headers.items() if name not in OWN}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0", "gzip"),
        ("br;q=0.0, gzip;q=0", None),
        ("BR ; q=0.5", "br"),
        ("gzip;q=1.0, brotli", "gzip"),
        ("xbr, gzipped", None),
        ("*", None),
    ],
)
def test_a_browser_gets_the_form_it_takes(one_machine, stored, accepted, encoding):
    stored("/posts/a-b/", PAGE)
    response, page = ask(one_machine, "/posts/a-b/", Accept_Encoding=accepted)
    assert (response.status, response.headers["Content-Encoding"]) == (200, encoding)
    assert response.headers["Vary"] == "Accept-Encoding"
    assert {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)(page) == PAGE
    assert int(response.headers["Content-Length"]) == len(page)


def test_the_tag_is_that_of_the_content_and_no_time_is_told(one_machine, stored):
    stored("/", PAGE, time=1000)
    first, _page = ask(one_machine, "/")
    stored("/", PAGE, time=1000)
    again, page = ask(one_machine, "/", If_None_Match=first.headers["ETag"])
    assert (again.status, page) == (304, b"")
    assert not first.headers["ETag"].startswith("W/")
    assert "Last-Modified" not in first.headers
    assert ask(one_machine, "/", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT")[0].status == 200
    stored("/", PAGE.replace(b"know", b"knew"), time=2000)
    assert ask(one_machine, "/", If_None_Match=first.headers["ETag"])[0].status == 200
    tags = {ask(one_machine, "/", Accept_Encoding=form)[0].headers["ETag"] for form in ("", "gzip", "br")}
    assert len(tags) == 3


def test_nginx_sends_what_the_site_has_stored_when_the_site_itself_is_gone(tmp_path):
    data_dir, port = tmp_path / "data", free_port()
    data_dir.mkdir()
    configuration, https = write_configuration(
        "ketablog.conf", tmp_path / "nginx", data_dir=data_dir, nodes=[f"127.0.0.1:{port}"]
    )
    with running("manage.py", "serve", "--no-demo", env=environment(data_dir, **names_of(port))) as program_:
        program_.read_until("is up.")
        with nginx(configuration, https):
            from_site = ask(https, "/archive/", Accept_Encoding="gzip")
            program_.kill()
            from_nginx = ask(https, "/archive/", Accept_Encoding="gzip")
            assert from_nginx[1] == from_site[1]
            assert headers_of(from_nginx[0]) == headers_of(from_site[0])
            tag = from_site[0].headers["ETag"]
            assert from_nginx[0].headers["ETag"] == tag
            assert ask(https, "/archive/", Accept_Encoding="gzip", If_None_Match=tag)[0].status == 304
            assert ask(https, "/")[0].status == 502


def test_a_stored_page_may_be_asked_for_its_head_and_not_for_a_part(one_machine, stored):
    stored("/", PAGE)
    response, page = ask(one_machine, "/", "HEAD")
    assert (response.status, page, response.headers["Content-Length"]) == (200, b"", str(len(PAGE)))
    response, page = ask(one_machine, "/", Range="bytes=0-9")
    assert (response.status, page) == (200, PAGE)


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/?page=2", {}),
        ("GET", "/", {"Cookie": "sessionid=abc"}),
        ("POST", "/", {}),
        ("GET", "/archive/", {}),
        ("GET", "/archive", {}),
        ("GET", "/page.html", {}),
        ("GET", "/../v1/page.html", {}),
        ("GET", "//", {}),
        ("GET", "/./", {}),
        ("GET", "/archive/../", {}),
        ("GET", "/%2e/", {}),
        ("GET", "/?;;/;/", {}),
    ],
)
def test_anything_else_is_answered_by_the_site(one_machine, stored, method, path, headers):
    stored("/", PAGE)
    response, page = ask(one_machine, path, method, **headers)
    assert response.status in (200, 301, 400, 404, 405)
    assert PAGE not in page


@pytest.mark.parametrize("path", ["//apart/", "/./apart/", "/x/../apart/", "/apart/%2e/"])
def test_an_address_that_leads_nowhere_on_the_site_leads_nowhere_past_it(one_machine, stored, path):
    stored("/apart/", PAGE)
    assert ask(one_machine, "/apart/")[1] == PAGE
    response, page = ask(one_machine, path)
    assert (response.status, PAGE in page) == (404, False)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/apart/?a=%2F&b", "reply " * 20_000),
        ("POST", "/apart/", ""),
        ("PUT", "/apart/", "text"),
        ("OPTIONS", "/apart/", ""),
        ("GET", "/%61part//x/../?q=%20;", ""),
        ("GET", f"/{'long' * 100}/", ""),
    ],
)
def test_what_is_for_the_site_arrives_as_it_was_sent(tmp_path, method, path, body):
    (tmp_path / "pages" / "v1" / "apart").mkdir(parents=True)
    (tmp_path / "pages" / "v1" / "apart" / "page.html").write_bytes(PAGE)
    (tmp_path / "pages" / "current").symlink_to("v1")
    with arriving() as (node, arrived):
        configuration, port = write_configuration(
            "ketablog.conf", tmp_path / "nginx", data_dir=tmp_path, nodes=[f"127.0.0.1:{node}"]
        )
        with nginx(configuration, port):
            assert ask(port, "/apart/")[1] == PAGE
            assert ask(port, path, method, body)[0].status == 200
    assert arrived == [(method, path, body)]


@contextmanager
def arriving() -> Iterator[tuple[int, list[tuple[str, str, str]]]]:
    """A port on which everything is taken, and what has come."""
    arrived: list[tuple[str, str, str]] = []

    class Taking(BaseHTTPRequestHandler):
        def take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            arrived.append((self.command, self.path, body.decode()))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_OPTIONS = take  # noqa: N815 (http.server's names)

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, arrived
        server.shutdown()


def test_while_the_state_is_not_known_the_site_answers_and_what_is_stored_counts_when_it_is(one_machine, stored, site):
    stored("/", PAGE)
    current = site[0] / "pages" / "current"
    current.unlink()
    assert PAGE not in ask(one_machine, "/")[1]
    (site[0] / "pages" / "v2").mkdir()
    current.symlink_to("v2")
    assert PAGE not in ask(one_machine, "/")[1]
    current.unlink()
    current.symlink_to("v1")
    assert ask(one_machine, "/")[1] == PAGE


@pytest.mark.parametrize("port", ["one_machine", "many_machines"])
def test_who_comes_by_another_name_gets_nothing(request, port):
    assert ask(request.getfixturevalue(port), "/", Host="evil.example")[0].status == 421


@pytest.mark.parametrize("port", ["one_machine", "many_machines"])
def test_pictures_and_style_sheets_are_kept_for_good(request, port, site):
    port = request.getfixturevalue(port)
    for _ in range(2):  # The second time from what nginx kept.
        response, content = ask(port, "/media/images/a.webp")
        assert (response.status, content) == (200, b"a picture")
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    (style_sheet,) = (site[0] / "static" / "css").glob("site.????????????.css")
    response, content = ask(port, f"/static/css/{style_sheet.name}", Accept_Encoding="gzip")
    assert response.status == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert gzip.decompress(content) == style_sheet.read_bytes()
    # What one node has not got may be at the other, which is away.
    assert ask(port, "/static/nothing.css")[0].status in (404, 502)
    assert ask(port, "/media/nothing.webp")[0].status == 404


def test_while_a_node_is_away_the_other_one_answers(many_machines):
    for _ in range(4):
        assert ask(many_machines, "/")[0].status == 200
        assert ask(many_machines, "/admin/login/")[0].status == 200


def test_what_is_kept_for_a_second_is_public(many_machines):
    """The login page sets a cookie and a page with a query is one of many; neither is kept."""
    assert ask(many_machines, "/admin/login/")[0].headers["Set-Cookie"]
    first, second = (ask(many_machines, "/admin/login/")[0].headers["Set-Cookie"] for _ in range(2))
    assert first != second
