"""As deployed, behind nginx and on a socket that outlives them, the processes of the web server are replaced one after
the other while readers read and reply: no request fails, and each reply is there once."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from audit.demo_site import free_port
from tests.databases import another_database, select
from tests.running import PATIENCE, ROOT, environment, kill_and_wait, run

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
ROUNDS = 3
INSTANCES = 2
READERS = 4
REPLIERS = 2
# As in deploy/nginx/ketablog.conf, but that each reply may come from another network.
PROXY = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream ketablog {{ server unix:{folder}/web.sock fail_timeout=0; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://ketablog;
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $http_x_forwarded_for;
            proxy_set_header Connection "";
        }}
    }}
}}
"""


class Instance:
    """A process of the web server, started and stopped as systemd does it."""

    def __init__(self, listening: socket.socket, folder: Path, number: int) -> None:
        self.listening, self.folder, self.number = listening, folder, number
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, env: dict[str, str]) -> None:
        """Comes back once it says that it is ready."""
        told = self.folder / f"ready-{self.number}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            told.unlink(missing_ok=True)
            systemd.bind(str(told))
            systemd.settimeout(PATIENCE)
            with open(self.folder / "log", "ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "ketablog.webserver", str(self.listening.fileno())],
                    cwd=ROOT,
                    env=env | {"NOTIFY_SOCKET": str(told)},
                    pass_fds=[self.listening.fileno()],
                    stdout=log,
                    stderr=log,
                )
            assert systemd.recv(100) == b"READY=1"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0


class Crowd:
    """Readers and repliers that ask until they are told to stop, and what they were answered."""

    def __init__(self, port: int, article: str, token: str) -> None:
        self.port, self.article, self.token = port, article, token
        self.is_over = threading.Event()
        self.answers: Counter[str] = Counter()
        self.taken: list[str] = []

    def read(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            while not self.is_over.is_set():
                self.ask(connection, "GET", self.article)

    def reply(self, who: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        number = 0
        with contextlib.closing(connection):
            while not self.is_over.is_set():
                number += 1
                text = f"Reply {number} of replier {who}."
                fields = {
                    "comment": text,
                    "name": "Rita",
                    "email": "rita@example.org",
                    "website": "",
                    "token": self.token,
                }
                headers = {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-Forwarded-For": f"10.{who}.{number // 250}.{number % 250}",
                }
                if self.ask(connection, "POST", f"{self.article}comments/", urlencode(fields), headers) == "303":
                    self.taken.append(text)

    def ask(self, connection: http.client.HTTPConnection, method: str, path: str, *rest: object) -> str:
        try:
            connection.request(method, path, *rest)
            response = connection.getresponse()
            response.read()
            answer = str(response.status)
        except (OSError, http.client.HTTPException) as error:
            answer = type(error).__name__
            connection.close()
        self.answers[f"{method} {answer}"] += 1
        return answer


def ask_as(port: int, path: str, host: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Host": host})
        response = connection.getresponse()
        return response.status, response.read().decode()


@pytest.fixture
def folder():
    """A short path: that of a socket may have 107 characters."""
    path = Path(tempfile.mkdtemp(prefix="ketablog-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def proxy(folder):
    """The port of an nginx in front of the socket."""
    if not NGINX:
        assert "CI" not in os.environ, "nginx is missing (Debian: nginx-light)."
        pytest.skip("nginx is not installed")
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + PROXY.format(folder=folder, port=port))
    process = subprocess.Popen([NGINX, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")])
    yield port
    process.terminate()
    process.wait(PATIENCE)


@pytest.mark.xdist_group("serving")
def test_processes_are_replaced_while_readers_read_and_reply_and_no_request_fails(tmp_path, folder, proxy):
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(another_database(tmp_path))
        env = environment(tmp_path, DATABASE_URL=url, TRUSTED_PROXIES="1", PORT=str(proxy))
        assert run("manage.py", "serve", "--only-prepare", "--no-demo", env=env).returncode == 0
        text = tmp_path / "article.md"
        text.write_text("# Sleep\n\nWhat we know.\n", encoding="utf-8")
        imported = run("manage.py", "import_article", str(text), "--publish", env=env)
        article = re.search(r"http://[^/]+(/posts/\S+)", imported.stdout)[1]

        listening = stack.enter_context(socket.socket(socket.AF_UNIX))
        listening.bind(str(folder / "web.sock"))
        listening.listen(1024)
        instances = [Instance(listening, folder, number) for number in range(INSTANCES)]
        stack.callback(lambda: kill_and_wait([each.process.pid for each in instances if each.process.poll() is None]))
        for instance in instances:
            instance.start(env)

        _status, page = ask_as(proxy, article, "127.0.0.1")
        crowd = Crowd(proxy, article, re.search(r'name="token"[^>]*value="([0-9a-f]+)"', page)[1])
        with ThreadPoolExecutor(READERS + REPLIERS) as pool:
            asking = [pool.submit(crowd.read) for _ in range(READERS)]
            asking += [pool.submit(crowd.reply, who) for who in range(REPLIERS)]
            try:
                for number in range(ROUNDS):
                    hosts = f"127.0.0.1,round-{number}.example.org"
                    for instance in instances:
                        instance.stop()
                        instance.start(env | {"ALLOWED_HOSTS": hosts})
                    # What runs is what was started last.
                    assert ask_as(proxy, article, f"round-{number}.example.org")[0] == 200
                    assert ask_as(proxy, article, f"round-{number - 1}.example.org")[0] == 400
            finally:
                crowd.is_over.set()
            for each in asking:
                each.result(PATIENCE)
        for instance in instances:
            instance.stop()

        assert set(crowd.answers) == {"GET 200", "POST 303"}, crowd.answers
        assert min(crowd.answers.values()) > 20
        rows = Counter(source for (source,) in select(url, "SELECT source FROM comments_comment"))
        assert rows == Counter(crowd.taken)
