"""The database or the cache goes away: who asks is told so quickly, what can go on does, and all of it comes back."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Barrier
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from audit.demo_site import free_port
from ketablog import interrupted, outages
from ketablog.management.commands.db_worker import Worker
from ketablog.outages import Outage, again_after_outages
from ketablog.tasks import task
from tests.base import make_post, reply_data
from tests.databases import ON_POSTGRESQL
from tests.running import environment, run

done: list[str] = []


@task()
def note_after_an_outage() -> None:
    done.append("begun")
    if len(done) < 2:
        raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(outages, "PAUSE", 0.01)
    done.clear()


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(outages.time, "monotonic", lambda: now[0])
    return now


def away(*args):
    raise OperationalError("could not connect to 10.0.0.7")


@contextmanager
def silent_server():
    """A server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        yield server


def cache_on(port: int) -> dict:
    return {"default": {"BACKEND": "ketablog.redis_cache.RedisCache", "LOCATION": f"redis://127.0.0.1:{port}/0"}}


@pytest.fixture
def outage_of_cache(monkeypatch):
    """What is remembered of the cache, for longer than a test takes."""
    outage = pytest.importorskip("ketablog.redis_cache").outage
    monkeypatch.setattr(outage, "pause", 1000)
    outage.ends()
    yield outage
    outage.ends()


def test_during_an_outage_one_asks_a_second_and_the_others_are_told_at_once(clock):
    outage = Outage(pause=1.0)
    assert not outage.is_on()
    outage.begins()
    assert outage.is_on()
    clock[0] += 1.1
    assert [outage.is_on() for _ in range(3)] == [False, True, True]
    clock[0] += 1.1
    assert not outage.is_on()
    outage.ends()
    assert [outage.is_on() for _ in range(2)] == [False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/posts/sleep/", "/feed/"])
def test_a_page_that_needs_the_database_says_that_it_will_be_back(address):
    make_post(slug="sleep")
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(away):
        response = client.get(address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "Please try again in a minute." in response.text
    assert "10.0.0.7" not in response.text
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_any_other_error_stays_one():
    def broken(*args):
        raise RuntimeError

    make_post(slug="sleep")
    with connection.execute_wrapper(broken):
        response = Client(raise_request_exception=False).get("/posts/sleep/")
    assert response.status_code == 500
    assert "Retry-After" not in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize("is_there", [True, False])
def test_without_the_cache_readers_read_and_reply_and_operators_are_told(client, settings, outage_of_cache, is_there):
    post = make_post(slug="sleep")
    with silent_server() as server:
        settings.CACHES = cache_on(server.getsockname()[1] if is_there else free_port())
        for _ in range(4):
            response = client.get("/readyz")
            assert (response.status_code, response.json()) == (503, {"database": True, "cache": False, "mail": True})
            assert client.get("/posts/sleep/").status_code == 200
        assert client.post("/posts/sleep/comments/", reply_data(post)).status_code == 303
        assert post.comments.count() == 1
        if is_there:  # It was waited for once.
            server.accept()[0].close()
            with pytest.raises(BlockingIOError):
                server.accept()
    outage_of_cache.ends()
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert client.get("/readyz").status_code == 200


def test_a_cache_is_waited_for_a_quarter_of_a_second(settings, outage_of_cache):
    settings.CACHES = cache_on(free_port())
    options = caches["default"]._cache._pool_options
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.25, 0.25)


@pytest.mark.django_db(transaction=True)
def test_a_task_that_meets_an_outage_begins_anew_and_is_done():
    note_after_an_outage.enqueue()
    worker().run()
    assert done == ["begun", "begun"]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_what_is_done_is_written_down_once_the_database_is_back():
    done.append("already")
    note_after_an_outage.enqueue()
    answers = iter([OperationalError, None, None])
    written = DBTaskResult.set_successful

    def set_successful(row, value):
        if error := next(answers):
            raise error
        written(row, value)

    with patch.object(DBTaskResult, "set_successful", set_successful):
        worker().run()
    assert done == ["already", "begun"]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db
def test_a_worker_that_lost_the_database_puts_back_what_it_had_taken_up_and_nothing_of_others():
    note_after_an_outage.enqueue()
    note_after_an_outage.enqueue()
    mine, other = DBTaskResult.objects.all()
    mine.claim("me")
    other.claim("somebody")
    interrupted.put_back("me")
    assert {row.worker_ids[0]: row.status for row in DBTaskResult.objects.all()} == {
        "me": "READY",
        "somebody": "RUNNING",
    }


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_tried_again():
    def once():
        done.append("tried")
        raise OperationalError

    with pytest.raises(OperationalError):
        again_after_outages(once)()
    assert done == ["tried"]


def worker() -> Worker:
    return Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="me",
        excluded_queue_names=[],
    )


READ = "import json; from ketablog.settings import DATABASES; print(json.dumps(DATABASES['default'], default=str))"


def database_settings(tmp_path, **ours) -> dict:
    found = run("-c", READ, env=environment(tmp_path, DATABASE_URL="postgres://u:p@db.example:5433/blog", **ours))
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_postgresql_is_pooled_and_given_up_on_within_seconds(tmp_path):
    found = database_settings(tmp_path)
    assert (found["ENGINE"], found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == ("ketablog.postgresql", 0, False)
    assert found["OPTIONS"]["pool"]["max_size"] == 8
    assert found["OPTIONS"]["pool"]["timeout"] == 2
    assert found["OPTIONS"]["connect_timeout"] == 3


def test_the_pool_has_the_size_that_is_asked_for_or_none(tmp_path):
    assert database_settings(tmp_path, DATABASE_POOL="20")["OPTIONS"]["pool"]["max_size"] == 20
    found = database_settings(tmp_path, DATABASE_POOL="0")
    assert (found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"], "pool" in found["OPTIONS"]) == (None, True, False)
    url = "postgres://u:p@db.example/blog?sslmode=require&disable_server_side_cursors=True"
    found = json.loads(run("-c", READ, env=environment(tmp_path, DATABASE_URL=url)).stdout)
    assert (found["OPTIONS"]["sslmode"], found["DISABLE_SERVER_SIDE_CURSORS"]) == ("require", True)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no server that could go away")
@pytest.mark.django_db(transaction=True)
def test_connections_that_the_server_cut_are_not_given_to_a_request(client):
    make_post(slug="sleep")
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"

    all_are_open = Barrier(4)

    def open_one() -> None:
        connection.ensure_connection()
        all_are_open.wait(5)
        connection.close()

    def read() -> None:
        assert client.get("/posts/sleep/").status_code == 200
        connection.close()

    at_the_same_time(open_one, 4)
    with connection.cursor() as cursor:
        cursor.execute(f"{others} AND pid <> pg_backend_pid()")
        assert len(cursor.fetchall()) >= 3
    at_the_same_time(read, 1)
    at_the_same_time(read, 3)


def at_the_same_time(function, times: int) -> None:
    with ThreadPoolExecutor(times) as pool:
        for started in [pool.submit(function) for _ in range(times)]:
            started.result()
