"""The site is killed while readers reply: who was told that a reply was taken finds it, once."""

import contextlib
import http.client
import os
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from audit.demo_site import free_port
from tests.databases import another_database, select
from tests.running import PATIENCE, environment, run, running

READERS = 8
REPLIES_EACH = 125
KILLED_AFTER = (100, 300, 500, 700)  # Answers.
LONGEST = 4 * PATIENCE
# What is queued to be told names the reply and whom to tell.
MAILS = (
    "SELECT CAST(args_kwargs AS text) FROM django_tasks_database_dbtaskresult WHERE task_path = 'ketablog.mail.deliver'"
)


class Site:
    """A site that is killed now and then. Whoever gets no answer waits here until it is up again."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.port = int(env["PORT"])
        self.is_up = threading.Event()
        self.answered = 0
        self.is_over = False
        self.changed = threading.Condition()

    def run_and_kill(self, after: int) -> None:
        """Serve until there are so many answers, or nobody asks any more, then end all of its processes at once."""
        with running("manage.py", "serve", "--no-demo", env=self.env) as program:
            program.read_until("is up.")
            # Nobody reads on, and a full pipe would hold the server up.
            reading = threading.Thread(target=drain, args=[program.process.stdout.fileno()])
            reading.start()
            self.is_up.set()
            try:
                with self.changed:
                    assert self.changed.wait_for(lambda: self.answered >= after or self.is_over, LONGEST)
            finally:
                self.is_up.clear()
                program.kill()
                reading.join()

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes]:
        """The status and the page. Raises `OSError` or `HTTPException` where no answer came."""
        assert self.is_up.wait(PATIENCE), "The site did not come up again."
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            with contextlib.suppress(http.client.IncompleteRead):
                return response.status, response.read()
            return response.status, b""

    def count_answer(self) -> None:
        with self.changed:
            self.answered += 1
            self.changed.notify_all()

    def end(self, *_: object) -> None:
        with self.changed:
            self.is_over = True
            self.changed.notify_all()


def drain(descriptor: int) -> None:
    while os.read(descriptor, 65536):
        pass


class Reader:
    """Somebody who sends one reply after the other, and the same text again where no answer came."""

    def __init__(self, number: int, site: Site, article: str, token: str) -> None:
        self.number = number
        self.site = site
        self.article = article
        self.token = token
        self.taken: list[str] = []
        self.found_there: list[str] = []
        self.unanswered = 0

    def send_all(self) -> None:
        for number in range(REPLIES_EACH):
            self.send(f"Reply {number} of reader {self.number}.", f"10.{self.number}.0.{number}")

    def send(self, text: str, address: str) -> None:
        fields = {"comment": text, "name": "Rita", "email": "rita@example.org", "website": "", "token": self.token}
        is_unsure = False
        while True:
            try:
                status, page = self.site.ask(
                    "POST",
                    f"{self.article}comments/",
                    urlencode(fields),
                    **{
                        "Content-Type": "application/x-www-form-urlencoded",
                        # Each reply comes from a network of its own, as the proxy in front saw it.
                        "X-Forwarded-For": address,
                    },
                )
            except ConnectionRefusedError:
                continue  # Nothing was sent.
            except (OSError, http.client.HTTPException):
                is_unsure = True
                self.unanswered += 1
                continue
            break
        self.site.count_answer()
        if status == 409:
            assert is_unsure, "A reply was refused as a repetition that nobody had sent before."
            self.found_there.append(text)
        else:
            assert status == 303, page.decode()
            self.taken.append(text)


@pytest.fixture
def site(tmp_path):
    with another_database(tmp_path) as url:
        port = str(free_port())
        env = environment(tmp_path, DATABASE_URL=url, PORT=port, TRUSTED_PROXIES="1")
        prepared = run("manage.py", "serve", "--only-prepare", "--no-demo", env=env)
        assert prepared.returncode == 0, prepared.stderr
        account = {"DJANGO_SUPERUSER_PASSWORD": "correct horse battery"}
        names = ["--username", "mo", "--email", "mo@clinic.example"]
        made = run("manage.py", "createsuperuser", "--noinput", *names, env=env | account)
        assert made.returncode == 0, made.stderr
        yield Site(env)


@pytest.mark.xdist_group("serving")
def test_killed_while_1000_replies_come_in_the_site_loses_none_and_takes_none_twice(site, tmp_path):
    text = tmp_path / "article.md"
    text.write_text("# Sleep\n\nWhat we know.\n", encoding="utf-8")
    imported = run("manage.py", "import_article", str(text), "--publish", env=site.env)
    assert imported.returncode == 0, imported.stderr
    article = re.search(r"http://[^/]+(/posts/\S+)", imported.stdout)[1]

    everybody: list[Reader] = []

    def read_then_reply() -> None:
        _status, page = site.ask("GET", article)
        token = re.search(r'name="token"[^>]*value="([0-9a-f]+)"', page.decode())[1]
        everybody.extend(Reader(number, site, article, token) for number in range(READERS))
        with ThreadPoolExecutor(READERS) as pool:
            for done in [pool.submit(reader.send_all) for reader in everybody]:
                done.result()

    with ThreadPoolExecutor(1) as pool:
        replying = pool.submit(read_then_reply)
        replying.add_done_callback(site.end)
        for after in (*KILLED_AFTER, READERS * REPLIES_EACH):
            site.run_and_kill(after)
        replying.result(PATIENCE)

    taken = [text for reader in everybody for text in reader.taken]
    found_there = [text for reader in everybody for text in reader.found_there]
    url = site.env["DATABASE_URL"]
    rows = Counter(source for (source,) in select(url, "SELECT source FROM comments_comment"))
    assert len(taken) + len(found_there) == READERS * REPLIES_EACH
    assert sum(reader.unanswered for reader in everybody) > 0
    assert set(rows) == {*taken, *found_there}
    assert set(rows.values()) == {1}
    told = [mail for (mail,) in select(url, MAILS)]
    # Who moderates is told of the first, and of all that follow within minutes together.
    assert 0 < len(told) == len(set(told)) < READERS * REPLIES_EACH
