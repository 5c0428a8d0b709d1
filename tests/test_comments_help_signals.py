"""Which texts are taken for a cry for help. The sentences stand in tests/data/help_signals."""

import json
import marshal
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import rules
from comments.models import Comment
from comments.rules import help
from comments.rules.help import notation
from comments.rules.help.automaton import Automaton
from comments.rules.help.phrases import engine
from comments.rules.help.table import Rows
from tests.base import make_post, make_site, reply_data

NONE, WATCH, URGENT = Comment.HelpRank.NONE, Comment.HelpRank.WATCH, Comment.HelpRank.URGENT
FOLDER = Path(__file__).parent / "data" / "help_signals"
ROWS = [
    {"set": path.stem, **json.loads(line)}
    for path in sorted(FOLDER.glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
FAMILIES = sorted({(row["language"], row["family"]) for row in ROWS})
URGENT_SENTENCES = [
    "I want to kill myself", "I want to die", "I am suicidal", "I am going to end my life",
    "quiero morir", "voy a matarme",
]  # fmt: skip
LEET = {"i": "1", "e": "3", "a": "4", "o": "0", "s": "5"}


def rank_of(row: dict) -> Comment.HelpRank:
    return help.rank(row["text"], row.get("article", ""))


def is_right(row: dict) -> bool:
    rank = rank_of(row)
    return {"urgent": rank == URGENT, "watch": rank >= WATCH, "harmless": rank < URGENT}[row["expected"]]


def test_there_are_sentences_of_every_family_in_both_languages_and_none_twice():
    assert len(ROWS) >= 300
    assert {row["language"] for row in ROWS} == {"en", "es"}
    assert Counter(row["text"] for row in ROWS).most_common(1)[0][1] == 1
    families = {row["family"] for row in ROWS}
    assert families >= {
        "wish", "despair", "plan", "means", "goodbye", "slang", "evasion", "retraction", "other",
        "idiom", "quote", "statistics", "recovery", "negation", "saved", "loss", "professional", "ordinary",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted({row["set"] for row in ROWS}))
def test_each_set_is_above_the_floor(name):
    rows = [row for row in ROWS if row["set"] == name]
    urgent = [rank_of(row) == URGENT for row in rows if row["expected"] == "urgent"]
    noticed = [rank_of(row) >= WATCH for row in rows if row["expected"] != "harmless"]
    spared = [rank_of(row) < URGENT for row in rows if row["expected"] == "harmless"]
    assert sum(urgent) / len(urgent) >= 0.9
    assert sum(noticed) / len(noticed) >= 0.97
    assert sum(spared) / len(spared) >= 0.95


@pytest.mark.parametrize(("language", "family"), FAMILIES)
def test_a_family_is_told_from_the_others(language, family):
    rows = [row for row in ROWS if (row["language"], row["family"]) == (language, family)]
    wrong = [row["text"] for row in rows if not is_right(row)]
    assert len(wrong) <= len(rows) * 0.15, wrong


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("This pain is killing me.", NONE),
        ("I'm dying to know whether it is covered.", NONE),
        ("Suicide is the second leading cause of death among young adults.", NONE),
        ("Ketamine saved me from suicide.", WATCH),
        ("My brother killed himself in 2010.", WATCH),
        ("Ten years ago I wanted to die; today I am well.", WATCH),
        ("I am not suicidal.", WATCH),
        ("As a therapist I ask about plans to end one's life.", WATCH),
        ("My son says he wants to die.", URGENT),
        ("Forget what I said, I won't be a problem any longer.", URGENT),
    ],
)  # fmt: skip
def test_a_harmless_neighbor_is_lowered_and_its_urgent_like_is_not(text, wanted):
    assert help.rank(text) <= wanted if wanted < URGENT else help.rank(text) == URGENT


def test_a_harmless_part_does_not_hide_an_urgent_one():
    assert help.rank("I am not suicidal. I want to die.") == URGENT
    assert help.rank("This pain is killing me and tonight I am going to kill myself.") == URGENT


@pytest.mark.parametrize(
    "text",
    [
        "I am not well, I want to die", "I'm not joking I want to kill myself", "I never sleep and I am suicidal",
        "I don't know what else to do, I'm going to kill myself", "no, I want to die", "No estoy bien, quiero morir",
        "My doctor doesn't believe me but I want to die", "nunca duermo y quiero matarme",
    ],
)  # fmt: skip
def test_a_denial_of_something_else_denies_nothing(text):
    assert help.rank(text) == URGENT


def test_a_signal_says_where_it_stands_and_which_phrases_found_it():
    text = "Thank you all. I want to die."
    signal = help.examine(text)[0]
    assert (signal.family, signal.rank, signal.version) == ("wish_to_die", URGENT, 1)
    assert text[signal.start : signal.end] == signal.fragment
    assert "want to die" in signal.fragment


def test_what_stands_in_the_article_is_a_quote_and_what_does_not_is_not():
    said = 'One wrote "I want to die", and it stayed with me.'
    assert help.rank(said, "<p>A patient wrote: <em>I want to die</em>.</p>") == NONE
    assert help.rank(said, "<p>Something else.</p>") == URGENT
    assert help.rank(f"> I want to die\n\n{said}", "<p>I want to die</p>") == NONE
    assert help.rank("I want to die", "<p>I want to die</p>") == URGENT


@given(sentence=st.sampled_from(URGENT_SENTENCES), data=st.data())
@settings(max_examples=150)
def test_no_sign_that_nobody_sees_and_no_other_spelling_hides_an_urgent_sentence(sentence, data):
    hidden = data.draw(st.sampled_from(["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u0336"]))
    written = []
    for sign in sentence:
        way = data.draw(st.sampled_from(["plain", "plain", "upper", "hidden", "leet", "again"]))
        written.append(
            {
                "plain": sign,
                "upper": sign.upper(),
                "hidden": sign + hidden,
                "leet": LEET.get(sign, sign) if len(sentence) > 1 else sign,
                "again": sign * data.draw(st.integers(1, 4)) if sign.isalpha() and sign in "aeo" else sign,
            }[way]
        )
    assert help.rank("".join(written)) == URGENT


@pytest.mark.parametrize("sentence", URGENT_SENTENCES)
@pytest.mark.parametrize("between", [" ", ".", "-", "_", "*"])
def test_a_word_written_letter_by_letter_is_read(sentence, between):
    words = sentence.split()
    words[-1] = between.join(words[-1])
    assert help.rank(" ".join(words)) == URGENT


@given(st.text(max_size=400), st.text(max_size=100))
@settings(max_examples=100)
def test_any_text_is_read_without_an_error_and_every_fragment_stands_in_it(text, article):
    for signal in help.examine(text, article):
        assert 0 <= signal.start < signal.end <= len(text)
        assert signal.rank > NONE


@pytest.mark.parametrize(
    "piece",
    ["i want to just really ", "my son ", "k i l l m y s e l f ", "a", "kill myself ", '"', "“",
     "i do not want to kill myself ", "k*ll ", "iwanttodie", "s.u.i.c", "> ", "* ", "i\u200b", "he is ", "99 pills "],
)  # fmt: skip
def test_the_work_grows_with_the_length_of_the_text_and_no_faster(piece, monkeypatch):
    """Counted in states, not in seconds: how many are for a word does not depend on how many words there are."""
    rows = engine().table.rows
    looked_at = []

    class Counted(Rows):
        def after(self, state, words):
            looked_at.append(state)
            return super().after(state, words)

    monkeypatch.setattr(engine().table, "rows", Counted(*(getattr(rows, name) for name in Rows.__slots__)))
    counts = []
    for length in (2_500, 10_000):
        looked_at.clear()
        help.examine((piece * length)[:length])
        counts.append(len(looked_at))
    assert counts[1] <= counts[0] * 4 + 3000
    assert counts[1] <= 10_000 * 60


def test_a_long_text_full_of_signs_is_read_in_seconds_at_most():
    started = time.process_time()
    help.examine(("i want to die and " * 1000)[:10_000])
    assert time.process_time() - started < 5


# The notation


def found(phrase: str, text: str, **lists: list[str]) -> bool:
    automaton: Automaton[str] = Automaton()
    automaton.add(notation.read(phrase, notation.Lists(lists, str)), "it")
    return bool(automaton.finish().find([(word, word[:2] + "*") for word in text.split()]))


@pytest.mark.parametrize(
    ("phrase", "text", "wanted"),
    [
        ("a b", "x a b y", True),
        ("a b", "a x b", False),
        ("a ~2 b", "a x y b", True),
        ("a ~2 b", "a x y z b", False),
        ("a ~2 b", "a . b", False),
        ("a b? c", "a c", True),
        ("(a|b c)? d", "b c d", True),
        ("(a|b c) d", "c d", False),
        ("ab* c", "abxyz c", True),
        ("a .", "a .", True),
        ("<one> b", "x y b", True),
    ],
)
def test_a_phrase_finds_what_its_notation_says(phrase, text, wanted):
    assert found(phrase, text, one=["x y", "z"]) is wanted


@pytest.mark.parametrize(
    "phrase", ["", "(a", "a)", "a | b", "(a|)", "?", "<none>", "<itself>", "a?", "~3", "~9 a", "a<"]
)
def test_a_phrase_that_cannot_be_read_is_refused(phrase):
    with pytest.raises(ValueError, match=r"phrase|list|“"):
        found(phrase, "a", itself=["<itself>"])


# No rule loses it


def failing(submission):
    raise RuntimeError("a mistake in a rule")
    yield


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_no_order_of_the_rules_loses_an_urgent_reply(client, monkeypatch, seed):
    order = [*rules.RULES, rules.Rule("failing", failing)]
    random.Random(seed).shuffle(order)  # noqa: S311
    monkeypatch.setattr(rules, "RULES", tuple(order))
    make_site(moderation_policy="publish_clean")
    post = make_post()
    text = "I want to die. https://a.example https://b.example https://c.example"
    client.post(f"/posts/{post.slug}/comments/", reply_data(post, comment=text, topic="a robot"))
    comment = Comment.objects.get()
    assert (comment.status, comment.help_rank) == ("pending", URGENT)
    assert {"help", "rule_failed"} <= {reason["rule"] for reason in comment.reasons}


# What was read is kept


@pytest.mark.parametrize("damage", [b"", b"no phrases"])
def test_what_was_read_of_the_phrases_is_kept_and_read_anew_where_it_is_damaged(settings, tmp_path, damage):
    settings.DATA_DIR = tmp_path
    read = engine.__wrapped__
    first = read()
    (kept,) = (tmp_path / "phrases").iterdir()
    whole = kept.read_bytes()
    assert read().table.rows == first.table.rows
    kept.write_bytes(damage)
    again = read()
    assert (again.table.rows, again.table.phrases, again.table.signs) == (
        first.table.rows,
        first.table.phrases,
        first.table.signs,
    )
    assert marshal.loads(kept.read_bytes()) == marshal.loads(whole)  # noqa: S302 (written a moment ago)


def test_phrases_are_found_where_nothing_can_be_kept(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("")
    assert engine.__wrapped__().table.signs == engine().table.signs
