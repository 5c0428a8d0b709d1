"""What the site writes down of its own work and of sign-ins goes after thirty days."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from ketablog import daily, mail
from tests.base import PASSWORD, make_mo
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2027-05-01T12:00:00+00:00")
BUILDER = f"{__name__}.nothing"


def nothing() -> None:
    """A mail that is no longer wanted."""


def fail() -> None:
    raise ValueError


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def forget(*options: str) -> str:
    out = StringIO()
    call_command("apply_retention", *options, stdout=out)
    said = out.getvalue().strip()
    verb, traces = said.partition(" 0 addresses")[0], said.partition(" notice addresses, ")[2]
    return f"{verb} {traces}"


def sign_in(client, password: str = PASSWORD) -> None:
    client.post("/admin/login/", {"username": "mo", "password": password})


def test_tasks_that_are_done_go_after_thirty_days_and_what_waits_stays(clock):
    for builder in (BUILDER, f"{__name__}.fail"):
        mail.send_later(builder)
    run_tasks()
    assert sorted(row.status for row in DBTaskResult.objects.all()) == ["FAILED", "SUCCESSFUL"]
    mail.send_later(BUILDER, at=NOW + timedelta(days=900))
    clock.shift(timedelta(days=30, seconds=-1))
    assert forget() == "erased 0 finished tasks, 0 notes of sign-ins"
    clock.shift(timedelta(seconds=1))
    assert forget("--dry-run") == "would erase 2 finished tasks, 0 notes of sign-ins"
    assert DBTaskResult.objects.count() == 3
    assert forget() == "erased 2 finished tasks, 0 notes of sign-ins"
    assert [row.status for row in DBTaskResult.objects.all()] == ["READY"]
    assert forget() == "erased 0 finished tasks, 0 notes of sign-ins"


def test_notes_of_sign_ins_and_of_wrong_passwords_go_after_thirty_days(client, clock):
    make_mo()
    sign_in(client)
    client.logout()
    sign_in(client, "wrong")
    assert (AccessLog.objects.count(), AccessAttempt.objects.count()) == (1, 1)
    clock.shift(timedelta(days=30, seconds=-1))
    assert forget() == "erased 0 finished tasks, 0 notes of sign-ins"
    clock.shift(timedelta(seconds=1))
    assert forget("--dry-run") == "would erase 0 finished tasks, 2 notes of sign-ins"
    assert forget() == "erased 0 finished tasks, 2 notes of sign-ins"
    assert (AccessLog.objects.count(), AccessAttempt.objects.count()) == (0, 0)


def test_it_is_done_every_day(client, clock):
    make_mo()
    sign_in(client)
    clock.shift(timedelta(days=30))
    daily.make_sure()
    run_tasks()
    assert not AccessLog.objects.exists()
