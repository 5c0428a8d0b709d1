"""How fast the site is: `python -m bench.speed`, on a tiny site and for fractions of a second."""

import re
import subprocess
import sys

import pytest

from bench.speed import arriving, figures, machine, report, servers, sites
from bench.speed.figures import Part
from tests.running import ROOT, environment

# What a report must tell of, each beside its bar where there is one.
LINES = {
    "home: from the application server": "",
    "home: of the bare function": "≥ 60.0 %",
    "home: of the static file": "≥ 10.0 %",
    "home: as deployed, of the static file": "≥ 90.0 %",
    "article, 50 replies: from the application server": "",
    "article, 50 replies: of the bare function": "≥ 60.0 %",
    "article, 50 replies: of the static file": "≥ 10.0 %",
    "article, 50 replies: as deployed, of the static file": "≥ 90.0 %",
    "home": "≤ 4 ms",
    "article with 0 replies": "≤ 6 ms",
    "article with 50 replies": "≤ 10 ms",
    "article with 1,000 replies": "",
    "article with 100,000 replies": "",
    "article with 100,000 replies, of one with 50": "",
    "feed": "≤ 4 ms",
    "the desk's first page, of staff": "",
    "over the articles of the site": "≤ 5 ms",
    "over many articles": "≤ 10 ms",
    "CPU of the web process": "≤ 6 ms",
    "accepted": "≥ 160/s",
    "bare committed inserts": "",
    "accepted, of the bare inserts": "",
    "the first reader after a new reply waits longer by": "≤ 15 ms",
    "article with 50 replies, over the wire": "≤ 30.0 KB",
    "in so many requests": "≤ 4",
    "its HTML, compressed": "≤ 12.0 KB",
    "from the command to the first byte of the home page": "≤ 1.00 s",
    "memory of the whole stack, after the load": "≤ 160 MiB",
}
NEEDS_PROGRAMS = re.compile(r"of the (bare function|static file)$")


def test_a_run_tells_of_everything(tmp_path):
    env = environment(tmp_path)
    small = "--articles 3 --replies 60 --large 3 --seconds 0.3 --rounds 1 --asked 1".split()
    command = [sys.executable, "-m", "bench.speed", *small, "--folder", f"{tmp_path}/sites"]
    # A dozen servers start and end, which takes its time on a machine that runs other tests beside.
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr

    told = {}
    for line in re.findall(r"^\| (.*) \|$", done.stdout, re.MULTILINE):
        what, measured, bar, mark, note = (cell.strip() for cell in line.split("|"))
        told[what] = (measured, bar, mark, note)
    has_programs = bool(machine.find("wrk") and machine.find("nginx"))
    for what, bar in LINES.items():
        measured, stands, mark, note = told[what]
        if NEEDS_PROGRAMS.search(what) and not has_programs:
            assert (measured, note) == ("–", pytest.approx(note)), what
            continue
        assert stands == bar, what
        assert (mark != "") == (bar != ""), what
        assert (measured == "–") == (note == "needs more REPLIES"), what
    assert "- date: 20" in done.stdout
    assert "3 articles of 800 words, 60 replies" in done.stdout
    assert re.search(r"^\d+ of \d+ bars hold\.", done.stdout, re.MULTILINE)
    assert not (tmp_path / "sites" / "work").exists()
    assert not [command for command in machine.descendants(1).values() if str(tmp_path) in command]


def test_a_site_that_was_made_before_is_used_again(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(sites.Site, "run", lambda site, *arguments, **more: made.append(arguments) or "")
    for _time in range(2):
        sites.make(tmp_path / "site", 4, 10, lambda _line: None)
    assert ("-m", "bench.content", "--articles", "4", "--replies", "10") in made
    assert len(made) == 2

    sites.make(tmp_path / "site", 5, 10, lambda _line: None)
    assert len(made) == 4


def test_a_figure_stands_beside_its_bar():
    holds = figures.at_most("start", [0.4, 0.9, 2.0], 1, figures.seconds)
    assert (holds.measured, holds.bar, holds.holds) == ("0.90 s (best 0.40 s)", "≤ 1.00 s", True)
    missed = figures.at_least("share", [0.5], 0.6, figures.percent)
    assert (missed.measured, missed.bar, missed.holds) == ("50.0 %", "≥ 60.0 %", False)
    assert figures.ratios([1, 4], [2, 2]) == [0.5, 2]

    nothing = figures.at_most("requests", [], 4, figures.whole, "needs wrk")
    assert (nothing.measured, nothing.holds, nothing.note) == ("–", None, "needs wrk")
    parts = [Part("All", [holds, missed, nothing])]
    assert report.summary(parts) == "1 of 2 bars hold. Missed: share."
    text = report.markdown(parts, about=[], method={"rounds": 3, "seconds": 1, "connections": 16})
    assert "| share | 50.0 % | ≥ 60.0 % | **missed** |  |" in text


def test_what_a_browser_loads_is_counted_once_and_words_are_those_that_are_read():
    page = arriving.Loaded(
        "<link rel=stylesheet href=/a.css><link rel=icon href=/i.svg><link rel=canonical href=/posts/x/>"
        "<script src=/a.js></script><script type=application/ld+json>{}</script><link rel=stylesheet href=/a.css>"
        "<p>Read <b>this</b>.</p>"
    )
    assert page.paths == ["/a.css", "/a.js"]
    assert page.words == ["Read", "this", "."]


def test_the_shipped_nginx_is_put_on_a_port_of_this_machine(tmp_path):
    text = servers.configuration(sites.Site(tmp_path), tmp_path, 9999, 8888, {"/measured.html": tmp_path / "page"})

    assert text.count("server {") == 1
    assert "listen 127.0.0.1:9999;" in text
    assert "server 127.0.0.1:8888;" in text
    assert f"location = /measured.html {{ gzip off; alias {tmp_path}/page; }}" in text
    assert "ssl" not in text
    assert "/var/" not in text


def test_files_that_the_shipped_nginx_includes_are_put_in_their_place(tmp_path, monkeypatch):
    monkeypatch.setattr(servers, "DEPLOYED", tmp_path)
    (tmp_path / "ketablog").mkdir()
    (tmp_path / "ketablog.conf").write_text(
        "server {\n  server_name x;\n  listen 80;\n  return 301 /;\n}\n"
        "server {\n  server_name x;\n  include ketablog/tls.inc;\n"
        "  location / {\n    include ketablog/proxy.inc;\n  }\n}\n"
    )
    (tmp_path / "ketablog" / "tls.inc").write_text("listen 443 ssl;\nssl_protocols TLSv1.3;\nserver_tokens off;\n")
    (tmp_path / "ketablog" / "proxy.inc").write_text("proxy_pass http://ketablog;\n")
    text = servers.configuration(sites.Site(tmp_path), tmp_path, 9999, 8888, {})

    assert text.count("server {") == 1
    assert "proxy_pass http://ketablog;" in text
    assert "server_tokens off;" in text
    assert "443" not in text
    assert "ssl" not in text


@pytest.mark.parametrize("path", ["/posts/nothing/", "/healthz/"])
def test_a_page_that_does_not_answer_is_told_in_a_sentence(live_server, path):
    client = servers.Client(int(live_server.url.rpartition(":")[2]), Host="localhost")
    with pytest.raises(sites.Failed, match="answers 404"):
        client.get(path)
    client.close()
