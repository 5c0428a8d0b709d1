"""Open hours by the clock on the wall: nights, weekends, days off, changes of the clock, other time zones."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketablog.hours import Hours, Unreadable, read_days_off, read_week

OFFICE = "Mon–Fri 9:00–12:00, 13:00–17:00"
BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"


def hours(week=OFFICE, days_off="", zone=BERLIN) -> Hours:
    return Hours(read_week(week), read_days_off(days_off), zone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# 2027-03-26 is Good Friday; the clock in Berlin goes forward on Sunday the 28th, and back on October 31st.
@pytest.mark.parametrize(
    ("start", "open_hours", "end"),
    [
        ("2027-05-03T09:00+02:00", 3, "2027-05-03T12:00+02:00"),
        ("2027-05-03T09:00+02:00", 4, "2027-05-03T14:00+02:00"),
        ("2027-05-03T07:15+02:00", 1, "2027-05-03T10:00+02:00"),
        ("2027-05-03T12:30+02:00", 1, "2027-05-03T14:00+02:00"),
        ("2027-05-03T16:30+02:00", 1, "2027-05-04T09:30+02:00"),
        ("2027-05-07T16:00+02:00", 2, "2027-05-10T10:00+02:00"),
        ("2027-05-08T23:59+02:00", 7, "2027-05-10T17:00+02:00"),
        ("2027-03-25T16:00+01:00", 2, "2027-03-30T10:00+02:00"),
        ("2027-12-23T16:00+01:00", 2, "2028-01-03T10:00+01:00"),
        ("2027-05-03T07:00+00:00", 1, "2027-05-03T08:00+00:00"),
    ],
)
def test_so_much_open_time_later_it_is(start, open_hours, end):
    holidays = "2027-03-26 Good Friday\n2027-03-29\n12-24 – 01-02 Between the years"
    office = hours(days_off=holidays)
    assert office.after(at(start), timedelta(hours=open_hours)) == at(end)
    assert office.between(at(start), at(end)) == timedelta(hours=open_hours)


@pytest.mark.parametrize(
    ("day", "night", "open_hours"),
    [
        ("2027-03-28", "Sun 0:00–6:00", 5),
        ("2027-10-31", "Sun 0:00–6:00", 7),
        ("2027-05-02", "Sun 0:00–6:00", 6),
        ("2027-03-28", "Sun 2:30–3:00", 0),
        ("2027-10-31", "Sun 0:00–24:00", 25),
    ],
)
def test_an_hour_that_the_clock_takes_or_gives_is_counted_as_it_went_by(day, night, open_hours):
    start, end = at(f"{day}T00:00+00:00") - timedelta(days=1), at(f"{day}T00:00+00:00") + timedelta(days=2)
    assert hours(night).between(start, end) == timedelta(hours=open_hours)


def test_the_same_hours_are_others_in_another_time_zone():
    monday = at("2027-05-03T12:00+00:00")
    assert hours(zone=NEW_YORK).next_open(monday) == at("2027-05-03T13:00+00:00")
    assert hours(zone=KOLKATA).next_open(monday) == at("2027-05-04T03:30+00:00")
    assert hours(zone=BERLIN).next_open(monday) == monday


def test_without_hours_it_is_always_open_and_where_all_is_off_never():
    saturday = at("2027-05-08T22:00+00:00")
    always = hours("", "05-08")
    assert always.next_open(saturday) == saturday
    assert always.after(saturday, timedelta(hours=5)) == at("2027-05-09T03:00+00:00")
    assert always.between(saturday, saturday + timedelta(hours=5)) == timedelta(hours=5)
    closed = hours(OFFICE, "01-01 – 12-31")
    assert closed.next_open(saturday) is None
    assert closed.after(saturday, timedelta(hours=1)) is None


def test_what_ends_before_it_began_took_no_time():
    assert hours().between(at("2027-05-03T12:00+00:00"), at("2027-05-03T10:00+00:00")) == timedelta(0)
    assert hours("").between(at("2027-05-03T12:00+00:00"), at("2027-05-03T10:00+00:00")) == timedelta(0)


@pytest.mark.parametrize(
    "same",
    [
        "Mon-Fri 9:00-17:00",
        "monday – friday: 09:00 – 17:00",
        "Mon 9.00–17.00\nTue–Fri 9:00–17:00",
        "lun–vie 9:00–17:00",
        "Lun. - vie. 9:00–17:00\n\n",
        "Mon–Fri 9:00–12:00, 12:00–17:00",
        "miércoles 9:00–17:00\nmie 8:00-8:01\nlun–mar 9:00–17:00\njue–vie 9:00–17:00",
    ],
)
def test_hours_are_written_in_many_ways(same):
    week = hours("Mon–Fri 9:00–17:00")
    found = hours(same.replace("\nmie 8:00-8:01", ""))
    monday, sunday = at("2027-05-03T00:00+02:00"), at("2027-05-09T23:00+02:00")
    assert found.between(monday, sunday) == week.between(monday, sunday) == timedelta(hours=40)


def test_days_may_go_over_the_end_of_the_week():
    assert [day for day, spans in enumerate(read_week("Sat–Mon 9:00–10:00")) if spans] == [0, 5, 6]


@pytest.mark.parametrize(
    "line",
    [
        "always", "9:00–17:00", "Mon", "Mon 9–17", "Mon 17:00–9:00", "Mon 9:00–25:00", "Mon 9:61–10:00",
        "Foo 9:00–17:00",
        "Mon–Foo 9:00–17:00", "Mon 9:00–12:00, 11:00–13:00", "Mon 9:00–17:00,", "Mon 22:00–24:01",
    ],
)  # fmt: skip
def test_a_line_that_says_no_hours_is_named(line):
    with pytest.raises(Unreadable) as error:
        read_week(f"Tue 9:00–17:00\n{line}")
    assert (error.value.number, error.value.line) == (2, line)


@pytest.mark.parametrize(
    "line",
    ["Christmas", "2027-02-29", "13-01", "2027-12-31 – 2027-12-24", "2027-12-24 – 12-31", "0000-01-01",
     "2027-12-24 – 2027-13", "25.12.2027"],
)  # fmt: skip
def test_a_line_that_says_no_day_off_is_named(line):
    with pytest.raises(Unreadable) as error:
        read_days_off(f"\n{line}")
    assert (error.value.number, error.value.line) == (2, line)


@given(st.text(alphabet="MonTueSat 0129:.,-–/\n", max_size=60))
def test_any_text_is_read_or_refused(text):
    for read in (read_week, read_days_off):
        with suppress(Unreadable):
            read(text)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)), st.integers(1, 200), st.sampled_from([BERLIN, NEW_YORK])
)
def test_what_is_counted_up_is_counted_back(start, open_hours, zone):
    office, start = (
        hours(days_off="12-25\n2027-05-01 – 2027-05-09", zone=zone),
        start.astimezone(at("2027-01-01T00:00+00:00").tzinfo),
    )
    end = office.after(start, timedelta(hours=open_hours))
    assert end is not None
    assert office.between(start, end) == timedelta(hours=open_hours)
