"""The clinic's address at the foot of each page, with what can be pressed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketablog.templatetags.contact import pressable
from tests.base import make_site


def pressed(text: str) -> list[str]:
    return [part.url for line in pressable(text) for part in line if part.url]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("(207) 555-0142", "tel:2075550142"),
        ("Phone: 207-555-0142.", "tel:2075550142"),
        ("+1 207 555 0142", "tel:+12075550142"),
        ("+49 (0)30 123 456-78", "tel:+493012345678"),
        ("020 7946 0958", "tel:02079460958"),
        ("hello@example.org", "mailto:hello@example.org"),
        ("Write to a.b+c@mail.example.co.uk, please", "mailto:a.b+c@mail.example.co.uk"),
    ],
)
def test_numbers_and_addresses_can_be_pressed(text, address):
    assert pressed(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "Portland, ME 04101-2345",
        "12 Harbor Street",
        "Mon-Fri 09:00-17:00",
        "Reg. 12345678",
        "2026-11-26",
        "@clinic",
        "a@b",
    ],
)
def test_other_digits_stay_text(text):
    assert pressed(text) == []


@given(st.text(max_size=200))
def test_no_word_is_lost(text):
    lines = ["".join(part.label for part in line) for line in pressable(text)]
    assert lines == [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.django_db
def test_the_foot_of_a_page_links_them_and_trusts_nothing(client):
    make_site(contact="Harbor <b>Clinic</b>\n(207) 555-0142\nhello@example.org")
    foot = client.get("/").text.partition("<address>")[2].partition("</address>")[0]
    assert "Harbor &lt;b&gt;Clinic&lt;/b&gt;<br>" in foot
    assert '<a href="tel:2075550142">(207) 555-0142</a><br>' in foot
    assert '<a href="mailto:hello@example.org">hello@example.org</a>' in foot
