"""The classifier: what it says of replies, what it learns from decisions, and what it never takes for spam."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from bench import spam as bench
from bench.texts import OWN, folds, read
from comments import clinic, moderation, retention
from comments.classifier import counts, learning
from comments.classifier.features import Written, features
from comments.classifier.folding import fold
from comments.classifier.model import FILE, shipped, write
from comments.classifier.models import LearnedLine, LearnedWord, Lesson
from comments.known import Known
from comments.models import Comment
from comments.own import changes
from comments.rules import Submission, judge
from ketablog import markup
from ketablog.site import ModerationPolicy
from tests.base import make_comment, make_mo, make_post, make_site, reply_data
from tests.queue import run_tasks

SPAM = "Buy cheap pills without prescription, overnight shipping, pay with bitcoin! http://pills-rx.example"
NEW_SPAM = "Zorblat quendling brings frabjous outcomes, ask the snark merchant for a mimsy sample"
HAM = "I take 200 mg of lamotrigine and 0.5 mg of Xanax at night. Did your doctor ask you to stop before the infusion?"


def reasons_of(text: str, **fields: str) -> list[dict]:
    judgment = judge(
        Submission(
            **{"name": "Rita", "email": "", "website": "", **fields}, source=text, html=markup.render_comment(text)
        )
    )
    return [reason for reason in judgment.as_stored() if reason["rule"] == "classifier"]


def score_of(text: str) -> float:
    found = features(Written(text))
    return shipped().score(found, counts.recall(found)).value


def words() -> dict[int, tuple[int, int]]:
    return {row.code: (row.spam, row.ham) for row in LearnedWord.objects.all() if row.spam or row.ham}


def decide(verb, comment: Comment) -> None:
    comment.refresh_from_db()
    assert verb(comment, by=None, text_version=comment.text_version)
    run_tasks()


@pytest.fixture
def waiting(db):
    return make_comment(make_post(), NEW_SPAM, status="pending")


# Judging


@pytest.mark.django_db
def test_spam_is_marked_as_such_with_its_strongest_words(client):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    post = make_post()
    client.post(f"/posts/{post.slug}/comments/", reply_data(post, comment=SPAM))
    comment = Comment.objects.get()
    assert comment.status == "spam"
    (reason,) = [reason for reason in comment.reasons if reason["rule"] == "classifier"]
    assert (reason["rule"], reason["outcome"]) == ("classifier", "spam")
    assert (reason["points"], reason["version"]) == (5, 1)
    assert "prescription" in reason["fragment"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        HAM,
        "Thank you, this helped me.",
        "My brother died in April, and I still set two plates on the table.",
        "¿Puedo seguir tomando la sertralina de 100 mg mientras recibo las infusiones?",
        "I was on Adderall 30 mg, Valium 5 mg and tramadol for my pain. My psychiatrist stopped all three.",
    ],
)
def test_what_patients_write_is_no_spam(text):
    assert reasons_of(text) == []


@pytest.mark.django_db
def test_a_drug_or_a_dose_alone_is_never_a_sign_of_spam():
    model = shipped()
    for text in ("Xanax", "ketamine 100 mg", "tramadol", "Viagra 50 mg", "Ozempic", "clinic doctor dose"):
        assert model.score(features(Written(text))).value <= model.bias


@pytest.mark.parametrize("text", ["988", "call 911", "116 123", "text 741741", "+1 (555) 010-0142", "555-010-0177"])
def test_help_lines_and_the_phone_of_the_clinic_leave_no_trace(db, text):
    own = clinic.known(make_site(contact="12 Harbor Street, phone +1 555 010 0142", clinic_phone="+1 555 010 0177"))
    assert not [name for name in features(Written(text), own) if name.startswith("shape:")]


def test_the_links_of_the_clinic_leave_no_trace(db, settings):
    settings.SITE_URL = "https://blog.clinic.example"
    own = clinic.known(
        make_site(footer_links="Us | https://www.clinic.example/us", portal_url="https://portal.example/in")
    )
    for link in ("https://blog.clinic.example/posts/a/", "https://www.clinic.example/x", "https://portal.example/x"):
        assert features(Written(f"See {link}"), own) == {"see": False}
    assert "shape:links 1" in features(Written("See https://other.example/x"), own)


@pytest.mark.parametrize(
    "text",
    [
        "c\u200basino bonus",
        "сasinо bonus",
        "ｃａｓｉｎｏ bonus",
        "c a s i n o bonus",
        "C.a.s.i.n.o bonus",
        "ca5ino bonus",
        "𝗰𝗮𝘀𝗶𝗻𝗼 bonus",
    ],
)
def test_tricks_with_signs_are_seen_through_and_counted(text):
    found = features(Written(text))
    assert "casino" in found
    assert any(name.startswith("trick:") for name in found)


@pytest.mark.parametrize(
    "text", ["Спасибо большое за статью", "Ευχαριστώ πολύ", "شكرا جزيلا", "Ich fühle mich müde", "0.5 mg"]
)
def test_other_scripts_are_no_tricks(text):
    assert fold(text) == (text, set())


@given(st.text(max_size=400), st.text(max_size=40), st.text(max_size=60))
def test_any_text_has_features(text, name, website):
    found = features(Written(text, name, website), Known({"988"}, linked_hosts={"clinic.example"}))
    assert "" not in found
    assert not any("\t" in feature or "\n" in feature for feature in found)


# Learning


def test_a_decision_is_learned_once_and_unlearned_when_it_is_taken_back(waiting):
    before = score_of(NEW_SPAM)
    decide(moderation.spam, waiting)
    assert words()[counts.REPLIES] == (1, 0)
    assert score_of(NEW_SPAM) > shipped().spam > before
    learning.follow.func([waiting.pk])
    assert words()[counts.REPLIES] == (1, 0)
    decide(moderation.restore, waiting)
    assert words() == {}
    assert not Lesson.objects.exists()
    assert score_of(NEW_SPAM) == before


def test_what_is_decided_otherwise_is_learned_otherwise(waiting):
    decide(moderation.spam, waiting)
    learned = set(words())
    decide(moderation.approve, waiting)
    assert words() == dict.fromkeys(learned, (0, 1))
    decide(moderation.remove, waiting)
    assert words() == {}


def test_what_two_replies_taught_survives_the_loss_of_one(waiting):
    other = make_comment(waiting.post, NEW_SPAM, name="Lewis", status="pending")
    decide(moderation.spam, waiting)
    decide(moderation.spam, other)
    decide(moderation.restore, waiting)
    assert set(words().values()) == {(1, 0)}


def test_staff_and_what_nobody_decided_teach_nothing(waiting):
    make_comment(waiting.post, HAM)
    by_staff = make_comment(waiting.post, HAM, status="pending", user=make_mo())
    decide(moderation.approve, by_staff)
    for comment in Comment.objects.all():
        learning.follow.func([comment.pk])
    assert words() == {}


def test_withdrawing_unlearns(waiting):
    decide(moderation.spam, waiting)
    changes.withdraw(Comment.objects.get())
    run_tasks()
    assert words() == {}
    assert not Lesson.objects.exists()


def test_old_spam_goes_and_what_it_taught_stays(waiting):
    decide(moderation.spam, waiting)
    taught = words()
    Comment.objects.update(decided_at=waiting.created_at - timedelta(days=60))
    retention.apply()
    assert not Comment.objects.exists()
    assert not Lesson.objects.exists()
    assert words() == taught


def test_old_spam_with_an_answer_is_emptied_with_its_lesson(waiting):
    make_comment(waiting.post, parent=waiting)
    decide(moderation.spam, waiting)
    Comment.objects.filter(pk=waiting.pk).update(decided_at=waiting.created_at - timedelta(days=60))
    retention.apply()
    assert Comment.objects.get(pk=waiting.pk).is_empty
    assert not Lesson.objects.exists()


def test_a_changed_text_is_unlearned_until_it_is_decided(waiting):
    decide(moderation.approve, waiting)
    waiting.refresh_from_db()
    site = make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    assert changes.edit(waiting, source=HAM, name="Rita", text_version=1, site_settings=site)
    run_tasks()
    assert words() == {}


def test_the_table_holds_no_word_and_no_name(waiting):
    decide(moderation.spam, waiting)
    stored = str([*LearnedWord.objects.values(), *Lesson.objects.values()]).lower()
    assert not [word for word in NEW_SPAM.lower().split() if len(word) > 4 and word in stored]


def test_a_name_in_the_text_is_not_learned():
    found = features(Written("We met Quorfina there, says Blorbert", name="Blorbert"))
    learned = learning.codes_to_learn(found)
    assert counts.code_of("quorfina") not in learned
    assert counts.code_of("blorbert") not in learned
    assert counts.code_of("we") in learned


def test_what_was_learned_under_a_former_key_still_counts(waiting, settings):
    decide(moderation.spam, waiting)
    score = score_of(NEW_SPAM)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a" * 60
    assert score_of(NEW_SPAM) == score


def test_recalling_takes_one_query(waiting, django_assert_num_queries):
    decide(moderation.spam, waiting)
    found = features(Written(NEW_SPAM))
    with django_assert_num_queries(1):
        assert counts.recall(found).features


def test_rare_words_are_forgotten_and_the_table_stays_bounded(db, monkeypatch):
    old = date(2020, 1, 1)
    LearnedWord.objects.bulk_create(
        [
            LearnedWord(code=counts.REPLIES, spam=1, seen_on=old),
            LearnedWord(code=1, spam=1, seen_on=old),
            LearnedWord(code=2, spam=5, seen_on=old),
            LearnedWord(code=3, spam=5, seen_on=date(2021, 1, 1)),
        ]
    )
    assert counts.prune() == 1
    monkeypatch.setattr(counts, "MOST_ROWS", 1)
    assert counts.prune() == 1
    assert set(words()) == {counts.REPLIES, 3}


# Teaching from a file


def teach(tmp_path, *rows: object) -> str:
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    out = StringIO()
    call_command("train_spam_filter", str(file), stdout=out)
    return out.getvalue()


def test_a_file_teaches_each_line_once(db, tmp_path):
    rows = [{"text": NEW_SPAM, "label": "spam", "website": "https://x.example"}, "", {"text": HAM, "label": "ham"}]
    assert teach(tmp_path, *rows) == "1 spam and 1 ham learned, 0 of them corrected, 0 known already\n"
    taught = words()
    assert teach(tmp_path, *rows) == "0 spam and 0 ham learned, 0 of them corrected, 2 known already\n"
    assert words() == taught


def test_another_label_for_a_known_line_corrects_it(db, tmp_path):
    teach(tmp_path, {"text": NEW_SPAM, "label": "ham"})
    learned = set(words())
    out = teach(tmp_path, {"text": NEW_SPAM, "label": "spam"})
    assert out == "1 spam and 0 ham learned, 1 of them corrected, 0 known already\n"
    assert words() == dict.fromkeys(learned, (1, 0))


def test_a_line_with_half_a_sign_teaches_too(db, tmp_path):
    assert teach(tmp_path, '{"text": "broken \\ud800 sign", "label": "spam"}').startswith("1 spam")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{no", "is not JSON"),
        ("[1]", "has no “text”"),
        ({"text": "a", "label": "maybe"}, "neither spam nor ham"),
        ({"text": "a", "label": ["spam"]}, "“label” is not text"),
        ({"text": "a"}, "neither spam nor ham"),
        ({"text": " ", "label": "spam"}, "has no “text”"),
        ({"text": 5, "label": "spam"}, "has no “text”"),
        ({"text": "a", "label": "ham", "website": {}, "name": 7}, "“name” is not text"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_learned(db, tmp_path, bad, why):
    with pytest.raises(CommandError, match=f"Line 2 of .*{why}.* Nothing was learned"):
        teach(tmp_path, {"text": NEW_SPAM, "label": "spam"}, bad)
    assert words() == {}
    assert not LearnedLine.objects.exists()


def test_a_file_that_is_not_there_is_said_so(db, tmp_path):
    with pytest.raises(CommandError, match=r"cannot be read.* Nothing was learned"):
        call_command("train_spam_filter", str(tmp_path / "none.jsonl"))


def test_a_file_with_a_mark_of_its_byte_order_is_read_and_one_in_another_encoding_is_refused(db, tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text(json.dumps({"text": NEW_SPAM, "label": "spam"}), encoding="utf-8-sig")
    out = StringIO()
    call_command("train_spam_filter", str(file), stdout=out)
    assert out.getvalue().startswith("1 spam")
    file.write_bytes(b"\xff\xfe{")
    with pytest.raises(CommandError, match=r"is not UTF-8 text\. Nothing was learned"):
        call_command("train_spam_filter", str(file))


# The model and its figures


def test_the_shipped_model_is_read_as_it_was_written(tmp_path):
    write(shipped(), tmp_path / "model.tsv")
    assert (tmp_path / "model.tsv").read_bytes() == FILE.read_bytes()


def test_near_duplicates_are_in_one_fold():
    texts = read(OWN)
    doubled = [*texts, *texts]
    for fold_of in folds(doubled, 5, 1):
        assert {index % len(texts) for index in fold_of if index < len(texts)} == {
            index % len(texts) for index in fold_of if index >= len(texts)
        }


def test_our_own_replies_are_told_from_spam_by_models_that_never_saw_them():
    # Of the own texts alone, a sixth of what is shipped; the figures of all stand in docs/moderation.md.
    found = bench.figures(bench.cross_validate(read(OWN)))
    assert (found.ham >= 200, found.spam >= 200) == (True, True)
    assert found.ham_marked <= 0.01
    assert found.spam_stopped >= 0.9
    assert found.auc >= 0.95
