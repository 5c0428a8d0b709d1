"""Counts that wait for no disk."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from ketablog.counters import Tally, count, count_all, in_passing, numbers

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def waiting(transactional_db):
    """As the site has it. The PostgreSQL of the tests may be told to wait for nothing."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO on")


def waits_for_the_disk() -> bool:
    asked = "PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchone()[0] in (2, "on")


def test_several_are_counted_at_once():
    count("visits", HOUR)
    count_all([("visits", HOUR), ("calls", HOUR)])
    assert numbers([("visits", HOUR), ("calls", HOUR), ("letters", HOUR)]) == {"visits": 2, "calls": 1, "letters": 0}


def test_only_what_is_counted_in_passing_does_not_wait_for_the_disk():
    with in_passing():
        count("visits", HOUR)
        assert not waits_for_the_disk()
    assert waits_for_the_disk()
    assert Tally.objects.get().n == 1


def test_an_error_takes_the_count_back_and_the_next_transaction_waits_again():
    def fail_after_counting():
        with in_passing():
            count("visits", HOUR)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_counting()
    assert not Tally.objects.exists()
    assert waits_for_the_disk()


def test_within_another_transaction_it_waits_as_that_one_does():
    with transaction.atomic():
        with in_passing():
            count("visits", HOUR)
            assert waits_for_the_disk()
        transaction.set_rollback(True)
    assert not Tally.objects.exists()
