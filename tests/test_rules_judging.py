"""Each rule on replies that it hits and on replies that it leaves alone."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments import rules
from comments.models import Comment
from comments.rules import Known, Reason, Rule, Submission, judge, word_list
from tests.base import RITA

# The classifier judges whole texts and has tests of its own.
ALONE = {"classifier": None}
OWN = Known(own_hosts=frozenset({"clinic.example"}))


def submission(source="I slept better after the second week.", **fields):
    """What the rules see of a reply of Rita's."""
    known = fields.pop("known", OWN)
    comment = Comment(source=source, name=fields.pop("name", RITA["name"]), website=fields.pop("website", ""))
    comment.email = fields.pop("email", RITA["email"])
    return Submission.of(comment, known=known, **fields)


def hits(*args, **fields):
    return {reason.rule for reason in judge(submission(*args, **fields), ALONE).reasons}


HIT = {
    "links": ["https://one.example and https://two.example", "[a](https://a.example) [b](https://b.example)"],
    "shortener": ["Look: https://bit.ly/3xyz", "Write to me: https://wa.me/15551234"],
    "mismatch": ["[www.fda.gov](https://pills.example/buy)", "[https://nih.gov/x](http://evil.example)"],
    "markup": ["[url=http://x.example]cheap[/url]", '<a href="http://x.example">cheap</a>', "[b]Great[/b] post"],
    "capitals": ["THIS IS THE BEST CLINIC AND YOU SHOULD ALL CALL THEM TODAY"],
    "repetition": ["buy " * 20, "Call us today now\n" * 4],
    "disguise": ["Cheap vi\u0430gra here", "ca\u200bsino", "\u202elive\u202c"],
}
LEFT_ALONE = [
    "Thank you.",
    "No, no, no.",
    "I take 150 mg venlafaxine and 0.5 mg/kg is what the trial used. Is that a problem?",
    "This study helped me: https://pubmed.ncbi.nlm.nih.gov/12345678/",
    "As https://clinic.example/posts/sleep/ says, and https://clinic.example/about/ too, there is hope.",
    "[nih.gov](https://www.nih.gov/page) is good, and so is what you wrote.",
    "5 µg of it, at a β of 0.3, p < 0.05 (CI 1–4).",
    "¿Puedo tomar sertralina con la ketamina? Gracias por el artículo.",
    "Ich schlafe seit Wochen schlecht, trotz 10 mg Amitriptylin.",
    "Спасибо за статью, она мне помогла.",
    "نمی‌دانم چه بگویم",
    "👩\u200d⚕️ thank you!",
    "SSRI and SNRI did nothing; ECT did.",
]


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in HIT.items() for text in texts], ids=str)
def test_a_rule_hits_what_it_is_for(rule, text):
    assert rule in hits(text)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_readers_write_is_left_alone(text):
    # A dose of one's own is a matter for a clinician, and no sign of spam.
    assert hits(text) <= {"advice"}


@pytest.mark.parametrize(
    "name", ["Cheap Loans", "best plumber in Dallas", "www.pills.com", "SEO Services", "Buy Viagra"]
)
def test_a_name_that_sells_is_seen(name):
    assert hits(name=name) == {"name"}


@pytest.mark.parametrize(
    "name", ["Rita", "Dr. Lena Slot-Meier", "María José", "Buyisiwe", "anonymous in Dallas", "山田"]
)
def test_a_persons_name_is_left_alone(name):
    assert hits(name=name) == set()


@pytest.mark.parametrize(
    ("address", "is_hit"), [("x@mailinator.com", True), ("x@sub.yopmail.com", True), ("x@notyopmail.com", False)]
)
def test_an_address_of_some_minutes_is_noted_and_holds_nothing(address, is_hit):
    judgment = judge(submission(email=address), ALONE)
    assert bool(judgment.reasons) == is_hit
    assert judgment.outcome == ("note" if is_hit else "")


def test_a_long_text_within_seconds_is_noted_and_one_without_a_time_is_not():
    text = "I wondered whether sleep gets better. " * 10
    assert "speed" in hits(text, seconds=2)
    assert "speed" not in hits(text, seconds=60)
    assert "speed" not in hits(text, seconds=None)


def test_many_replies_of_a_sender_and_a_text_sent_twice_are_held():
    assert hits(known=Known(sent_this_hour=6, same_text_today=1)) == {"often", "again"}
    assert hits(known=Known(sent_this_hour=5, same_text_today=0)) == set()


def test_the_heaviest_reason_says_what_follows():
    def with_outcome(outcome):
        return Rule(outcome, lambda _submission: iter([Reason(outcome)]), outcome)

    order = [with_outcome("note"), with_outcome("spam"), with_outcome("hold")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "RULES", tuple(order))
        assert judge(submission()).outcome == "spam"
        assert judge(submission(), {"spam": "hold"}).outcome == "hold"
        assert judge(submission(), {"spam": None, "hold": None}).outcome == "note"


# Word lists


def found(line, **fields):
    return [
        (r.fragment, r.outcome) for r in judge(submission(known=Known(word_lists=(line,)), **fields), ALONE).reasons
    ]


def test_lists_that_take_too_long_hold_the_reply(monkeypatch, caplog):
    monkeypatch.setattr(word_list, "MOST_SECONDS", -1)
    reasons = judge(submission(known=Known(word_lists=("/pharmacy/",))), ALONE).reasons
    assert [(reason.rule, reason.fragment, reason.outcome) for reason in reasons] == [("rule_failed", "words", "hold")]
    assert "The word lists take too long." in caplog.text


@pytest.mark.parametrize(
    ("line", "text", "hit"),
    [
        ("casino", "The Casino, again", "Casino"),
        ("ass", "My assessment", None),
        ("casino*", "casinos everywhere", "casinos"),
        ("*casino", "megacasino now", "megacasino"),
        ("buy now", "Buy\n now!", "Buy\n now"),
        ("café", "CAFÉ at noon", "CAFÉ"),
        ("c++", "I like c++ a lot", "c++"),
        (r"/buy\s+\d+ pills/", "you can buy 30 pills", "buy 30 pills"),
        ("name: rita", "I am Rita", "Rita"),
        ("text: rita", "nobody", None),
        ("link: *.example", "see https://shop.example/x", "shop.example"),
        ("# casino", "casino", None),
        ("казино", "лучшее Казино тут", "Казино"),
    ],
)
def test_a_line_of_a_word_list(line, text, hit):
    reasons = found(line, source=text)
    assert [fragment for fragment, _outcome in reasons] == ([] if hit is None else [hit])


@pytest.mark.parametrize(
    ("line", "outcome"), [("casino", "hold"), ("casino => spam", "spam"), ("casino => note", "note")]
)
def test_each_line_has_its_own_outcome(line, outcome):
    assert found(line, source="a casino")[0][1] == outcome


def test_an_address_that_a_line_finds_is_not_repeated():
    assert found("email: *@example.org")[0][0] == "*@example.org"


@pytest.mark.parametrize("line", ["/(/", "casino => ban", "*", "/.*/", "/a|/", "x" * 301, "/(?=a)b/", "name:"])
def test_a_line_that_cannot_work_is_refused_with_its_number(line):
    with pytest.raises(word_list.Unreadable) as refused:
        word_list.read(f"casino\n{line}")
    assert refused.value.number == 2
    assert refused.value.why


@given(st.text(max_size=80))
def test_any_list_is_read_or_refused(text):
    nothing = dict.fromkeys(("text", "name", "email", "website", "link"), "")
    with suppress(word_list.Unreadable):
        assert not any(line.hit(nothing) for line in word_list.read(text))


@given(st.text(max_size=40), st.text(alphabet="aAsSkKßẞſİıΣσςéÉ* c+", min_size=1, max_size=8))
def test_what_a_line_needs_stands_in_every_text_that_it_hits(before, words):
    try:
        (line,) = word_list.read(words)
    except (word_list.Unreadable, ValueError):
        return
    for text in (words, words.upper(), words.lower(), before, f"{before} {words.swapcase()} {before}"):
        if line.hit({"text": text}):
            assert line.needs in text.casefold()
