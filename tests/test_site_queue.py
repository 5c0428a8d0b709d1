"""Mail goes through the queue to a mail server, and is tried again until the server takes it."""

import io
import logging
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from audit.demo_site import free_port
from ketablog import interrupted, mail
from tests.queue import run_tasks

ADDRESS = "mo-the-canary@clinic.example"
BUILDER = "tests.test_site_queue.letter"
PAUSES = [1, 5, 30, 120, 480, 960]


def letter(number: int) -> EmailMessage | None:
    """Letter number 0 is not wanted any more."""
    return EmailMessage("A reply waits", f"Letter {number}\n", "noreply@clinic.example", [ADDRESS]) if number else None


class Office:
    """A mail server that takes what it is told to take."""

    def __init__(self) -> None:
        self.answer = ""
        self.tried = 0
        self.taken: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (the name aiosmtpd calls)
        self.tried += 1
        if self.answer:
            return self.answer
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(f"{envelope.rcpt_tos[0]} {message['Subject']}: {message.get_content().strip()}")
        return "250 taken"


@pytest.fixture
def office(db, settings):
    """A real mail server on this machine."""
    office = Office()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    controller.start()
    yield office
    controller.stop()


@pytest.fixture
def log():
    handler = logging.getLogger("ketablog").handlers[0]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def test_a_mail_goes_out_once(office):
    mail.send_later(BUILDER, 7)
    assert office.tried == 0
    run_tasks()
    run_tasks()
    assert office.taken == [f"{ADDRESS} A reply waits: Letter 7"]


def test_a_mail_that_is_no_longer_wanted_is_not_sent(office):
    mail.send_later(BUILDER, 0)
    run_tasks()
    assert office.tried == 0
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_of_what_did_not_happen(office):
    with transaction.atomic():
        mail.send_later(BUILDER, 7)
        transaction.set_rollback(True)
    run_tasks()
    assert (office.tried, DBTaskResult.objects.count()) == (0, 0)


def test_a_refused_mail_is_tried_again_after_growing_pauses(office, log):
    office.answer = f"451 {ADDRESS} later, please"
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        mail.send_later(BUILDER, 7)
        run_tasks()
        for attempt, minutes in enumerate(PAUSES, start=1):
            assert office.tried == attempt
            clock.shift(timedelta(minutes=minutes, seconds=-1))
            run_tasks()
            assert office.tried == attempt, "too early"
            office.answer = "" if attempt == len(PAUSES) else office.answer
            clock.shift(timedelta(seconds=1))
            run_tasks()
    assert office.taken == [f"{ADDRESS} A reply waits: Letter 7"]
    assert not DBTaskResult.objects.ready().exists()
    assert "attempt 6 failed: SMTPDataError" in log.getvalue()
    assert "canary" not in log.getvalue()


def test_after_the_last_attempt_the_mail_is_given_up_and_kept_without_an_address(office, log):
    office.answer = f"550 {ADDRESS} is unknown"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        mail.send_later(BUILDER, 7)
        for minutes in [0, *PAUSES]:
            clock.shift(timedelta(minutes=minutes))
            run_tasks()
    assert (office.tried, office.taken) == (7, [])
    given_up = DBTaskResult.objects.get(status="FAILED")
    assert given_up.exception_class_path == "ketablog.mail.MailFailed"
    for row in DBTaskResult.objects.all():
        assert "canary" not in f"{row.args_kwargs} {row.traceback} {row.return_value}"
    assert "canary" not in log.getvalue()


def test_a_mail_server_that_is_away_loses_nothing(office, settings, log):
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        mail.send_later(BUILDER, 7)
        run_tasks()
        assert "attempt 1 failed: ConnectionRefusedError" in log.getvalue()
        settings.EMAIL_PORT = there
        clock.shift(timedelta(minutes=1))
        run_tasks()
    assert office.taken == [f"{ADDRESS} A reply waits: Letter 7"]


def test_a_mail_that_waits_for_its_next_attempt_is_no_backlog_until_it_is_late(office, client):
    office.answer = "451 later"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        mail.send_later(BUILDER, 7)
        for minutes in (0, 1, 5):
            clock.shift(timedelta(minutes=minutes))
            run_tasks()
        clock.shift(timedelta(minutes=29))
        assert client.get("/readyz").json()["mail"] is True
        clock.shift(timedelta(minutes=15))
        assert client.get("/readyz").json()["mail"] is True
        clock.shift(timedelta(minutes=2))
        assert client.get("/readyz").json()["mail"] is False
        run_tasks()
        assert client.get("/readyz").json()["mail"] is True


def test_of_a_failed_task_the_queue_keeps_the_kind_and_the_log_the_place(db, log, monkeypatch):
    def fails(number: int) -> EmailMessage:
        raise ValueError(f"Invalid address {ADDRESS}")

    monkeypatch.setattr("tests.test_site_queue.letter", fails)
    mail.send_later(BUILDER, 7)
    run_tasks()
    failed = DBTaskResult.objects.get(status="FAILED")
    assert "TaskFailed: builtins.ValueError" in failed.traceback
    assert "canary" not in f"{failed.args_kwargs} {failed.traceback}"
    assert "task ketablog.mail.deliver failed" in log.getvalue()
    assert "in fails" in log.getvalue()
    assert "canary" not in log.getvalue()


def cut_off(number: int) -> DBTaskResult:
    """A mail that a worker had begun when it was killed."""
    mail.send_later(BUILDER, number)
    task = DBTaskResult.objects.get(status="READY", task_path=mail.deliver.module_path)
    task.claim("killed")
    return task


def test_what_a_killed_worker_had_begun_is_done_an_hour_after_the_next_one_came(office):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        task = cut_off(7)
        run_tasks()
        assert office.tried == 0
        interrupted.make_sure()
        clock.shift(interrupted.LONGEST - timedelta(seconds=1))
        run_tasks()
        assert office.tried == 0
        clock.shift(timedelta(seconds=1))
        run_tasks()
        assert office.taken == [f"{ADDRESS} A reply waits: Letter 7"]
        task.refresh_from_db()
        assert task.status == "SUCCESSFUL"
        interrupted.make_sure()
        assert not DBTaskResult.objects.filter(status="READY").exists()


def test_what_no_worker_survives_is_given_up(office):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        task = cut_off(7)
        task.worker_ids = ["a", "b", "c"]
        task.save()
        interrupted.make_sure()
        clock.shift(interrupted.LONGEST)
        run_tasks()
    task.refresh_from_db()
    assert (task.status, office.tried) == ("FAILED", 0)
