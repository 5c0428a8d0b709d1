"""Loading a site: `python -m bench.load`."""

import asyncio
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread

import pytest

from bench import load
from tests.base import make_post


@contextmanager
def answering(*answers: bytes, times: int = 1000):
    """A server that says the same to each request of a connection, then closes it; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers * times:
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def beside(run, *given):
    """In a thread of its own: the one of the tests may have an event loop, that of a browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run, *given).result()


def test_it_reports_each_number_of_connections(live_server, capsys):
    make_post("On sleep")
    beside(load.main, [f"{live_server.url}/posts/on-sleep/", "--seconds", "0.4", "--connections", "1", "5"])

    head, one, five = capsys.readouterr().out.splitlines()
    assert head.split() == ["connections", "requests", "a", "second", "p50", "p99", "longest", "errors"]
    for line, connections in ((one, "1"), (five, "5")):
        fields = re.split(r"\s{2,}", line.strip())
        assert fields[0] == connections
        assert int(fields[1].replace(",", "")) > 0
        assert fields[3].endswith(" ms")
        assert fields[-1] == "0"


def test_without_a_choice_there_are_1_50_and_200_connections():
    assert load.CONNECTIONS == (1, 50, 200)


def test_errors_are_counted_and_end_with_a_status(live_server, capsys):
    with pytest.raises(SystemExit, match="Not every request got its page"):
        beside(load.main, [f"{live_server.url}/posts/nothing/", "--seconds", "0.2", "--connections", "2"])

    assert re.search(r"  [\d,]+ 404$", capsys.readouterr().out.splitlines()[1])


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"", "cut off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "cut off"),
        (b"good day to you\r\n\r\n", "unreadable"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "unreadable"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "unreadable"),
    ],
)
def test_an_answer_that_is_none_is_an_error(answer, told):
    with answering(answer) as address:
        result = beside(asyncio.run, load.load(load.target(address, anywhere=False), 1, 0.1))

    assert result.waits == []
    assert list(result.errors) == [told]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_every_form_of_an_answer_is_read(answer):
    with answering(answer) as address:
        result = beside(asyncio.run, load.load(load.target(address, anywhere=False), 1, 0.1))

    assert result.waits


def test_waits_are_told_by_their_share():
    result = load.Result(1, seconds=2, waits=[n / 1000 for n in range(1, 201)])

    assert (result.wait(0.5), result.wait(0.99), result.wait(1)) == (0.1, 0.198, 0.2)
    assert result.rate == 100


@pytest.mark.parametrize("address", ["http://192.0.2.7/", "https://192.0.2.7:8443/x", "http://[2001:db8::1]/"])
def test_another_machine_is_not_asked(address):
    with pytest.raises(SystemExit, match="is another machine"):
        beside(load.main, [address, "--seconds", "0.1"])
    assert load.target(address, anywhere=True).hostname


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8000", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:x/", "http://a b/"]
)
def test_what_is_no_address_is_refused_in_a_sentence(address):
    with pytest.raises(SystemExit, match="no web address"):
        beside(load.main, [address])


def test_a_server_that_is_not_there_is_told_in_a_sentence(capsys):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(SystemExit, match=r"does not answer\. Is the server running") as ended:
            beside(load.main, [f"http://127.0.0.1:{probe.getsockname()[1]}/", "--seconds", "0.2"])

    assert "\n" not in str(ended.value)


@pytest.mark.parametrize(
    "wrong",
    [["--seconds", "61"], ["--seconds", "0"], ["--connections", "501"], ["--connections", "0"], ["--host", "a\r\nb"]],
)
def test_more_than_a_bounded_load_is_refused(wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        beside(load.main, ["http://127.0.0.1:1/", *wrong])

    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err
