"""The site as `make run` serves it: one process that watches a web server and a task worker."""

import gc
import http.client
import io
import json
import os
import re
import signal
import socket
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from audit.demo_site import free_port
from comments.classifier import model
from comments.rules.help import phrases
from ketablog import webserver
from ketablog.serving import bracketed, local_url
from tests.running import children_of, environment, run, running

# What is waited for and not caught cannot come at the wrong moment.
WAITING = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [15]); print('waiting', flush=True)"
PATIENT = WAITING + "; signal.sigwait([15]); print('told', flush=True)"
STUBBORN = PATIENT + "; signal.sigwait([15])"


def python(code: str) -> str:
    return f'{sys.executable} -c "{code}"'


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def connected(port: int):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    with connected(port) as connection:
        body = headers.pop("body", None)
        connection.request(method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response, response.read()


def send_raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    """A site that was prepared once, without demo content."""
    folder = tmp_path_factory.mktemp("site")
    done = run("manage.py", "serve", "--only-prepare", "--no-demo", env=environment(folder))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Preparing the database …", "Compressing the static files …"]
    return folder


@pytest.fixture
def port():
    return free_port()


@contextmanager
def served(data_dir, port, **ours):
    env = environment(data_dir, PORT=str(port), **ours)
    with running("manage.py", "serve", "--no-demo", env=env) as site:
        site.read_until("is up.")
        yield site


@pytest.mark.xdist_group("serving")
@pytest.mark.parametrize(("name", "kilobytes"), [("css/site.css", 9), ("js/site.js", 5)])
def test_a_bundle_is_named_by_its_digest_compressed_and_within_its_budget(data_dir, name, kilobytes):
    names = json.loads((data_dir / "static" / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    bundle = data_dir / "static" / names[name]
    assert re.fullmatch(r"site\.[0-9a-f]{12}\.(css|js)", bundle.name)
    assert 0 < bundle.with_name(f"{bundle.name}.br").stat().st_size <= kilobytes * 1024
    assert bundle.with_name(f"{bundle.name}.gz").exists()


@pytest.mark.xdist_group("serving")
def test_what_was_prepared_is_served_at_once(data_dir, port):
    with served(data_dir, port) as site:
        assert ask(port, "/healthz")[1] == b"ok\n"
        response, body = ask(port, "/readyz")
        assert (response.status, body) == (200, b'{"database": true, "cache": true, "mail": true}')
        response, _body = ask(port, "/")
        assert response.status == 200
        assert re.fullmatch(r"[A-Za-z]*", response.headers["Server"])
        assert "Set-Cookie" not in response.headers
    assert site.process.returncode == 0
    assert f"http://127.0.0.1:{port}/ is up." in site.output
    assert "Compressing" not in site.output
    assert not listening(port)


@pytest.mark.xdist_group("serving")
def test_a_head_is_answered_with_headers_alone_and_without_a_warning(data_dir, port):
    with served(data_dir, port) as site:
        got, page = ask(port, "/")
        response, body = ask(port, "/", "HEAD")
        assert (response.status, body) == (200, b"")
        assert response.headers["Content-Length"] == got.headers["Content-Length"] == str(len(page))
        assert ask(port, "/nothing/", "HEAD")[1] == b""
        assert ask(port, "/healthz", "HEAD")[1] == b""
    assert "no-body response" not in site.output
    assert "HEAD /healthz 200" in site.output


@pytest.mark.xdist_group("serving")
def test_style_sheets_are_compressed_and_kept_for_good(data_dir, port):
    with served(data_dir, port):
        _response, body = ask(port, "/")
        path = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', body.decode())[1]
        response, _body = ask(port, path, Accept_Encoding="br")
        assert response.status == 200
        assert response.headers["Content-Encoding"] == "br"
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.xdist_group("serving")
def test_the_log_tells_routes_and_nothing_of_the_reader(data_dir, port):
    with served(data_dir, port) as site:
        for path in (
            "/canary-path/",
            "/comments/canary/",
            "/?q=canary-query",
            "/static/canary.css",
            "/media/canary.webp",
        ):
            response, _body = ask(
                port, path, User_Agent="canary-agent", Referer="http://x/canary", X_Forwarded_For="203.0.113.77"
            )
            assert response.status in (200, 404), path
        form = {"Content_Type": "application/x-www-form-urlencoded", "body": "email=canary%40example.org"}
        assert ask(port, "/posts/canary-post/comments/", "POST", **form)[0].status == 404
        assert ask(port, "/healthz", Host="canary.example")[0].status == 400
        assert send_raw(port, b"canary nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
        assert send_raw(port, b"GET /?canary=" + b"x" * 20000 + b" HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 431")
        assert send_raw(port, b"GET / HTTP/1.1\r\ncanary name: x\r\n\r\n").startswith(b"HTTP/1.1 400")
        assert ask(port, "/healthz")[0].status == 200
    log = site.output
    assert "GET /healthz 200" in log
    assert "GET (no route) 404" in log
    assert "canary" not in log
    assert "203.0.113" not in log
    assert not re.search(r"127\.0\.0\.1(?!:\d+/ is up)", log)


@pytest.mark.xdist_group("serving")
@pytest.mark.parametrize("victim", ["web", "worker"])
def test_server_and_worker_end_together(data_dir, port, victim):
    with served(data_dir, port) as site:
        children = children_of(site.process.pid)
        assert len(children) == 2
        is_web = {pid: Path(f"/proc/{pid}/comm").read_text() == "ketablog-web\n" for pid in children}
        os.kill(next(pid for pid in children if is_web[pid] == (victim == "web")), signal.SIGKILL)
        assert site.end() == 1
    assert not any(is_alive(pid) for pid in children)


@pytest.mark.xdist_group("serving")
def test_a_taken_port_is_told_before_anything_starts(tmp_path, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = run("manage.py", "serve", env=environment(tmp_path, PORT=str(port)))
    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Port {port} on 127.0.0.1 is taken")
    assert f"PORT={port + 1}" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine_is_told(tmp_path):
    done = run("manage.py", "serve", env=environment(tmp_path, HOST="192.0.2.1", SITE_URL="http://127.0.0.1:8000"))
    assert (done.returncode, done.stderr) == (
        1,
        "CommandError: HOST is '192.0.2.1', which is no address of this machine.\n",
    )


def test_a_database_that_is_away_is_told(tmp_path, port):
    env = environment(tmp_path, PORT=str(port), DATABASE_URL=f"sqlite:///{tmp_path}/missing/ketablog.sqlite3")
    done = run("manage.py", "serve", env=env)
    assert (done.returncode, done.stderr) == (
        1,
        "CommandError: The database does not answer. Is it running, and is DATABASE_URL right?\n",
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_both_and_is_no_failure(number, tmp_path):
    with running("-m", "ketablog.serving", python(PATIENT), python(PATIENT), env=environment(tmp_path)) as pair:
        pair.read_until("waiting", 2)
        assert pair.end(number) == 0
    assert pair.output.count("told") == 2


@pytest.mark.parametrize("status", [0, 3])
def test_when_one_ends_the_other_is_told_and_that_is_a_failure(status, tmp_path):
    commands = [python(PATIENT), python(f"raise SystemExit({status})")]
    with running("-m", "ketablog.serving", *commands, env=environment(tmp_path)) as pair:
        assert pair.end() == 1


def test_a_second_signal_ends_what_would_not(tmp_path):
    with running("-m", "ketablog.serving", python(STUBBORN), python(STUBBORN), env=environment(tmp_path)) as pair:
        pair.read_until("waiting", 2)
        pair.process.send_signal(signal.SIGINT)
        pair.read_until("told", 2)
        assert pair.end(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("127.0.0.1", 8000, "http://127.0.0.1:8000"),
        ("0.0.0.0", 9000, "http://127.0.0.1:9000"),  # noqa: S104 (only read)
        ("::", 9000, "http://[::1]:9000"),
        ("::1", 80, "http://[::1]"),
        ("[::1]", 8000, "http://[::1]:8000"),
        ("localhost", 80, "http://localhost"),
        ("192.0.2.7", 8080, "http://192.0.2.7:8080"),
    ],
)
def test_the_address_follows_host_and_port(host, port, url):
    assert local_url(host, port) == url


def test_an_ipv6_address_stands_in_brackets_before_a_port():
    assert [bracketed(host) for host in ("::1", "[::1]", "127.0.0.1")] == ["[::1]", "[::1]", "127.0.0.1"]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_reader_waits_for_what_is_read_once(settings):
    assert "comments.rules.help.phrases.engine" in settings.READ_AT_START
    phrases.engine.cache_clear()
    model.shipped.cache_clear()
    try:
        webserver.loaded()
    finally:
        gc.unfreeze()
    assert phrases.engine.cache_info().currsize == model.shipped.cache_info().currsize == 1


def test_a_body_that_ends_too_early_is_no_shorter_body():
    body = webserver.Body(io.BytesIO(b"comment=I+am+not"), 30)
    assert body.read(16) == b"comment=I+am+not"
    with pytest.raises(OSError, match="too early"):
        body.read(14)


def test_a_body_ends_where_it_was_said_to_end():
    body = webserver.Body(io.BytesIO(b"comment=yes and more"), 11)
    assert (body.read(), body.read()) == (b"comment=yes", b"")
