"""How fast pages are read: stored ones in requests a second, those made anew in CPU time of the server."""

import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.content.writing import Author
from bench.speed import figures, machine, servers
from bench.speed.asking import Client
from bench.speed.figures import Line, Part
from bench.speed.servers import Server
from bench.speed.sites import HOST, PASSWORD, Failed, Site

ARTICLE = "/posts/replies-50/"
STORED = {"home": "/", "article, 50 replies": ARTICLE}
CONNECTIONS = 16
TAKEN = "gzip, deflate, br, zstd"  # As browsers say it.
MOST_TRIES = 50
OF_BARE, OF_STATIC, OF_STATIC_DEPLOYED = 0.6, 0.1, 0.9
DESK = "/admin/comments/comment/"
WARM_UP = 3
# Milliseconds of CPU.
BARS = {"home": 4, "0": 6, "50": 10, "1,000": 12, "100,000": 12, "feed": 4, "search": 5}
SEARCH_LARGE = 10
MOST_TIMES = 1.3

Tell = Callable[[str], object]


@dataclass
class Rounds:
    """What each round measured: requests a second, and seconds of CPU a request."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


# Stored pages


def stored(site: Site, empty: Site, *, seconds: float, rounds: int, tell: Tell) -> tuple[Part, Line]:
    """Stored pages against the same bytes from a bare function and from a file; and the memory after all that."""
    has_nginx = machine.find("nginx") is not None
    with servers.site_server(site) as ours:
        files = {path: _keep(ours, path, site.folder / f"page-{n}.html") for n, path in enumerate(STORED.values())}
        with servers.bare_server(empty, files) as bare:
            targets = [
                (f"{name}, {kind}", server, path)
                for name, path in STORED.items()
                for kind, server in (("ours", ours), ("bare", bare))
            ]
            if not has_nginx:
                measured = _rates(targets, seconds, rounds, tell)
            else:
                static = {f"/measured-{n}.html": file for n, file in enumerate(files.values())}
                with servers.nginx(site, ours.port, static) as nginx:
                    for (name, path), file in zip(STORED.items(), static, strict=True):
                        targets += [(f"{name}, static", nginx, file), (f"{name}, deployed", nginx, path)]
                    measured = _rates(targets, seconds, rounds, tell)
        memory = _memory(ours)
    return Part("Stored pages", [line for name in STORED for line in _stored_lines(name, measured)]), memory


def _stored_lines(name: str, measured: Mapping[str, Rounds]) -> list[Line]:
    none = Rounds()
    ours, bare = measured.get(f"{name}, ours", none), measured.get(f"{name}, bare", none)
    static, deployed = measured.get(f"{name}, static", none), measured.get(f"{name}, deployed", none)
    why = "" if ours.rates else f"needs wrk: {machine.HOW_TO_GET}"
    without_nginx = why or ("" if static.rates else f"needs nginx: {machine.HOW_TO_GET}")
    percent, of = figures.percent, figures.ratios
    return [
        figures.without_bar(f"{name}: from the application server", ours.rates, figures.a_second, why),
        figures.without_bar(f"{name}: its CPU a request", ours.cpu, figures.milliseconds, why),
        figures.without_bar(f"{name}: bare WSGI function, same server and bytes", bare.rates, figures.a_second, why),
        figures.at_least(f"{name}: of the bare function", of(ours.rates, bare.rates), OF_BARE, percent, why),
        figures.without_bar(f"{name}: nginx, static file", static.rates, figures.a_second, without_nginx),
        figures.at_least(
            f"{name}: of the static file",
            of(ours.rates, static.rates) if static.rates else [],
            OF_STATIC,
            percent,
            without_nginx,
        ),
        figures.without_bar(f"{name}: as deployed, behind nginx", deployed.rates, figures.a_second, without_nginx),
        figures.at_least(
            f"{name}: as deployed, of the static file",
            of(deployed.rates, static.rates),
            OF_STATIC_DEPLOYED,
            percent,
            without_nginx,
        ),
    ]


def _keep(server: Server, path: str, file: Path) -> Path:
    """The bytes that a browser gets, once the smallest form of the page was made."""
    client = Client(server.port, Accept_Encoding=TAKEN)
    for _ in range(MOST_TRIES):
        answer = client.get(path)
        if answer.headers.get("content-encoding") == "br":
            break
        time.sleep(0.1)
    file.write_bytes(answer.body)
    return file


def _rates(targets: list[tuple[str, Server, str]], seconds: float, rounds: int, tell: Tell) -> dict[str, Rounds]:
    """Each target in each round, one after another."""
    wrk = machine.find("wrk")
    measured: dict[str, Rounds] = {}
    if wrk is None:
        return measured
    for _name, server, path in targets * WARM_UP:
        Client(server.port, Accept_Encoding=TAKEN).get(path)
    for number in range(rounds):
        for name, server, path in targets:
            tell(f"round {number + 1} of {rounds}: {name}")
            own = measured.setdefault(name, Rounds())
            before = machine.cpu_seconds(server.web_pids)
            rate, asked = _load(wrk, server.port, path, seconds)
            own.rates.append(rate)
            own.cpu.append((machine.cpu_seconds(server.web_pids) - before) / max(asked, 1))
    return measured


def _load(wrk: str, port: int, path: str, seconds: float) -> tuple[float, int]:
    """Requests a second and in all. Raises `Failed` where an answer is not a page."""
    done = subprocess.run(  # noqa: S603 (wrk, at our own server)
        [
            wrk,
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{max(1, round(seconds))}s",
            "-H",
            f"Host: {HOST}",
            "-H",
            f"Accept-Encoding: {TAKEN}",
            f"http://127.0.0.1:{port}{path}",
        ],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=partial(machine.on_core, machine.cores()[1]),
    )
    told = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    asked = re.search(r"(\d+) requests in", done.stdout)
    if told is None or asked is None or "Non-2xx" in done.stdout:
        raise Failed(f"{path} does not hold under load:\n{done.stdout}{done.stderr}")
    return float(told[1]), int(asked[1])


def _memory(server: Server) -> Line:
    proportional, resident = machine.memory(server.pids)
    note = f"one web process and the worker, shared pages counted once; counted each time: {resident:.0f} MiB"
    return figures.at_most("memory of the whole stack, after the load", [proportional], 160, figures.mebibytes, note)


# Pages made anew


def made_anew(site: Site, large: Site, *, asked: int, rounds: int, tell: Tell) -> list[Part]:
    """CPU time of the web process for pages that are not stored."""
    searches = [
        f"/search/?q={words}"
        for words in (
            "headaches",
            "sleep+quality",
            "gentle+stretching+grief",
            "walking+distance",
            Author(6).invented[300],
        )
    ]
    # Whose name, for a reader, which paths, what is asked for.
    with servers.site_server(site, PAGE_CACHE="off") as server:
        pages = {
            name: [path]
            for name, path in {
                "home": "/",
                "0": "/posts/replies-0/",
                "50": ARTICLE,
                "1,000": "/posts/replies-1000/",
                "100,000": "/posts/replies-100000/",
                "feed": "/feed/",
            }.items()
        } | {"search": searches}
        reader, staff = Client(server.port), _sign_in(server.port)
        compressed = Client(server.port, Accept_Encoding="br, gzip")
        jobs: list[tuple[str, Client, list[str]]] = [(name, reader, paths) for name, paths in pages.items()]
        jobs += [("50, compressed", compressed, [ARTICLE]), ("desk", staff, [DESK])]
        measured = _cpu(server, jobs, asked, rounds, tell)
    tell("the search over many articles")
    with servers.site_server(large, PAGE_CACHE="off") as server:
        found = _cpu(server, [("search", Client(server.port), searches)], asked, rounds, tell)
    return [_anew(measured), _searched(measured, found)]


def _anew(measured: Mapping[str, list[float]]) -> Part:
    def line(name: str, what: str) -> Line:
        values = measured.get(name, [])
        note = "" if values else "needs more REPLIES"
        return figures.at_most(what, values, BARS[name] / 1000, figures.milliseconds, note)

    times = figures.ratios(measured.get("100,000", []), measured["50"]) if measured.get("100,000") else []
    return Part(
        "Pages made anew, CPU a request",
        [
            line("home", "home"),
            *(line(number, f"article with {number} replies") for number in ("0", "50", "1,000", "100,000")),
            figures.at_most(
                "article with 100,000 replies, of one with 50",
                times,
                MOST_TIMES,
                figures.times,
                "" if times else "needs more REPLIES",
            ),
            figures.without_bar(
                "article with 50 replies, compressed", measured["50, compressed"], figures.milliseconds
            ),
            line("feed", "feed"),
            figures.without_bar("the desk's first page, of staff", measured["desk"], figures.milliseconds),
        ],
    )


def _searched(measured: Mapping[str, list[float]], found: Mapping[str, list[float]]) -> Part:
    note = "mean of five searches, of one to three words"
    return Part(
        "Search, CPU a request",
        [
            figures.at_most(
                "over the articles of the site", measured["search"], BARS["search"] / 1000, figures.milliseconds, note
            ),
            figures.at_most("over many articles", found["search"], SEARCH_LARGE / 1000, figures.milliseconds, note),
        ],
    )


def _cpu(
    server: Server, jobs: Sequence[tuple[str, Client, list[str]]], asked: int, rounds: int, tell: Tell
) -> dict[str, list[float]]:
    """Seconds a request of each job in each round; a page that is not there is left out."""
    measured: dict[str, list[float]] = {}
    there = [job for job in jobs if _is_there(job)]
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}: pages made anew")
        for name, client, paths in there:
            before = machine.cpu_seconds(server.web_pids)
            for place in range(asked * len(paths)):
                client.get(paths[place % len(paths)])
            used = machine.cpu_seconds(server.web_pids) - before
            measured.setdefault(name, []).append(used / (asked * len(paths)))
    return measured


def _is_there(job: tuple[str, Client, list[str]]) -> bool:
    _name, client, paths = job
    return all(client.ask("GET", path, b"", {}).status == 200 for path in paths * WARM_UP)


def _sign_in(port: int) -> Client:
    client = Client(port)
    page = client.get("/admin/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    if token is None:
        raise Failed("The admin's sign-in page has no form.")
    form = f"username=bench&password={PASSWORD.replace(' ', '+')}&csrfmiddlewaretoken={token[1]}&next={DESK}"
    if client.post("/admin/login/", form.encode()).status != 302:
        raise Failed("Staff cannot sign in.")
    return client
