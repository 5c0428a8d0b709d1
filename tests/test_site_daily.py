"""What the worker does once a day happens once a day, whatever became of yesterday's."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from comments.models import Comment
from ketablog import counters, daily, planning
from ketablog.counters import Tally, count, take_turn
from ketablog.pagecache.keeper import Keeper
from tests.base import make_comment, make_post
from tests.queue import run_tasks

NOW = datetime.fromisoformat("2027-05-01T12:00:00+00:00")
MIDNIGHT = datetime.fromisoformat("2027-05-02T00:00:00+00:00")
begun: list[str] = []

pytestmark = pytest.mark.django_db


def work() -> None:
    begun.append(timezone.now().isoformat()[:10])


def fail() -> None:
    work()
    raise ValueError("not today")


@pytest.fixture(autouse=True)
def clock(settings):
    settings.DAILY = [f"{__name__}.work"]
    settings.OFTEN = []
    begun.clear()
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def waiting() -> list[datetime]:
    return [row.run_after for row in DBTaskResult.objects.filter(status="READY", task_path=daily.run.module_path)]


def start_worker() -> None:
    # Its thread would look at the database long after this test.
    with (
        patch.object(Keeper, "start"),
        patch.object(db_worker.Worker, "run"),
        patch.object(db_worker.Worker, "configure_signals"),
    ):
        call_command("db_worker", reload=False, verbosity=0)


def test_a_worker_queues_the_task_at_its_start_and_a_second_worker_finds_it_queued():
    start_worker()
    start_worker()
    assert len(waiting()) == 1
    run_tasks()
    assert begun == ["2027-05-01"]


def test_the_task_queues_the_next_one_once_for_the_next_day(clock):
    start_worker()
    for day in ("2027-05-01", "2027-05-02", "2027-05-03"):
        run_tasks()
        run_tasks()
        start_worker()
        assert begun[-1] == day
        assert len(waiting()) == 1
        clock.shift(timedelta(days=1))
    assert len(begun) == 3


def test_the_next_one_is_due_at_midnight_and_not_before(clock):
    start_worker()
    run_tasks()
    assert waiting() == [MIDNIGHT]
    clock.move_to(MIDNIGHT - timedelta(seconds=1))
    run_tasks()
    assert len(begun) == 1
    clock.move_to(MIDNIGHT)
    run_tasks()
    assert begun == ["2027-05-01", "2027-05-02"]


def test_two_of_them_do_the_work_once_and_leave_one_for_tomorrow():
    daily.run.enqueue()
    daily.run.enqueue()
    run_tasks()
    assert begun == ["2027-05-01"]
    assert waiting() == [MIDNIGHT]


def test_what_fails_today_is_tried_again_tomorrow(settings, clock):
    settings.DAILY = [f"{__name__}.fail"]
    start_worker()
    run_tasks()
    assert DBTaskResult.objects.filter(status="FAILED").count() == 1
    clock.shift(timedelta(days=1))
    run_tasks()
    assert begun == ["2027-05-01", "2027-05-02"]


def test_what_fails_keeps_nothing_behind_it_from_being_done(settings):
    settings.DAILY = [f"{__name__}.fail", f"{__name__}.work"]
    start_worker()
    run_tasks()
    assert begun == ["2027-05-01", "2027-05-01"]
    assert DBTaskResult.objects.filter(status="FAILED").count() == 1


def test_a_worker_that_was_killed_at_it_leaves_the_next_one(clock):
    start_worker()
    run_tasks()
    DBTaskResult.objects.filter(status="SUCCESSFUL").update(status="RUNNING", finished_at=None)
    clock.shift(timedelta(days=1))
    run_tasks()
    assert begun == ["2027-05-01", "2027-05-02"]


def test_a_task_that_was_lost_is_queued_again_at_the_next_start(clock):
    start_worker()
    run_tasks()
    DBTaskResult.objects.all().delete()
    start_worker()
    run_tasks()
    assert begun == ["2027-05-01"], "once a day all the same"
    assert waiting() == [MIDNIGHT]


def test_the_site_forgets_what_is_old_once_a_day(settings):
    settings.DAILY = ["comments.retention.apply"]
    make_comment(make_post(), status="spam", created_at=NOW - timedelta(days=30))
    start_worker()
    run_tasks()
    assert not Comment.objects.exists()
    assert {row.status for row in DBTaskResult.objects.all()} == {"READY", "SUCCESSFUL"}


def test_tallies_are_forgotten_when_their_time_is_over(settings, clock):
    settings.DAILY, settings.OFTEN = [], ["ketablog.counters.forget"]
    take_turn("mail:1:1", timedelta(minutes=1))
    for span in (timedelta(minutes=1), timedelta(hours=1)):
        count("reply", span)
    clock.shift(timedelta(minutes=20))
    start_worker()
    run_tasks()
    kept = Tally.objects.values_list("key", flat=True)
    assert sorted(key.partition(":")[0] for key in kept if "daily" not in key and "often" not in key) == [
        "reply",
        "turn",
    ]


def test_another_task_is_begun_four_times_an_hour(settings, clock):
    settings.DAILY, settings.OFTEN = [], [f"{__name__}.work"]
    start_worker()
    for _minute in range(60):
        run_tasks()
        clock.shift(timedelta(minutes=1))
    assert len(begun) == 4


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does it by itself.")
def test_the_database_learns_once_a_day_how_its_tables_have_grown():
    make_post()
    planning.look_again()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'posts_post'")
        assert cursor.fetchone()[0] > 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does it by itself.")
def test_a_table_that_was_small_when_it_was_counted_is_not_read_whole_once_it_is_large():
    counters.count("first", timedelta(hours=1))
    planning.look_again()
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN SELECT n FROM ketablog_tally WHERE key IN ('first', 'second')")
        plan = " ".join(str(step) for step in cursor.fetchall())
    assert "SEARCH ketablog_tally" in plan
