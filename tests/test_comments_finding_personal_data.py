"""What tells who somebody is, or how to reach them, is found; what only looks like it is left alone."""

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import clinic
from comments.known import Known
from comments.redaction.parts import Parts, found_in
from comments.rules import advice, personal_data, staff_guard
from comments.rules.personal_data import births, phones, records, streets
from tests.base import make_comment, make_person, make_post, make_site
from tests.personal import HARMLESS, PERSONAL, sentences

EVERY = [(kind, sentence) for kind, table in PERSONAL.items() for sentence in sentences(table)]
PIECES = [sentence for _kind, sentence in EVERY] + sentences(HARMLESS)


@pytest.mark.parametrize(("kind", "sentence"), EVERY)
def test_it_is_found(kind, sentence):
    assert [part.kind for part in personal_data.find(sentence)] == [kind]


@pytest.mark.parametrize(("kind", "sentence"), EVERY)
def test_it_is_found_amid_other_words_and_taken_out(kind, sentence):
    text = f"Thank you for this article.\n\n{sentence}\n\nI felt better after a week."
    parts = personal_data.find(text)
    assert kind in {part.kind for part in parts}
    assert personal_data.find(personal_data.redact(text, parts)) == []
    assert "I felt better after a week." in personal_data.redact(text, parts)


@pytest.mark.parametrize("sentence", sentences(HARMLESS))
def test_what_only_looks_like_it_is_left_alone(sentence):
    assert personal_data.find(sentence) == []


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=6), st.sampled_from([" ", "\n", ", ", ""]))
def test_nothing_is_left_to_find_where_parts_are_taken_out(pieces, between):
    text = between.join(pieces)
    parts = personal_data.find(text)
    assert [part for part in parts if not 0 <= part.start < part.end <= len(text)] == []
    assert all(first.end <= second.start for first, second in pairwise(parts))
    _name, redacted = Parts.of("Rita", text, Known()).redacted()
    assert personal_data.find(redacted) == []


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=300), max_size=4).map(" ".join))
def test_the_pieces_of_a_text_are_the_text(text):
    parts = Parts.of("Rita", text, Known())
    assert "".join(piece.text for piece in parts.pieces) == text


@pytest.mark.parametrize(
    "unit",
    ["1", "1 ", "(1", "+1-", "a", "a.", "a@", "a at ", "@a.", "Dr. A", "12 Main ", "calle a ", "A ", "born ", "mrn ",
     "MRN no ", "should i ", "should i a ", "take ketamine ", "“", "your ", "your last ", "we ", "01/01/", "\n", ". "],
)  # fmt: skip
def test_no_text_takes_long(unit):
    text = (unit * 10_000)[:10_000]
    began = time.process_time()
    for judge in (personal_data.find, advice.seek, staff_guard.find):
        judge(text)
    # Far above what it takes, far below what a pattern takes that goes back and forth.
    assert time.process_time() - began < 2


@pytest.mark.django_db
def test_what_the_clinic_has_made_public_is_no_secret():
    site = make_site(
        contact="Harbor Clinic\n12 Main Street, Springfield, IL 62704\n(555) 123-4567\nhello@clinic.example",
        clinic_phone="+1 555 010 0200",
        help_lines="Helpline | tel:+34717003717",
    )
    make_person(name="Anna Smith")
    known = clinic.known(site)
    for public in (
        "I called 555-123-4567",
        "It is at 12 Main Street, Springfield, IL 62704.",
        "write to hello@clinic.example",
        "call 555 010 0200",
        "llama al 717 003 717",
        "Dr. Smith wrote this.",
    ):
        assert personal_data.find(public, known) == [], public
    for private in ("I called 555-123-4568", "I live at 14 Main Street", "me@clinic.example", "Dr. Jones"):
        assert personal_data.find(private, known), private


@pytest.mark.django_db
def test_a_name_may_be_a_doctors_and_hold_no_number():
    post = make_post()
    assert not found_in(make_comment(post, name="Dr. Smith"))
    assert found_in(make_comment(post, name="Rita 555-123-4567")).words == ["a phone number in the name"]


@pytest.mark.django_db
def test_an_excerpt_shows_the_parts_with_some_words_around():
    filler = "word " * 100
    parts = Parts.of("Rita", f"{filler}rita@example.org {filler}555-123-4567 {filler}", Known())
    shown = "".join(piece.text for piece in parts.excerpt)
    assert "rita@example.org" in shown
    assert "555-123-4567" in shown
    assert len(shown) < 300


@given(
    st.lists(st.sampled_from([*"Nnabc @.#-(+", "nhs ", "born on ", "calle ", "PO Box ", "tel:", "four five "])).map(
        "".join
    )
)
def test_without_a_digit_there_is_no_number(text):
    found = {part.kind for part in personal_data.find(text)}
    every = [*records.find(text), *births.find(text), *streets.find(text, Known()), *phones.find(text, Known(), text)]
    assert every == []
    assert found <= {"email", "profile", "clinician"}


OF_OFFICES = (
    "STRONG NAMED SPACED_SOCIAL_SECURITY SOCIAL_SECURITY MEDICARE NATIONAL_INSURANCE CURP NHS DNI CARD IBAN".split()
)


@pytest.mark.parametrize("name", OF_OFFICES)
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_each_number_of_an_office_is_a_long_one(name, data):
    assert records.LONG_NUMBER.search(data.draw(st.from_regex(getattr(records, name))))
