"""Questions and answers of an article: above the replies, found by the search, told to machines, not reviewed."""

import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ketablog import roles
from posts.models import Person, Question
from posts.publishing import settle
from tests.base import make_comment, make_person, make_post, make_review, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post("Ketamine and sleep", slug="sleep")


@pytest.fixture
def writer(client):
    ada = make_user("ada", roles.WRITERS)
    client.force_login(ada)
    return ada


def make_question(post, question="May I drive home?", answer="No. **Somebody** brings you.", **fields) -> Question:
    made = Question.objects.create(post=post, question=question, answer=answer, **fields)
    settle(post)
    return made


def section(client, address="/posts/sleep/") -> str:
    found = re.search(r'<section class="questions".*?</section>', client.get(address).text, re.DOTALL)
    return found[0] if found else ""


def graph(client) -> list[dict]:
    text = client.get("/posts/sleep/").text
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])["@graph"]


def test_an_article_without_any_shows_no_section_and_tells_machines_of_none(client, post):
    make_comment(post)
    assert section(client) == ""
    assert "FAQPage" not in client.get("/posts/sleep/").text


def test_readers_see_them_in_order_above_the_replies_with_who_answered(client, post):
    make_comment(post, "A reply.")
    amara = make_person(name="Amara Desai", credentials="MD", slug="amara")
    second = make_question(post, "Does it hurt?", "A little.", position=2)
    first = make_question(post, position=1, answered_by=amara)
    text = client.get("/posts/sleep/").text.partition("</head>")[2]
    order = ["</article>", "Questions and answers", "May I drive home?", "Does it hurt?", "One reply", "A reply."]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    found = section(client)
    assert f'<div class="question" id="question-{first.pk}">' in found
    assert f'<a href="#question-{second.pk}">Does it hurt?</a>' in found
    assert "<p>No. <strong>Somebody</strong> brings you.</p>" in found
    assert 'Answered by <a href="/author/amara/"><bdi>Amara Desai, MD</bdi></a>' in found
    assert found.count("Answered by") == 1


def test_markup_in_a_question_is_text_and_in_an_answer_it_is_made_safe(client, post):
    make_question(post, "<b>Why</b> </script>?", "<script>alert(1)</script> [x](javascript:alert(1)) *so*")
    found = section(client)
    assert "&lt;b&gt;Why&lt;/b&gt; &lt;/script&gt;?" in found
    assert "<script" not in found
    assert 'href="javascript' not in found
    assert "<em>so</em>" in found
    assert next(node for node in graph(client) if node["@type"] == "FAQPage")["mainEntity"][0]["name"].endswith(
        "</script>?"
    )


def test_what_was_taken_off_is_nowhere(client, post):
    Question.objects.create(post=post, question="Gone?", answer="Vanished.", taken_off_at=timezone.now())
    settle(post)
    text = client.get("/posts/sleep/").text
    assert "Gone?" not in text
    assert section(client) == ""
    assert "<mark>" not in client.get("/search/?q=vanished").text


def test_a_review_of_the_article_stays_and_the_page_says_that_it_is_of_the_article_alone(client, post):
    make_review(post)
    make_question(post)
    text = client.get("/posts/sleep/").text
    assert "Medically reviewed by" in text
    assert "The medical review named above is of the article, not of these answers." in section(client)
    by_type = {node["@type"]: node for node in graph(client)}
    assert "reviewedBy" in by_type["MedicalWebPage"]
    assert "mainEntity" in by_type["FAQPage"]
    assert not {"reviewedBy", "lastReviewed"} & set(by_type["FAQPage"])
    assert by_type["MedicalWebPage"]["mainEntity"] == {"@id": "http://testserver/posts/sleep/#article"}


def test_without_a_review_none_is_named(client, post):
    make_question(post)
    assert "medical review" not in section(client)


def test_machines_get_each_question_with_its_accepted_answer(client, post):
    amara = make_person(name="Amara Desai", credentials="MD", slug="amara")
    one = make_question(post, answered_by=amara)
    make_question(post, "And later?", "Ask us:\n\n- first\n- second", position=2)
    part = next(node for node in graph(client) if node["@type"] == "FAQPage")
    assert part["@id"] == "http://testserver/posts/sleep/#questions"
    assert part["isPartOf"] == {"@id": "http://testserver/posts/sleep/"}
    first, second = part["mainEntity"]
    assert (first["@type"], first["name"]) == ("Question", "May I drive home?")
    assert first["url"] == f"http://testserver/posts/sleep/#question-{one.pk}"
    assert first["acceptedAnswer"]["@type"] == "Answer"
    assert first["acceptedAnswer"]["text"] == "No. Somebody brings you."
    assert first["acceptedAnswer"]["author"]["name"] == "Amara Desai"
    assert second["acceptedAnswer"]["text"] == "Ask us: first second"
    assert second["acceptedAnswer"]["author"] == {"@id": "http://testserver/#organization"}


def test_the_search_finds_their_words_and_shows_the_passage(client, put):
    post = put("Ketamine and sleep", slug="sleep")
    assert "<mark>" not in client.get("/search/?q=motorbike").text
    make_question(post, "May I take the motorbike?", "Leave the moped at home, too.")
    for word in ("motorbike", "moped"):
        assert f"<mark>{word}</mark>" in client.get(f"/search/?q={word}").text


def test_a_page_with_many_takes_no_more_queries_than_one_with_none(client, post):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/posts/sleep/").status_code == 200
        return len(captured)

    before = queries()
    for number in range(12):
        make_question(post, f"Number {number}?", answered_by=make_person(name=f"Dr. {number}"))
    assert queries() == before


def test_what_a_page_reads_in_one_query_is_what_is_stored(post):
    make_question(post, answered_by=Person.objects.get())
    make_question(post, "Nobody answered?", taken_off_at=timezone.now())
    stored = list(Question.objects.select_related("answered_by"))
    read = list(type(post).objects.for_page().get().questions.all())
    columns = [field.attname for field in Question._meta.concrete_fields]
    assert [[getattr(row, name) for name in columns] for row in read] == [
        [getattr(row, name) for name in columns] for row in stored
    ]
    assert [row.answered_by for row in read] == [row.answered_by for row in stored]


# In the admin


def form_data(post, *rows: dict, **fields) -> dict:
    """What the page of an article posts, with these rows of questions."""
    data = {
        "title": post.title, "slug": post.slug, "body": post.body, "writer": post.writer_id, "replies_open": "on",
        "published_at_0": "2020-05-01", "published_at_1": "10:00",
    }  # fmt: skip
    for prefix, initial in (("references", 0), ("corrections", 0), ("reviews", 0), ("questions", None)):
        kept = sum("id" in row for row in rows) if initial is None else 0
        total = len(rows) if initial is None else 0
        data |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": kept}
    for number, row in enumerate(rows):
        data |= {f"questions-{number}-{name}": value for name, value in {"post": post.pk, **row}.items()}
    return {**data, **fields}


def test_writers_add_reorder_and_delete_them_with_the_article(client, post, writer):
    address = f"/admin/posts/post/{post.pk}/change/"
    new = {"question": "  Does\nit hurt? ", "answer": "A *little*.\r\n\r\nNot long."}
    response = client.post(address, form_data(post, new, {**new, "question": "First?", "position": 1}))
    assert response.status_code == 302, response.context["errors"]
    rows = list(Question.objects.all())
    assert [(row.position, row.question) for row in rows] == [(1, "First?"), (2, "Does it hurt?")]
    assert rows[1].answer == "A *little*.\n\nNot long."
    assert rows[1].answer_html == "<p>A <em>little</em>.</p>\n<p>Not long.</p>"
    assert "First?" in section(client)
    assert "<mark>hurt</mark>" in client.get("/search/?q=hurt").text
    # The admin's log keeps numbers, not what a reader may have said.
    assert "hurt" not in LogEntry.objects.get().change_message

    gone, kept = ({"id": row.pk, **new, "question": row.question, "position": row.position} for row in rows)
    assert client.post(address, form_data(post, {**gone, "DELETE": "on"}, kept)).status_code == 302
    assert [(row.position, row.question) for row in Question.objects.all()] == [(1, "Does it hurt?")]


def test_the_page_of_the_article_reads_the_people_once_for_all_rows(client, post, writer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/admin/posts/post/{post.pk}/change/").status_code == 200
        return len(captured)

    make_question(post, answered_by=post.writer)
    queries()  # What a process looks up once is known from then on.
    before = queries()
    for _number in range(6):
        make_question(post, answered_by=post.writer)
    assert queries() == before


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"question": "", "answer": "A."}, "This field is required."),
        ({"question": "\u200b", "answer": "A."}, "Write the question."),
        ({"question": "Q?", "answer": ""}, "This field is required."),
        ({"question": "Q" * 401, "answer": "A."}, "at most 400 characters"),
        ({"question": "Q?", "answer": "A" * 5001}, "at most 5000 characters"),
        ({"question": "Q?", "answer": "A.", "position": "x"}, "Enter a whole number."),
    ],
)
def test_what_cannot_be_stored_is_told_and_kept(client, post, writer, row, words):
    response = client.post(f"/admin/posts/post/{post.pk}/change/", form_data(post, row))
    assert response.status_code == 200
    assert words in response.text
    assert not Question.objects.exists()


def test_a_question_of_another_article_cannot_be_changed_here(client, post, writer):
    other = make_question(make_post("Another"))
    row = {"id": other.pk, "question": "Mine now?", "answer": "A."}
    client.post(f"/admin/posts/post/{post.pk}/change/", form_data(post, row))
    assert not post.questions.exists()
    other.refresh_from_db()
    assert (other.question, other.post.title) == ("May I drive home?", "Another")


def test_staff_confirm_what_was_taken_off_and_readers_see_it_again(client, post, writer):
    taken = Question.objects.create(post=post, question="Gone?", answer="Vanished.", taken_off_at=timezone.now())
    address = f"/admin/posts/post/{post.pk}/change/"
    assert "Show it to readers again" in client.get(address).text
    row = {"id": taken.pk, "question": "Reworded?", "answer": "Vanished.", "position": 1}
    page = client.post(address, form_data(post, row), follow=True).text
    assert "A question and answer is not shown to readers" in page
    assert section(client) == ""
    client.post(address, form_data(post, {**row, "confirmed": "on"}))
    assert "Reworded?" in section(client)
    assert "<mark>Vanished</mark>" in client.get("/search/?q=vanished").text


def test_moderators_may_not_change_them_and_reviewers_only_look(client, post):
    make_question(post)
    address = f"/admin/posts/post/{post.pk}/change/"
    for name, group in (("mo", roles.MODERATORS), ("jonas", roles.REVIEWERS)):
        client.force_login(make_user(name, group))
        assert client.post(address, form_data(post)).status_code == 403
    assert "May I drive home?" in client.get(address).text
    assert "questions-0-question" not in client.get(address).text


def test_somebody_who_answered_is_not_deleted(client, post, meg):
    amara = make_person(name="Amara Desai")
    make_question(post, answered_by=amara)
    client.post(f"/admin/posts/person/{amara.pk}/delete/", {"post": "yes"})
    assert Person.objects.filter(pk=amara.pk).exists()


def test_an_article_is_deleted_with_its_questions(client, post, meg):
    make_question(post)
    client.post(f"/admin/posts/post/{post.pk}/delete/", {"post": "yes"})
    assert not Question.objects.exists()
