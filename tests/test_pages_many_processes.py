"""Four processes serve stored pages under load: what was decided is seen by whoever asks next, whoever answers."""

import re
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from queue import Queue
from urllib.parse import urlencode

import pytest

from audit.demo_site import free_port
from ketablog.pagecache.cdn import is_heard, purge_request
from ketablog.pagecache.keeper import Keeper
from posts.models import Post
from tests.base import make_post
from tests.databases import another_database, select
from tests.fronts import Reader
from tests.running import PATIENCE, environment, run, running
from tests.test_site_killing import drain

PASSWORD = "correct horse battery"
ROUNDS = 5
ASKED_AFTER = 12
LIST = "/admin/comments/comment/"


class Browser:
    """Keeps cookies, and a connection of its own for each request."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.site + path, timeout=PATIENCE) as response:
            return response.read().decode()

    def post(self, path: str, **fields: str) -> str:
        body, headers = urlencode(fields).encode(), {"Origin": self.site}
        request = urllib.request.Request(self.site + path, body, headers)  # noqa: S310 (our own server)
        with self.opener.open(request, timeout=PATIENCE) as response:
            return response.read().decode()

    def token(self, page: str, name: str) -> str:
        return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1]

    def sign_in(self) -> None:
        token = self.token(self.get("/admin/login/"), "csrfmiddlewaretoken")
        self.post(
            "/admin/login/", username="mo", password=PASSWORD, csrfmiddlewaretoken=token, next="/admin/password_change/"
        )

    def decide(self, verb: str, pk: int) -> None:
        token = self.token(self.get(f"{LIST}?status=all"), "csrfmiddlewaretoken")
        self.post(LIST, decide=f"{verb}:{pk}:1", csrfmiddlewaretoken=token)


@pytest.fixture
def site(tmp_path):
    with another_database(tmp_path) as url:
        port = free_port()
        env = environment(tmp_path, DATABASE_URL=url, PORT=str(port), WEB_WORKERS="4")
        assert run("manage.py", "serve", "--only-prepare", "--no-demo", env=env).returncode == 0
        names = ["--username", "mo", "--email", "mo@clinic.example"]
        account = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        assert run("manage.py", "createsuperuser", "--noinput", *names, env=env | account).returncode == 0
        with running("manage.py", "serve", "--no-demo", env=env) as program:
            program.read_until("is up.")
            reading = threading.Thread(target=drain, args=[program.process.stdout.fileno()])
            reading.start()
            yield env
            program.kill()
            reading.join()


@pytest.mark.xdist_group("serving")
def test_under_load_the_next_reader_sees_what_was_decided_whoever_of_four_processes_answers(site, tmp_path):
    address, mo, url = (
        f"http://127.0.0.1:{site['PORT']}",
        Browser(f"http://127.0.0.1:{site['PORT']}"),
        site["DATABASE_URL"],
    )
    text = tmp_path / "article.md"
    text.write_text("# Sleep\n\nWhat we know.\n", encoding="utf-8")
    article = re.search(
        r"http://[^/]+(/posts/\S+)", run("manage.py", "import_article", str(text), "--publish", env=site).stdout
    )[1]
    mo.sign_in()
    is_over = threading.Event()

    def read_on() -> int:
        read = 0
        while not is_over.is_set():
            assert "What we know." in Browser(address).get(article)
            read += 1
        return read

    with ThreadPoolExecutor(6) as crowd:
        reading = [crowd.submit(read_on) for _ in range(6)]
        try:
            for number in range(ROUNDS):
                words = f"Round {number} of my own words."
                reader = Browser(address)
                token = reader.token(reader.get(article), "token")
                fields = {"name": "Rita", "email": f"rita{number}@example.org", "website": "", "token": token}
                reader.post(f"{article}comments/", comment=words, **fields)
                (pk,) = select(url, "SELECT max(id) FROM comments_comment")[0]
                assert all(words not in Browser(address).get(article) for _ in range(ASKED_AFTER))
                mo.decide("approve", pk)
                assert all(words in Browser(address).get(article) for _ in range(ASKED_AFTER))
                mo.decide("remove", pk)
                assert all(words not in Browser(address).get(article) for _ in range(ASKED_AFTER))
            approved = run("manage.py", "approve_comments", str(pk), env=site)
            assert approved.returncode == 0, approved.stderr
            assert all(words in Browser(address).get(article) for _ in range(ASKED_AFTER))
        finally:
            is_over.set()
        assert all(each.result(PATIENCE) > 0 for each in reading)


# A CDN


@pytest.fixture
def cdn():
    """A server that is told what to forget, and does not listen the first time."""
    heard: Queue[tuple[str, str | None, bytes]] = Queue()
    statuses = chain([503], repeat(200))

    class Told(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.put((self.path, self.headers["Authorization"], body))
            self.send_response(next(statuses))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


def test_a_cdn_is_told_of_each_change_until_it_listens(own_pages, settings, cdn, monkeypatch):
    monkeypatch.setattr("ketablog.pagecache.cdn.AGAIN_AFTER", 0.05)
    url, heard = cdn
    settings.CDN_PURGE_URL, settings.CDN_PURGE_HEADER = f"{url}/purge?zone=1", "Authorization: Bearer secret"
    make_post("Sleep", slug="sleep")
    keeper = Keeper()
    keeper.look()
    for _ in range(3):  # The one that was refused, the one that was heard, and once more a little later.
        assert heard.get(timeout=PATIENCE) == ("/purge?zone=1", "Bearer secret", b'{"purge_everything": true}')


def test_only_where_a_cdn_is_told_may_it_keep_pages(own_pages, settings):
    make_post("Sleep", slug="sleep")
    assert Reader().get("/posts/sleep/").headers["Cache-Control"] == "no-cache"
    settings.CDN_PURGE_URL = "http://127.0.0.1:1/"
    Post.objects.update(title="Rest")
    reader = Reader()
    assert reader.get("/posts/sleep/").headers["Cache-Control"] == "max-age=0, must-revalidate, s-maxage=3600"
    assert reader.get("/posts/sleep/?mine=x").headers["Cache-Control"] == "no-cache"


def test_what_a_cdn_says_is_not_logged(own_pages, settings, caplog):
    settings.CDN_PURGE_URL = "http://127.0.0.1:1/key-of-the-clinic"
    assert not is_heard(purge_request())
    assert "the CDN was not told of a change: URLError" in caplog.text
    assert "key-of-the-clinic" not in caplog.text
