"""Staff make a question and answer of a reply, without a name, and its reader takes it back with the reply."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.utils import timezone

from comments import moderation, pinning, retention
from comments.models import Comment, QuestionOrigin
from comments.own import changes
from comments.questions import making
from ketablog import roles
from posts.models import Question
from posts.publishing import settle
from tests.base import make_comment, make_mo, make_person, make_post, make_site, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"
LINK = "Make a question and answer of it…"


@pytest.fixture
def doctor():
    user = make_user("grace", roles.WRITERS)
    make_person(name="Grace Doctor", credentials="MD, PhD", slug="grace", user=user)
    return user


@pytest.fixture
def asked(doctor):
    """A reader's question that staff answered."""
    return make_comment(make_post("Ketamine and sleep", slug="sleep"), "May *I* drive?", name="Denise")


@pytest.fixture
def answer(asked, doctor):
    return make_comment(
        asked.post, "Thank you, Denise. **No.**", parent=asked, user=doctor, name="Grace Doctor", email=""
    )


@pytest.fixture
def ed(client):
    """Ed moderates and writes, and is signed in."""
    ed = make_user("ed", roles.MODERATORS, roles.WRITERS)
    client.force_login(ed)
    return ed


def address_of(comment) -> str:
    return f"{LIST}{comment.pk}/question/"


def fields(comment, staff_answer, **changed) -> dict[str, str]:
    typed = {"question": "May I drive home?", "answer": "No.", "answered_by": "", "tells_nothing": "on"}
    return {**typed, "seen": f"{comment.text_version}:{staff_answer.pk}:{staff_answer.text_version}", **changed}


def make_entry(comment, answer, by) -> Question:
    draft = Question(question="May I drive home?", answer="No, take the *tram*.")
    return making.make(draft, comment, seen=making.version_of(comment, answer), by=by)


def test_the_form_holds_both_texts_and_who_answered_and_warns_in_words(client, asked, answer, ed):
    response = client.get(address_of(asked))
    form = response.context["form"]
    assert (form["question"].value(), form["answer"].value()) == ("May I drive?", "Thank you, Denise. **No.**")
    assert form["answered_by"].value() == answer.user.person.pk
    assert "Take out whatever could tell who asked" in response.text
    assert "The name that the reader gave stands in a text below." in response.text
    assert asked.email not in response.text
    assert response.text.replace("Thank you, Denise", "").count("Denise") == 0


def test_without_the_name_in_a_text_nothing_is_said_of_it(client, asked, answer, ed):
    Comment.objects.filter(pk=asked.pk).update(name="Den")
    assert "The name that the reader gave" not in client.get(address_of(asked)).text


def test_looking_at_the_form_changes_nothing(client, asked, answer, ed):
    client.get(address_of(asked))
    assert not Question.objects.exists()
    assert not LogEntry.objects.exists()


def test_saving_adds_it_to_the_article_without_a_name_and_leads_there(client, asked, answer, ed):
    typed = fields(asked, answer, question="May I\ndrive home?", answered_by=str(answer.user.person.pk))
    response = client.post(address_of(asked), typed)
    assert response["Location"] == f"/admin/posts/post/{asked.post_id}/change/#questions-group"
    made = Question.objects.get()
    assert (made.post, made.question, made.answer, made.position) == (asked.post, "May I drive home?", "No.", 1)
    page = client.get(response["Location"]).text
    assert "Readers see the question and answer above the replies now." in page
    assert f'<a href="/posts/sleep/#question-{made.pk}">See it on its page</a>' in page
    client.logout()
    shown = client.get("/posts/sleep/").text.partition('<section class="questions"')[2].partition("</section>")[0]
    assert "May I drive home?" in shown
    assert "Grace Doctor, MD, PhD" in shown
    assert "Denise" not in shown
    assert "<mark>drive</mark>" in client.get("/search/?q=drive").text
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (ed, f"Reply {asked.pk}")
    assert entry.change_message == "A question and answer of the article was made of it."


def test_the_next_one_stands_after_the_others(client, asked, answer, ed):
    asked.post.questions.create(question="Earlier?", answer="Yes.", position=7)
    client.post(address_of(asked), fields(asked, answer))
    assert [row.question for row in asked.post.questions.all()] == ["Earlier?", "May I drive home?"]


def test_another_article_cannot_be_named(client, asked, answer, ed):
    other = make_post("Another")
    client.post(address_of(asked), fields(asked, answer, post=str(other.pk), post_id=str(other.pk)))
    assert Question.objects.get().post == asked.post


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"question": ""}, "This field is required."),
        ({"answer": " "}, "This field is required."),
        ({"question": "?" * 401}, "at most 400 characters"),
        ({"tells_nothing": ""}, "Please read both texts once more for names"),
        ({"answered_by": "999"}, "Select a valid choice"),
        ({"seen": "x"}, "was changed while you wrote"),
        ({"seen": ""}, "was changed while you wrote"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(client, asked, answer, ed, changed, words):
    response = client.post(address_of(asked), fields(asked, answer, **{"answer": "My own words.", **changed}))
    assert response.status_code == 422
    assert words in response.text
    assert "answer" in changed or "My own words." in response.text
    assert not Question.objects.exists()


# Which answer


def test_the_pinned_answer_goes_before_a_newer_one(client, asked, answer, doctor, ed):
    make_comment(asked.post, "Newer.", parent=asked, user=doctor, created_at=timezone.now())
    assert client.get(address_of(asked)).context["form"]["answer"].value() == "Newer."
    pinning.pin(answer, by=ed, text_version=1)
    assert client.get(address_of(asked)).context["form"]["answer"].value() == "Thank you, Denise. **No.**"


def test_the_pinned_answer_deeper_in_the_thread_answers_its_top_alone(client, asked, doctor, ed):
    between = make_comment(asked.post, "I wonder, too.", parent=asked)
    deep = make_comment(asked.post, "Nobody drives.", parent=between, user=doctor)
    assert "There is no public answer by staff" in client.get(address_of(asked), follow=True).text
    pinning.pin(deep, by=ed, text_version=1)
    for comment in (asked, between):
        assert client.get(address_of(comment)).context["form"]["answer"].value() == "Nobody drives."


# Where it cannot be made


@pytest.mark.parametrize(
    ("to_question", "to_answer", "words"),
    [
        ({"status": "pending"}, {}, "Only a reader&#x27;s reply that is public"),
        ({"status": "spam"}, {}, "Only a reader&#x27;s reply that is public"),
        ({}, {"status": "removed"}, "There is no public answer by staff"),
        ({}, {"user": None}, "There is no public answer by staff"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_reply_that_is_not_public_or_not_answered_gives_none(
    client, asked, answer, ed, to_question, to_answer, words, method
):
    Comment.objects.filter(pk=asked.pk).update(**to_question)
    Comment.objects.filter(pk=answer.pk).update(**to_answer)
    response = getattr(client, method)(address_of(asked), fields(asked, answer), follow=True)
    assert response.redirect_chain == [(f"{LIST}{asked.pk}/change/", 302)]
    assert words in response.text
    assert LINK not in response.text
    assert not Question.objects.exists()


def test_a_reply_of_the_staff_gives_none(client, asked, answer, ed):
    assert "Only a reader&#x27;s reply" in client.get(address_of(answer), follow=True).text


def test_a_reply_that_is_gone_leads_back_to_the_list(client, ed):
    assert "This reply is no longer there." in client.get(f"{LIST}999/question/", follow=True).text


def test_a_reply_that_was_withdrawn_while_staff_wrote_gives_none(client, asked, answer, ed):
    typed = fields(asked, answer)
    changes.withdraw(asked)
    assert "Its writer took this reply back" in client.post(address_of(asked), typed, follow=True).text
    assert not Question.objects.exists()


def test_a_reply_that_was_changed_while_staff_wrote_is_to_be_read_again(client, asked, answer, ed):
    typed = fields(asked, answer, question="My question?")
    Comment.objects.filter(pk=asked.pk).update(source="Other.", html="<p>Other.</p>", text_version=2)
    response = client.post(address_of(asked), typed)
    assert response.status_code == 422
    assert "was changed while you wrote" in response.text
    assert "My question?" in response.text
    assert "<p>Other.</p>" in response.text
    assert f'name="seen" value="2:{answer.pk}:1"' in response.text


def test_whoever_comes_a_moment_too_late_is_told(asked, answer, ed):
    seen = making.version_of(asked, answer)
    Comment.objects.filter(pk=answer.pk).update(text_version=2)
    with pytest.raises(making.CannotMake, match="was changed while you wrote"):
        making.make(Question(question="Q?", answer="A."), asked, seen=seen, by=ed)
    Comment.objects.filter(pk=answer.pk).update(text_version=1)
    make_entry(asked, answer, ed)
    with pytest.raises(making.CannotMake, match="already"):
        making.make(Question(question="Q?", answer="A."), asked, seen=seen, by=ed)
    assert Question.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_second_time_leads_to_what_was_made_already(client, asked, answer, ed, method):
    made = make_entry(asked, answer, ed)
    page = getattr(client, method)(address_of(asked), fields(asked, answer), follow=True).text
    assert "A question and answer was made of this reply already." in page
    assert f'href="/posts/sleep/#question-{made.pk}"' in page
    assert Question.objects.count() == 1


# Who may


@pytest.mark.parametrize("groups", [[roles.MODERATORS], [roles.WRITERS], [roles.REVIEWERS], []])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_change_both_is_refused(client, asked, answer, groups, method):
    client.force_login(make_user("one", *groups))
    assert getattr(client, method)(address_of(asked), fields(asked, answer)).status_code == 403
    assert not Question.objects.exists()


def test_readers_are_led_to_the_sign_in(client, asked, answer):
    response = client.post(address_of(asked), fields(asked, answer))
    assert response["Location"].startswith("/admin/login/")
    assert not Question.objects.exists()


@pytest.mark.parametrize("place", ["list", "page"])
def test_the_desk_leads_there_from_a_question_that_staff_answered_and_from_no_other(client, asked, answer, ed, place):
    def page_of(comment) -> str:
        return client.get(f"{LIST}?status=approved" if place == "list" else f"{LIST}{comment.pk}/change/").text

    make_comment(asked.post, "Nobody answered this.")
    assert page_of(asked).count(LINK) == 1
    assert f'href="{address_of(asked)}"' in page_of(asked)
    make_entry(asked, answer, ed)
    assert LINK not in page_of(asked)
    assert "It is a question and answer of the article" in page_of(asked)
    client.force_login(make_mo())
    assert "question and answer of" not in page_of(asked)


# Taking back


def is_public(client) -> bool:
    return "May I drive home?" in client.get("/posts/sleep/").text


def is_found(client) -> bool:
    return "<mark>tram</mark>" in client.get("/search/?q=tram").text


def withdraw(comment, by) -> None:
    changes.withdraw(comment)


def change(comment, by) -> None:
    changes.edit(comment, source="Other.", name="D.", text_version=1, site_settings=make_site())


def empty(comment, by) -> None:
    moderation.remove(comment, by=by, text_version=1)
    Comment.objects.filter(pk=comment.pk).update(decided_at=timezone.now() - timedelta(days=91))
    retention.apply()


def delete(comment, by) -> None:
    Comment.objects.filter(pk=comment.pk).delete()
    retention.apply()


@pytest.mark.parametrize("end", [withdraw, change, empty, delete])
def test_what_ends_the_readers_consent_takes_it_off_the_page_and_out_of_the_search(client, asked, answer, ed, end):
    settle(asked.post)
    made = make_entry(asked, answer, ed)
    client.logout()
    assert (is_public(client), is_found(client)) == (True, True)
    end(asked, ed)
    assert (is_public(client), is_found(client)) == (False, False)
    made.refresh_from_db()
    assert made.taken_off_at is not None
    assert not QuestionOrigin.objects.exists()


def test_the_reader_takes_it_back_on_the_own_page(client, asked, answer, ed):
    make_entry(asked, answer, ed)
    client.logout()
    own = asked.get_own_url()
    page = client.get(own).text
    assert "question and answer</a> of your reply, in other words and without your name" in page
    assert f'href="/posts/sleep/#question-{Question.objects.get().pk}"' in page
    assert client.post(own, {"act": "withdraw"}).status_code == 303
    assert Comment.objects.get(pk=asked.pk).is_withdrawn
    assert not is_public(client)


def test_a_reply_deleted_in_the_admin_takes_it_along_at_once_with_those_below(client, asked, answer, doctor, meg):
    below = make_comment(asked.post, "And by bicycle?", parent=answer)
    under = make_comment(asked.post, "Neither.", parent=below, user=doctor)
    make_entry(below, under, meg)
    client.post(f"{LIST}{asked.pk}/delete/", {"post": "yes"})
    assert not Comment.objects.exists()
    assert Question.objects.get().taken_off_at is not None


def test_the_desk_leads_to_what_was_taken_off_until_somebody_looked_at_it(client, asked, answer, ed):
    words = "A reader took back what a question and answer was made of"
    make_entry(asked, answer, ed)
    assert words not in client.get(LIST).text
    changes.withdraw(asked)
    page = client.get(LIST).text
    assert words in page
    assert f'<a href="/admin/posts/post/{asked.post_id}/change/#questions-group"><bdi>Ketamine and sleep</bdi>' in page
    Question.objects.all().delete()
    assert words not in client.get(LIST).text
    client.force_login(make_mo())
    assert words not in client.get(LIST).text


def test_what_staff_confirmed_stays_whatever_becomes_of_the_reply(client, asked, answer, ed):
    make_entry(asked, answer, ed)
    changes.withdraw(asked)
    Question.objects.update(taken_off_at=None)
    retention.apply()
    Comment.objects.all().delete()
    retention.apply()
    assert is_public(client)


def test_what_a_moderator_takes_down_leaves_it_to_the_staff(client, asked, answer, ed):
    make_entry(asked, answer, ed)
    moderation.remove(answer, by=ed, text_version=1)
    changes.withdraw(Comment.objects.get(pk=answer.pk))
    assert is_public(client)


def test_what_nobody_confirms_is_deleted_after_a_while(time_machine, asked, answer, ed):
    time_machine.move_to(timezone.now(), tick=False)
    make_entry(asked, answer, ed)
    changes.withdraw(asked)
    out = StringIO()
    time_machine.shift(timedelta(days=90, seconds=-1))
    call_command("apply_retention", stdout=out)
    assert "0 questions" in out.getvalue()
    time_machine.shift(timedelta(seconds=1))
    call_command("apply_retention", "--dry-run", stdout=out)
    assert (
        "would erase 0 addresses, 0 spam, 0 removed replies, 0 reports, 0 former texts, 1 questions" in out.getvalue()
    )
    assert Question.objects.exists()
    call_command("apply_retention", stdout=out)
    assert "1 questions" in out.getvalue().splitlines()[-1]
    assert not Question.objects.exists()


def test_nothing_of_the_reader_is_in_the_log_of_the_admin(client, asked, answer, ed):
    make_entry(asked, answer, ed)
    kept = json.dumps(list(LogEntry.objects.values("object_repr", "change_message")))
    assert "Denise" not in kept
    assert "drive" not in kept


def test_a_text_that_readers_found_hurtful_is_shown_before_an_entry_is_made_of_it(client, asked, answer, ed):
    asked.reports.create(reason="hurt", client="a", text_version=1)
    response = client.get(address_of(asked), follow=True)
    assert "The text is covered. Show it first." in response.text
    assert 'name="question"' not in response.text
