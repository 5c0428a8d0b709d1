"""Addresses at rest, tokens, and what nobody can forge."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from ketablog import secrets

KEYS = {"new": "n" * 40, "old": "o" * 40}


def test_an_address_comes_back_from_what_is_stored_and_is_not_in_it():
    stored = secrets.encrypt("rita@example.org")
    assert "rita" not in stored
    assert stored.startswith("t1:")
    assert secrets.decrypt(stored) == "rita@example.org"


def test_the_same_address_is_never_stored_alike_twice():
    assert secrets.encrypt("rita@example.org") != secrets.encrypt("rita@example.org")


def test_no_address_stays_empty():
    assert secrets.encrypt("") == secrets.decrypt("") == secrets.address_index("") == ""
    assert secrets.address_indexes("") == []


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(settings):
    settings.EMAIL_KEYS = {"old": KEYS["old"]}
    stored, index = secrets.encrypt("rita@example.org"), secrets.address_index("rita@example.org")
    settings.EMAIL_KEYS = KEYS
    assert secrets.decrypt(stored) == "rita@example.org"
    assert secrets.encrypt("rita@example.org").startswith("new:")
    assert index in secrets.address_indexes("Rita@Example.org ")


@pytest.mark.parametrize("keys", [{"new": KEYS["new"]}, {"old": "x" * 40}])
def test_a_missing_or_wrong_key_is_said(settings, keys):
    settings.EMAIL_KEYS = {"old": KEYS["old"]}
    stored = secrets.encrypt("rita@example.org")
    settings.EMAIL_KEYS = keys
    with pytest.raises(secrets.CannotDecrypt, match="old"):
        secrets.decrypt(stored)


def test_the_index_tells_nothing_to_whom_has_no_key(settings):
    index = secrets.address_index("rita@example.org")
    settings.EMAIL_KEYS = {"t1": "another-secret-" * 3}
    assert secrets.address_index("rita@example.org") != index


def test_a_form_is_the_same_for_all_readers_of_a_day_and_differs_by_post():
    with time_machine.travel("2026-03-01T01:00:00Z", tick=False):
        morning = secrets.form_token(1)
    with time_machine.travel("2026-03-01T23:00:00Z", tick=False):
        assert secrets.form_token(1) == morning
        assert secrets.form_token(2) != morning
        assert not secrets.form_token_is_valid(morning, 2)


@pytest.mark.parametrize(("days", "valid"), [(0, True), (6, True), (8, True), (9, False), (400, False), (-1, False)])
def test_a_form_lives_for_eight_days(days, valid):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = secrets.form_token(1)
        clock.shift(timedelta(days=days))
        assert secrets.form_token_is_valid(token, 1) is valid


def test_a_form_made_under_the_key_before_is_taken(settings):
    token = secrets.form_token(1)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-newer-key-" * 5
    assert secrets.form_token_is_valid(token, 1)


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 64, "\x00"])
def test_what_is_no_token_is_none(token):
    assert not secrets.form_token_is_valid(token, 1)
    assert secrets.read_id("mine", token) is None


def test_a_token_of_one_purpose_opens_no_other():
    token = secrets.sign_id("mine", 12)
    assert secrets.read_id("mine", token) == 12
    assert secrets.read_id("other", token) is None


def test_the_hash_of_a_client_is_another_one_tomorrow():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        today = secrets.daily_hash("client", "192.0.2.1")
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        assert secrets.daily_hash("client", "192.0.2.1") != today
