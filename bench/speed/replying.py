"""How fast replies are taken, and how long the first reader waits after one."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from statistics import median
from urllib.parse import urlencode

from bench.content.writing import Author
from bench.speed import figures, machine, servers
from bench.speed.asking import Client
from bench.speed.figures import Line, Part
from bench.speed.servers import Server
from bench.speed.sites import HOST, ROOT, Failed, Site

CLIENTS = 8
LENGTH = 500
ARTICLE = "/posts/replies-50/"
MOST_CPU, FEWEST_A_SECOND, MOST_EXTRA_WAIT = 0.006, 160, 0.015
TAKEN = 303
READERS = 3  # Who come after the first one.
PUBLISH = (
    "from ketablog.site import SiteSettings; "
    "SiteSettings.objects.update_or_create(pk=1, defaults={'moderation_policy': 'publish_clean'})"
)

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Writer:
    """A reader who writes under one article, a new text and from a new address each time."""

    client: Client
    path: str
    token: str
    author: Author
    number: int

    @classmethod
    def of(cls, server: Server, path: str, number: int) -> "Writer":
        client = Client(server.port)
        token = re.search(r'name="token" value="([^"]+)"', client.get(path).text)
        if token is None:
            raise Failed(f"{path} has no form for a reply.")
        return cls(client, path, token[1], Author(f"reply {number}"), number)

    def write(self, turn: int) -> tuple[int, str]:
        """The status of the answer, and where it leads."""
        form = {
            "comment": self.author.reply_of(LENGTH),
            "name": self.author.name(),
            "email": f"reader-{self.number}-{turn}@example.org",
            "website": "",
            "token": self.token,
        }
        address = f"10.{self.number}.{turn // 250 % 250}.{turn % 250}"
        answer = self.client.post(
            f"{self.path}comments/", urlencode(form).encode(), X_Forwarded_For=address, Origin=f"http://{HOST}"
        )
        return answer.status, answer.headers.get("location", "")


def taken(site: Site, *, seconds: float, rounds: int, tell: Tell) -> Part:
    """Replies a second and their CPU time, against bare inserts into the same database."""
    rates, cpu, worker, inserts = [], [], [], []
    with servers.site_server(site) as server:
        articles = sorted(set(re.findall(r'href="(/posts/[^"/]+/)"', Client(server.port).get("/").text)))
        writers = [Writer.of(server, articles[n % len(articles)], n) for n in range(CLIENTS)]
        turns = [count() for _ in writers]
        for number in range(rounds):
            tell(f"round {number + 1} of {rounds}: replies")
            web, everything = machine.cpu_seconds(server.web_pids), machine.cpu_seconds(server.pids)
            start = time.perf_counter()
            accepted = _write_for(seconds, writers, turns)
            rates.append(accepted / (time.perf_counter() - start))
            web = machine.cpu_seconds(server.web_pids) - web
            cpu.append(web / accepted)
            worker.append((machine.cpu_seconds(server.pids) - everything - web) / accepted)
            inserts.append(_insert_for(seconds / 2, site))
    return Part(
        "Replies taken",
        [
            figures.at_most(
                "CPU of the web process",
                cpu,
                MOST_CPU,
                figures.milliseconds,
                f"{LENGTH} characters, all rules, durably committed",
            ),
            figures.without_bar("CPU of the worker beside it", worker, figures.milliseconds, "telling moderators"),
            figures.at_least(
                "accepted",
                rates,
                FEWEST_A_SECOND,
                figures.a_second,
                f"{CLIENTS} clients; web process and worker on one core",
            ),
            figures.without_bar("bare committed inserts", inserts, figures.a_second, "one row each, same database"),
            figures.without_bar("accepted, of the bare inserts", figures.ratios(rates, inserts), figures.percent),
        ],
    )


def first_reader(site: Site, *, asked: int, tell: Tell) -> Line:
    """How much longer the first reader after a new public reply waits than those who come next."""
    tell("the first reader after a reply")
    site.run("manage.py", "shell", "-v0", "-c", PUBLISH)
    extra = []
    with servers.site_server(site) as server:
        writer, reader = Writer.of(server, ARTICLE, 99), Client(server.port, Accept_Encoding="br, gzip")
        reader.get(ARTICLE)
        for turn in range(asked * 5):
            status, place = writer.write(turn)
            if status != TAKEN:
                raise Failed(f"A reply was answered with {status}.")
            if "mine=" in place:
                continue  # A rule holds it: the page is as before.
            first = reader.get(ARTICLE).wait
            extra.append(first - median(reader.get(ARTICLE).wait for _ in range(READERS)))
            if len(extra) == asked:
                break
    return figures.at_most(
        "the first reader after a new reply waits longer by",
        [median(extra)] if extra else [],
        MOST_EXTRA_WAIT,
        figures.milliseconds,
        f"than who comes next; article with 50 replies, {len(extra)} times",
    )


def _write_for(seconds: float, writers: Sequence[Writer], turns: Sequence[count]) -> int:
    """All write at once, each as fast as the answers come; how many replies were taken. Raises `Failed`."""
    deadline = time.monotonic() + seconds
    statuses: list[int] = []

    def write(writer: Writer, numbers: count) -> None:
        while time.monotonic() < deadline:
            statuses.append(writer.write(next(numbers))[0])

    threads = [threading.Thread(target=write, args=pair) for pair in zip(writers, turns, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = statuses.count(TAKEN)
    if accepted < 0.99 * len(statuses) or not accepted:
        raise Failed(f"Of {len(statuses)} replies {accepted} were taken; the answers were {sorted(set(statuses))}.")
    return accepted


def _insert_for(seconds: float, site: Site) -> float:
    done = subprocess.run(  # noqa: S603 (our own module)
        [sys.executable, "-m", "bench.speed.inserting", str(seconds)],
        cwd=ROOT,
        env=site.environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=partial(machine.on_core, machine.cores()[0]),
    )
    if done.returncode:
        raise Failed(f"Bare inserts fail:\n{done.stderr}")
    return float(done.stdout)
