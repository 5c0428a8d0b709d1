"""Two machines behind nginx, one PostgreSQL, one Redis. A machine is killed, Redis is killed, PostgreSQL goes away; all
the while readers read and reply and a moderator decides. Whatever was taken is there, once, on both machines.
"""

import http.client
import importlib.util
import itertools
import json
import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

import pytest

from audit.demo_site import free_port
from tests.cluster import Gate, Moderator, Node, ask_nginx, redis_of_its_own
from tests.databases import ON_POSTGRESQL, another_database, select
from tests.nginx import NAME, nginx, write_configuration
from tests.running import PATIENCE, environment, run

pytestmark = [
    pytest.mark.xdist_group("serving"),
    pytest.mark.skipif(not ON_POSTGRESQL, reason="several machines share a PostgreSQL"),
]
SENDERS = 3
LONGEST = 4 * PATIENCE
UNSURE = {502, 503, 504}
HAS_PAGE_CACHE = importlib.util.find_spec("ketablog.pagecache") is not None
STALE = "Ketablog-Stale"
MAILS = (
    "SELECT CAST(args_kwargs AS text), status FROM django_tasks_database_dbtaskresult "
    "WHERE task_path = 'ketablog.mail.deliver'"
)
WAITING = (
    "SELECT 1 FROM django_tasks_database_dbtaskresult "
    "WHERE status = 'READY' AND (run_after IS NULL OR run_after < now())"
)


class Story:
    """What happened so far; whoever waits for something hears of each change."""

    def __init__(self) -> None:
        self.allowed = self.begun = 0
        self.taken: list[str] = []
        self.approved: set[str] = set()
        self.unsure = 0
        self.seen: list[tuple[str, int, str]] = []  # Of each page that was read: what was away, status, stale or not.
        self.away = ""
        self.is_over = False
        self.changed = threading.Condition()

    def note(self, change: Callable[[], object]) -> None:
        with self.changed:
            change()
            self.changed.notify_all()

    def wait_for(self, what: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.is_over or what(), LONGEST), "It never came so far."
            assert not self.is_over, "Somebody gave up."

    def allow(self, replies: int) -> None:
        """Have so many more replies sent. All of them together fit on one page of an article."""
        self.note(lambda: setattr(self, "allowed", self.allowed + replies))

    def take_turn(self) -> bool:
        """Wait until one more reply may be sent; false when all is over."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_over or self.begun < self.allowed, LONGEST)
            self.begun += 1
            return not self.is_over

    def let_happen(self, replies: int) -> None:
        """Wait until so many more replies were sent and taken, and pages were read meanwhile."""
        self.allow(replies)
        pages = len(self.seen) + 3
        self.wait_for(lambda: len(self.taken) >= self.allowed and len(self.seen) >= pages)

    def set_away(self, name: str) -> None:
        self.note(lambda: setattr(self, "away", name))

    def pause(self) -> None:
        """A moment, such as before something is tried again."""
        threading.Event().wait(0.05)


class Cluster:
    def __init__(self, url: str, article: str, port: int, nodes: list[Node]) -> None:
        self.url = url
        self.article = article
        self.port = port
        self.nodes = nodes
        self.story = Story()

    def reply(self, sender: int) -> None:
        """Send one reply after the other, each from a network of its own, the same again where it is not sure."""
        token = re.search(r'name="token"[^>]*value="([0-9a-f]+)"', ask_nginx(self.port, self.article)[1])[1]
        for number in itertools.count():
            if not self.story.take_turn():
                return
            text = f"Reply {number} of reader {sender}."
            form = {"comment": text, "name": "Rita", "email": "rita@example.org", "website": "", "token": token}
            self.send(text, form, f"127.{sender + 1}.{number % 250}.7")

    def send(self, text: str, form: dict[str, str], address: str) -> None:
        is_unsure = False
        while True:
            try:
                status, page, _headers = ask_nginx(self.port, f"{self.article}comments/", "POST", form, address)
            except (OSError, http.client.HTTPException):
                status, page = 502, ""
            if status not in UNSURE:
                break
            is_unsure = True
            self.story.note(lambda: setattr(self.story, "unsure", self.story.unsure + 1))
            self.story.pause()
        assert status == 303 or (status == 409 and is_unsure), page
        self.story.note(lambda: self.story.taken.append(text))

    def read(self) -> None:
        while not self.story.is_over:
            away = self.story.away
            status, page, headers = ask_nginx(self.port, self.article)
            if away == self.story.away:
                self.story.note(partial(self.story.seen.append, (away, status, headers.get(STALE, ""))))
            assert status in UNSURE or "What we know." in page
            self.story.pause()

    def moderate(self, moderator: Moderator) -> None:
        """Approve what was taken, at one node and then at the other, and look at both at once."""
        nodes = itertools.cycle(self.nodes)
        while True:
            is_last = self.story.is_over
            for text in [text for text in self.story.taken if text not in self.story.approved]:
                self.approve(moderator, next(nodes), text)
            if is_last:
                return
            self.story.pause()

    def approve(self, moderator: Moderator, node: Node, text: str) -> None:
        number = dict(select(self.url, "SELECT source, id FROM comments_comment"))[text]
        try:
            status = moderator.approve(node, number)
        except (OSError, http.client.HTTPException):
            return  # Its machine is away; it is tried again.
        assert status == 302 or status in UNSURE, status
        if status != 302:
            return
        self.story.note(lambda: self.story.approved.add(text))
        for each in self.nodes:
            try:
                status, page, headers = each.ask(self.article)
            except (OSError, http.client.HTTPException):
                continue
            assert text in page or status in UNSURE or headers.get(STALE)


def prepared(tmp_path, url: str, redis_port: int) -> list[Node]:
    """Two machines that share nothing but the servers that the environment names, and the keys."""
    names = {"SITE_URL": f"https://{NAME}", "TRUSTED_PROXIES": "1", "WEB_WORKERS": "1", "DATABASE_URL": url}
    names["CACHE_URL"] = f"redis://127.0.0.1:{redis_port}/0"
    folders = [tmp_path / "one", tmp_path / "two"]
    environments = [environment(folder, **names, PORT=str(free_port())) for folder in folders]
    done = run("manage.py", "serve", "--only-prepare", "--no-demo", env=environments[0])
    assert done.returncode == 0, done.stderr
    shutil.copytree(*folders)  # The compressed style sheets, which take a while.
    return [Node(env) for env in environments]


def write_article(tmp_path, env: dict[str, str]) -> str:
    text = tmp_path / "article.md"
    text.write_text("# Sleep\n\nWhat we know.\n", encoding="utf-8")
    imported = run("manage.py", "import_article", str(text), "--publish", env=env)
    assert imported.returncode == 0, imported.stderr
    account = {"DJANGO_SUPERUSER_PASSWORD": "correct horse battery"}
    names = ["--username", "mo", "--email", "mo@clinic.example"]
    made = run("manage.py", "createsuperuser", "--noinput", *names, env=env | account)
    assert made.returncode == 0, made.stderr
    return re.search(r"https://[^/]+(/posts/\S+)", imported.stdout)[1]


def test_while_machines_cache_and_database_go_away_nothing_that_was_taken_is_lost_or_doubled(tmp_path):
    with another_database(tmp_path) as url, redis_of_its_own(tmp_path) as redis:
        parts = urlsplit(url)
        gate = Gate(parts.hostname, parts.port or 5432)
        through_gate = parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{gate.port}").geturl()
        first, second = nodes = prepared(tmp_path, through_gate, redis.port)
        article = write_article(tmp_path, first.env)
        addresses = [f"127.0.0.1:{node.port}" for node in nodes]
        configuration, port = write_configuration(
            "many-machines.conf", tmp_path / "nginx", data_dir=tmp_path, nodes=addresses
        )
        try:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(Node.start, nodes))
            with nginx(configuration, port):
                cluster = Cluster(url, article, port, nodes)
                run_through(cluster, redis, gate, first, second)
        finally:
            for node in nodes:
                node.kill()
            gate.shut()


def run_through(cluster: Cluster, redis, gate: Gate, first: Node, second: Node) -> None:
    story = cluster.story
    moderator = Moderator(cluster.port, "mo", "correct horse battery")
    with ThreadPoolExecutor(SENDERS + 2) as pool:
        everybody = [pool.submit(cluster.reply, number) for number in range(SENDERS)]
        everybody += [pool.submit(cluster.read), pool.submit(cluster.moderate, moderator)]
        for each in everybody:
            each.add_done_callback(lambda _done: story.note(lambda: setattr(story, "is_over", True)))
        try:
            story.let_happen(4)
            story.set_away("machine")
            story.allow(SENDERS)
            second.kill()
            story.let_happen(4)
            story.allow(2)
            second.start()
            story.set_away("")
            story.let_happen(2)

            story.set_away("cache")
            redis.kill()
            story.let_happen(4)
            assert json.loads(first.ask("/readyz")[1]) == {"database": True, "cache": False, "mail": True}
            redis.start()
            story.set_away("")
            story.let_happen(2)

            story.set_away("database")
            story.allow(SENDERS)
            gate.shut()
            unsure = story.unsure
            story.wait_for(lambda: story.unsure >= unsure + 2 * SENDERS)
            assert json.loads(first.ask("/readyz")[1])["database"] is False
            assert first.ask("/healthz")[0] == 200
            gate.open()
            story.let_happen(4)
            while not all(json.loads(node.ask("/readyz")[1])["database"] for node in cluster.nodes):
                story.pause()
            story.set_away("")
            story.let_happen(2)
        finally:
            story.note(lambda: setattr(story, "is_over", True))
        for each in everybody:
            each.result(PATIENCE)
    while_waiting_for_mail(cluster)
    check(cluster, first, second)


def while_waiting_for_mail(cluster: Cluster) -> None:
    for _ in range(PATIENCE * 20):
        if not select(cluster.url, WAITING):
            return
        cluster.story.pause()
    pytest.fail("The workers did not come back.")


def check(cluster: Cluster, first: Node, second: Node) -> None:
    story, url = cluster.story, cluster.url
    rows = Counter(source for (source,) in select(url, "SELECT source FROM comments_comment"))
    assert rows == Counter(story.taken)
    assert set(rows.values()) == {1}
    assert story.approved == set(story.taken)
    decided = Counter(number for (number,) in select(url, "SELECT comment_id FROM comments_decision"))
    assert (len(decided), set(decided.values())) == (len(rows), {1})
    told = select(url, MAILS)
    assert told
    assert len(told) == len({arguments for arguments, _status in told})
    assert {status for _arguments, status in told} <= {"SUCCESSFUL", "READY", "RUNNING"}
    for node in (first, second):
        for _ in range(PATIENCE * 20):  # A first request may still be answered from before, and says so.
            _status, page, headers = node.ask(cluster.article)
            if not headers.get(STALE):
                break
            story.pause()
        assert [text for text in story.taken if text not in page] == []
    check_what_readers_saw(story)


def check_what_readers_saw(story: Story) -> None:
    assert {status for away, status, _stale in story.seen if away != "database"} == {200}
    during = [(status, stale) for away, status, stale in story.seen if away == "database"]
    assert during
    if HAS_PAGE_CACHE:
        # What changed just before, and nobody read since, is not there: an older page may hold what was taken off.
        assert 200 in {status for status, _stale in during} <= {200, 503}
        assert {stale for status, stale in during if status == 200} <= {"", "database"}
    else:
        assert {status for status, _stale in during} <= {200, 503}
    assert {stale for away, _status, stale in story.seen if away in ("machine", "cache")} == {""}
