"""The optional proof of work: asked for where rules about spam doubt a reply, noted, and never a way past a rule."""

import base64
import json
import re
from datetime import timedelta
from html import unescape
from unittest.mock import patch

import altcha
import pytest
import time_machine
from django.db import DatabaseError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments import intake, proof
from comments.models import Comment
from comments.rules import Judgment, Reason
from ketablog.models import Tally
from ketablog.site import ModerationPolicy
from tests.base import make_comment, make_mo, make_post, make_site, reply_data

pytestmark = pytest.mark.django_db
ADDRESS = "/posts/sleep/comments/"
ASKED = "Your browser is asked to do a small calculation first."
DOUBTED = "Read https://a.example/ https://b.example/ https://c.example/ https://d.example/ https://e.example/"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """The same calculation, and no second of it."""
    monkeypatch.setattr(proof, "COST", 2)
    monkeypatch.setattr(proof, "FEWEST", 1)
    monkeypatch.setattr(proof, "MOST", 4)


@pytest.fixture
def post():
    make_site(proof_of_work=True, moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    return make_post(slug="sleep")


@pytest.fixture
def verdict(monkeypatch):
    """The rules give these reasons."""

    def give(*reasons: Reason) -> None:
        monkeypatch.setattr(intake, "judge", lambda *args: Judgment(list(reasons)))

    give(Reason("links", outcome="hold"))
    return give


@pytest.fixture
def send(client, post):
    def send(**fields):
        return client.post(ADDRESS, reply_data(post, **fields))

    return send


def challenge_in(response) -> dict:
    return json.loads(unescape(re.search(r'data-challenge="([^"]+)"', response.text)[1]))


def token_in(response) -> str:
    return re.search(r'name="unproved" value="([^"]+)"', response.text)[1]


def packed(challenge: dict, solution: dict) -> str:
    return base64.b64encode(json.dumps({"challenge": challenge, "solution": solution}).encode()).decode()


def solved(response) -> str:
    """What a browser answers."""
    challenge = challenge_in(response)
    return packed(challenge, altcha.solve_challenge(altcha.Challenge.from_dict(challenge)).to_dict())


def is_asked(response) -> bool:
    assert (response.status_code == 422) == (ASKED in response.text)
    return response.status_code == 422


def rules_of(comment: Comment) -> list[str]:
    return [reason["rule"] for reason in comment.reasons]


def test_a_doubted_reply_is_asked_for_a_calculation_first_and_nothing_is_lost(send, verdict):
    response = send(comment="Line one & <two>", website="https://rita.example/")
    assert is_asked(response)
    assert "Line one &amp; &lt;two&gt;" in response.text
    assert 'value="https://rita.example/"' in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.cookies == {}
    assert not Comment.objects.exists()
    assert 'data-script="/static/js/reply-proof.js"' in response.text
    assert "data-sending" in response.text


def test_a_real_reply_with_many_links_is_asked(send, post):
    response = send(comment=DOUBTED)
    assert is_asked(response)
    assert send(comment=DOUBTED, proof=solved(response)).status_code == 303
    assert rules_of(Comment.objects.get())[0] == "links"
    assert rules_of(Comment.objects.get())[-1] == "proof"


@pytest.mark.parametrize(("outcome", "status"), [("hold", "pending"), ("spam", "spam")])
def test_with_the_solution_it_is_taken_and_stays_what_the_rules_say(send, verdict, outcome, status):
    verdict(Reason("words", outcome=outcome))
    assert send(proof=solved(send())).status_code == 303
    comment = Comment.objects.get()
    assert comment.status == status
    assert comment.reasons[-1] == {"rule": "proof", "points": 0, "fragment": "", "version": 1, "outcome": "note"}


@pytest.mark.parametrize(("outcome", "status"), [("hold", "pending"), ("spam", "spam")])
def test_without_a_calculation_it_is_taken_by_one_more_press_and_that_is_noted(send, verdict, outcome, status):
    verdict(Reason("words", outcome=outcome))
    assert send(unproved=token_in(send())).status_code == 303
    comment = Comment.objects.get()
    assert comment.status == status
    assert comment.reasons[-1] == {"rule": "no_proof", "points": 1, "fragment": "", "version": 1, "outcome": "note"}


def test_staff_read_at_the_desk_what_came_of_it(client, send, verdict):
    send(proof=solved(send()))
    send(comment="Another.", unproved=token_in(send(comment="Another.")))
    client.force_login(make_mo())
    page = client.get("/admin/comments/comment/").text
    assert "The browser did the small calculation that it was asked for." in page
    assert "It was sent without the small calculation that was asked of the browser." in page


# When nobody is asked


def test_it_is_off_until_staff_switch_it_on(client, verdict):
    assert not make_site().proof_of_work
    assert client.post(ADDRESS, reply_data(make_post(slug="sleep"))).status_code == 303
    assert rules_of(Comment.objects.get()) == ["links", "policy"]


@pytest.mark.parametrize(
    "reasons",
    [
        [],
        [Reason("links", outcome="note")],
        [Reason("rule_failed", outcome="hold")],
        [Reason("advice", outcome="hold")],
    ],
    ids=["nothing", "note", "fault", "advice"],
)
def test_a_reply_that_no_rule_takes_for_spam_is_not_asked(send, verdict, reasons):
    verdict(*reasons)
    assert send().status_code == 303
    assert rules_of(Comment.objects.get()) == [reason.rule for reason in reasons]


def test_a_reply_that_only_waits_its_turn_is_not_asked(send, verdict):
    make_site(moderation_policy=ModerationPolicy.HOLD_ALL)
    verdict()
    assert send().status_code == 303


@pytest.mark.parametrize("text", ["I want to kill myself.", "My friend wants to die."])
def test_what_may_be_a_cry_for_help_is_never_asked(send, verdict, text):
    assert send(comment=text).status_code == 303
    comment = Comment.objects.get()
    assert comment.help_rank
    assert not {"proof", "no_proof"} & set(rules_of(comment))


def test_nobody_who_is_signed_in_is_asked(client, send, verdict):
    client.force_login(make_mo())
    assert send().status_code == 303


def test_a_question_about_personal_data_comes_first_and_its_answer_is_kept(send, verdict):
    verdict(Reason("links", outcome="hold"), Reason("personal_data", points=0, outcome="hold"))
    first = send()
    assert "Please look at it once more" in first.text
    assert ASKED not in first.text
    keep = re.search(r'name="keep" value="([^"]+)"', first.text)[1]
    second = send(keep=keep)
    assert is_asked(second)
    assert f'name="asked" value="{keep}"' in second.text
    assert send(asked=keep, proof=solved(second)).status_code == 303


def test_a_repetition_is_told_before_anything_is_calculated(send, post, verdict):
    make_comment(post, "I had the same question.", status="pending")
    assert send().status_code == 409


# What is no answer


def test_a_solution_holds_for_one_reply_alone(send, verdict):
    solution = solved(send())
    assert send(proof=solution).status_code == 303
    Comment.objects.all().delete()
    again = send(proof=solution)
    assert is_asked(again)
    assert "data-sending" not in again.text, "no script sends it over and over"
    assert not Comment.objects.exists()


def test_a_reply_that_could_not_be_saved_does_not_use_its_solution_up(send, verdict):
    solution = solved(send())
    with patch.object(Comment, "save", side_effect=DatabaseError("disk full")):
        assert send(proof=solution).status_code == 503
    assert send(proof=solution).status_code == 303


@pytest.mark.parametrize("field", ["comment", "name"])
def test_a_solution_and_a_token_are_for_one_text(send, verdict, field):
    first = send()
    assert is_asked(send(**{field: "Other", "proof": solved(first)}))
    assert is_asked(send(**{field: "Other", "unproved": token_in(first)}))
    assert not Comment.objects.exists()
    assert send(proof=solved(first)).status_code == 303, "what was not taken is not used up"


def test_a_solution_and_a_token_are_for_one_article(client, send, verdict):
    first, other = send(), make_post(slug="other")
    for field in ({"proof": solved(first)}, {"unproved": token_in(first)}):
        assert client.post("/posts/other/comments/", reply_data(other, **field)).status_code == 422


def test_a_solution_lasts_ten_minutes(send, verdict):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        solution = solved(send())
        clock.shift(timedelta(minutes=10, seconds=1))
        assert is_asked(send(proof=solution))
        solution = solved(send())
        clock.shift(timedelta(minutes=9, seconds=59))
        assert send(proof=solution).status_code == 303


def test_what_was_used_up_is_remembered_longer_than_it_lasts(send, verdict):
    with time_machine.travel(timezone.now(), tick=False):
        send(proof=solved(send()))
        row = Tally.objects.get(key__startswith="proof:")
        assert row.expires_at > timezone.now() + timedelta(minutes=15)


@pytest.mark.parametrize(
    "change",
    [
        lambda challenge, solution: solution.update(derivedKey="00" * 32),
        lambda challenge, solution: solution.update(derivedKey=None),
        lambda challenge, solution: challenge.update(signature="00"),
        lambda challenge, solution: challenge.pop("signature"),
        lambda challenge, solution: challenge["parameters"].update(expiresAt=9999999999),
        lambda challenge, solution: challenge["parameters"].update(keyPrefix=""),
        lambda challenge, solution: challenge["parameters"].pop("keySignature"),
        lambda challenge, solution: challenge["parameters"].pop("data"),
        lambda challenge, solution: challenge.update(parameters=[]),
    ],
)
def test_what_was_changed_is_no_solution(send, verdict, change):
    challenge = challenge_in(send())
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge)).to_dict()
    change(challenge, solution)
    response = send(proof=packed(challenge, solution))
    assert is_asked(response)
    assert "data-sending" not in response.text


@pytest.mark.parametrize("text", ["1", "é", "bm8=", "W10=", "A" * 3000, base64.b64encode(b"[" * 1400).decode()])
def test_what_cannot_be_read_is_no_solution_and_no_fault(send, verdict, text):
    assert is_asked(send(proof=text, unproved=text))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
PARAMETERS = ("algorithm", "cost", "keyLength", "keyPrefix", "nonce", "salt", "keySignature", "expiresAt", "data")


@given(
    st.fixed_dictionaries(
        {
            "challenge": st.fixed_dictionaries(
                {"parameters": st.fixed_dictionaries(dict.fromkeys(PARAMETERS, JSON)) | JSON, "signature": JSON}
            )
            | JSON,
            "solution": st.fixed_dictionaries({"counter": JSON, "derivedKey": JSON}) | JSON,
        }
    )
    | JSON
)
def test_nothing_that_is_made_up_solves_or_breaks_anything(answer):
    assert not proof.is_solved(base64.b64encode(json.dumps(answer).encode()).decode(), "text")


def test_the_library_is_asked_whether_it_verified_and_not_whether_there_is_a_result(send, verdict):
    challenge = challenge_in(send())
    payload = altcha.Payload.from_base64(packed(challenge, {"counter": 0, "derivedKey": ""}))
    assert altcha.verify_solution(payload, "other"), "an object is true whatever it says"
    assert not proof.is_solved(payload.to_base64(), "text")
