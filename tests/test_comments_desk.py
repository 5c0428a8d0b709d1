"""The desk: its tabs, its search, covered texts, answering from a card."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation
from comments.models import Comment, Decision, Override, SpamTrace
from comments.undoing import taking_back
from ketablog import roles
from tests.base import make_comment, make_mo, make_person, make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"


@pytest.fixture
def mo(client):
    mo = make_mo()
    client.force_login(mo)
    return mo


def page_of(comment: Comment) -> str:
    return f"{LIST}{comment.pk}/change/"


def names(page: str) -> list[str]:
    return re.findall(r'change/">([^<]+)</a>\s*</h2>', page)


def tabs(page: str) -> dict[str, int]:
    found = re.findall(r'>(\w+) <span class="desk-count[^"]*">(\d+)<', page)
    return {label: int(count) for label, count in found}


# Tabs


def test_the_tabs_tell_what_is_urgent_reported_and_mine(client, mo):
    own = make_post(writer=make_person(name="Mo Moderator", user=mo))
    other = make_post()
    make_comment(other, name="Danger", status="pending", help_rank=2)
    make_comment(other, name="Watched", status="pending", help_rank=1)
    make_comment(own, name="Under mine")
    decided = make_comment(other, name="Decided", status="pending")
    moderation.remove(decided, by=mo, text_version=1)
    make_comment(other, name="Told").reports.create(reason="spam", client="x")
    counts = tabs(client.get(LIST).text)
    assert counts == {
        "Waiting": 2, "Urgent": 1, "Approved": 2, "Spam": 0, "Removed": 1, "Reported": 1, "Mine": 2, "All": 5
    }  # fmt: skip
    for tab, wanted in (
        ("urgent", ["Danger"]),
        ("reported", ["Told"]),
        ("mine", ["Decided", "Under mine"]),
        ("pending", ["Danger", "Watched"]),
    ):
        assert sorted(names(client.get(LIST, {"status": tab}).text)) == wanted


def test_what_is_counted_is_one_query_and_a_thousand_replies_cost_no_more_than_one(client, mo):
    post = make_post()
    make_comment(post, status="pending")

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return [query["sql"] for query in captured]

    queries()
    before = queries()
    row = Comment.objects.get()
    now = timezone.now()
    Comment.objects.bulk_create(
        Comment(post=post, name=f"R{n}", source="Text", html="<p>Text</p>", status="pending", created_at=now)
        for n in range(1000)
    )
    assert len(queries()) == len(before) < 15
    assert sum(sql.count("COUNT(*)") > 1 for sql in before) == 1
    page = client.get(LIST).text
    assert len(names(page)) == 25
    assert names(page)[0] == row.name
    assert names(client.get(LIST, {"p": 2}).text)[0] == "R24"


def test_the_list_narrows_by_age(client, mo):
    post, now = make_post(), timezone.now()
    for name, days in (("Now", 0), ("Days", 3), ("Old", 30)):
        make_comment(post, name=name, status="pending", created_at=now - timedelta(days=days, minutes=1))
    for age, wanted in (
        ("day", ["Now"]),
        ("week", ["Days", "Now"]),
        ("over_day", ["Days", "Old"]),
        ("over_week", ["Old"]),
        ("nonsense", ["Days", "Now", "Old"]),
    ):
        assert sorted(names(client.get(LIST, {"age": age}).text)) == wanted


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("", "Nothing waits."),
        ("urgent", "Nothing urgent waits."),
        ("approved", "No reply is public yet."),
        ("spam", "No spam is kept."),
        ("removed", "Nothing is removed."),
        ("reported", "No report of a reader waits"),
        ("mine", "Here is what you answer for"),
        ("all", "No reader has replied yet."),
    ],
)
def test_an_empty_tab_says_so_in_words(client, mo, tab, words):
    assert words in client.get(LIST, {"status": tab} if tab else {}).text
    assert "No reply here fits" in client.get(LIST, {"status": tab, "q": "x"} if tab else {"q": "x"}).text


def test_an_empty_desk_tells_the_last_decision(client, mo):
    comment = make_comment(make_post(), status="pending")
    moderation.spam(comment, by=mo, text_version=1)
    page = client.get(LIST).text
    assert "The last decision: Spam, Mo Moderator, " in page
    assert page_of(comment) in page


# Searching


def test_words_are_searched_by_an_address_that_can_be_kept(client, mo):
    make_comment(make_post(), name="Tom", status="pending", source="apples")
    asked = {"search": "yes", "q": " apples ", "age": "day", "status": "pending", "article": "", "evil": "x"}
    response = client.post(LIST, asked)
    assert response["Location"] == f"{LIST}?status=pending&q=apples&age=day"
    assert names(client.get(response["Location"]).text) == ["Tom"]


@pytest.mark.parametrize("typed", ["rita@", "@", "a@b", "x@y\x00", "“@”" * 500, "@tom"])
def test_nothing_with_an_at_sign_gets_into_an_address(client, typed):
    client.force_login(make_user("boss", roles.SITE_MANAGERS))
    response = client.post(LIST, {"search": "yes", "q": typed}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "No reply came from that address." in response.text


def test_the_form_that_searches_is_posted(client, mo):
    form = re.search(r'<form class="desk-search"[^>]*>', client.get(LIST).text)[0]
    assert 'method="post"' in form


def test_all_replies_of_a_writer_are_found_by_the_number_of_one(client, mo):
    post = make_post()
    first = make_comment(post, name="Rita", status="spam")
    make_comment(post, name="Also Rita", email="RITA@example.org")
    make_comment(post, name="Tom", email="tom@example.org")
    anonymous = make_comment(post, name="Nobody", email="")
    make_comment(post, name="Also nobody", email="")
    link = f"{LIST}?status=all&amp;writer={first.pk}"
    assert link in client.get(page_of(first)).text
    page = client.get(LIST, {"status": "all", "writer": first.pk}).text
    assert sorted(names(page)) == ["Also Rita", "Rita"]
    assert f"Only replies of the same writer as reply {first.pk}, by Rita." in page
    assert names(client.get(LIST, {"status": "all", "writer": anonymous.pk}).text) == ["Nobody"]
    for nonsense in ("0", "x", "9" * 40, "-1"):
        assert len(names(client.get(LIST, {"status": "all", "writer": nonsense}).text)) == 5


# Covered texts


def make_hard(**fields) -> Comment:
    reasons = [{"rule": "help", "points": 0, "fragment": "the dark words", "version": 1}]
    fields = {"status": "pending", "help_rank": 2, "reasons": reasons, **fields}
    return make_comment(make_post(), "I said the dark words", name="Sam", **fields)


@pytest.mark.parametrize("place", ["list", "page"])
def test_a_cry_for_help_is_covered_until_it_is_opened_by_post(client, mo, place):
    comment = make_hard()
    address = page_of(comment) if place == "page" else LIST
    page = client.get(address).text
    assert "the dark words" not in page
    assert "The text is covered until you are ready to read it." in page
    client.get(address, {"open": f"{comment.pk}:1"})
    assert "the dark words" not in client.get(address).text
    response = client.post(address, {"open": f"{comment.pk}:1"})
    assert response["Location"] == address
    assert "I said the dark words" in client.get(address).text
    Comment.objects.update(text_version=2)
    assert "the dark words" not in client.get(address).text


def test_who_shows_a_cry_for_help_has_read_it_and_that_is_noted(client, mo):
    comment = make_hard()
    client.get(LIST)
    assert Comment.objects.get().opened_by is None
    assert 'value="open:' not in client.get(LIST).text
    client.post(LIST, {"open": f"{comment.pk}:2"})
    assert Comment.objects.get().opened_by is None
    client.post(LIST, {"open": f"{comment.pk}:1"})
    assert Comment.objects.get().opened_by == mo
    assert LogEntry.objects.get().change_message == "Read by staff: it may be a cry for help."
    client.post(LIST, {"open": f"{comment.pk}:1"})
    assert LogEntry.objects.count() == 1


def test_a_covered_text_is_not_shown_above_what_answers_it(client, mo):
    above = make_comment(make_post(), "I want to die.", status="removed", help_rank=2)
    page = f"{LIST}{make_comment(above.post, 'Thinking of you.', status='pending', parent=above).pk}/change/"
    assert "I want to die." not in client.get(page).text
    client.post(LIST, {"open": f"{above.pk}:1"})
    assert "I want to die." in client.get(page).text


def test_what_one_opened_is_covered_for_others(client, mo):
    comment = make_hard()
    client.post(LIST, {"open": f"{comment.pk}:1"})
    client.force_login(make_user("ada", roles.MODERATORS))
    assert "the dark words" not in client.get(LIST).text


def test_what_readers_reported_as_hurtful_is_covered_and_advertising_is_not(client, mo):
    post = make_post()
    make_comment(post, "Hurtful words").reports.create(reason="hurt", client="x")
    make_comment(post, "Buy this").reports.create(reason="spam", client="x")
    page = client.get(LIST, {"status": "reported"}).text
    assert "Hurtful words" not in page
    assert "Buy this" in page


@pytest.mark.parametrize("value", ["", "x", "1", "1:1:1", "9" * 40 + ":1", "1:1\n"])
def test_a_forged_opening_changes_nothing(client, mo, value):
    make_hard()
    assert client.post(LIST, {"open": value}).status_code == 302
    assert "the dark words" not in client.get(LIST).text


def test_who_only_views_may_open_and_nothing_more(client):
    viewer = make_user("viewer")
    viewer.user_permissions.add(Permission.objects.get(codename="view_comment"))
    client.force_login(viewer)
    comment = make_hard()
    client.post(LIST, {"open": f"{comment.pk}:1"})
    assert "I said the dark words" in client.get(LIST).text
    assert Comment.objects.get().opened_by is None
    for data in ({"answer": f"approve:{comment.pk}:1"}, {"undo": "1"}, {"decide": f"approve:{comment.pk}:1"}):
        assert client.post(LIST, data).status_code == 403


def test_a_card_shows_what_each_reason_found(client, mo):
    reasons = [
        {"rule": "links", "points": 3, "fragment": "https://pills.example/<b>", "version": 1},
        {"rule": "links", "points": 3, "fragment": "https://more.example/", "version": 1},
    ]
    make_comment(make_post(), status="pending", reasons=reasons)
    page = client.get(LIST).text
    assert page.count("<li>It has more links than most readers need.") == 1
    assert (
        '<code dir="auto">https://pills.example/&lt;b&gt;</code> <code dir="auto">https://more.example/</code>' in page
    )


# Answering


def test_an_answer_approves_what_it_answers(client, mo):
    comment = make_comment(make_post(), status="pending", name="Tom")
    data = {"answer": f"approve:{comment.pk}:1", f"answer-{comment.pk}": "Please call us."}
    response = client.post(LIST, data, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "Approved and answered: readers of the article see both now." in response.text
    answer = Comment.objects.get(parent=comment)
    assert (answer.source, answer.user, answer.name, answer.status) == (
        "Please call us.",
        mo,
        "Mo Moderator",
        "approved",
    )
    assert Comment.objects.get(pk=comment.pk).status == "approved"


def test_an_approval_that_is_taken_back_takes_its_answer_off(client, mo):
    comment = make_comment(make_post(), status="pending", name="Tom")
    data = {"answer": f"approve:{comment.pk}:1", f"answer-{comment.pk}": "Please call us."}
    page = client.post(LIST, data, follow=True).text
    undo = re.search(r'name="undo" value="([\d.]+)"', page)[1]
    client.post(LIST, {"undo": undo})
    assert Comment.objects.get(pk=comment.pk).status == "pending"
    answer = Comment.objects.get(parent=comment)
    assert (answer.status, answer.source) == ("removed", "Please call us.")
    assert not taking_back.undo(Decision.objects.filter(comment=comment).last(), by=mo)


def test_what_is_public_is_only_answered(client, mo):
    comment = make_comment(make_post())
    assert f'value="only:{comment.pk}:1@approved"' in client.get(LIST, {"status": "approved"}).text
    data = {"answer": f"only:{comment.pk}:1", f"answer-{comment.pk}": "Please call us."}
    page = client.post(page_of(comment), data, follow=True).text
    assert "Answered: readers of the article see it now." in page
    assert 'name="undo"' not in page
    assert Comment.objects.get(parent=comment).is_approved


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Write your reply here first."),
        (" \n\t ", "Write your reply here first."),
        ("x" * 20_000, "too long"),
    ],
)
def test_an_answer_that_cannot_be_sent_comes_back_and_nothing_is_decided(client, mo, text, problem):
    comment = make_comment(make_post(), status="pending")
    data = {"answer": f"approve:{comment.pk}:1", f"answer-{comment.pk}": text}
    response = client.post(LIST, data)
    assert response.status_code == 422
    assert problem in response.text
    assert f">{text}</textarea>" in response.text
    assert Comment.objects.get().status == "pending"
    assert not Decision.objects.exists()


def test_who_answers_second_reads_who_was_first_and_keeps_the_text(client, mo):
    bea = make_user("bea", roles.MODERATORS, first_name="Bea", last_name="Boss")
    comment = make_comment(make_post(), status="pending")
    moderation.approve(comment, by=bea, text_version=1)
    data = {"answer": f"approve:{comment.pk}:1", f"answer-{comment.pk}": "Please call us."}
    response = client.post(LIST, data)
    assert response.status_code == 422
    assert "Bea Boss already approved this reply (" in response.text
    assert "Your answer was not sent; it is kept below." in response.text
    assert ">Please call us.</textarea>" in response.text
    assert f'value="only:{comment.pk}:1@approved"' in response.text
    assert Comment.objects.count() == 1


def test_an_answer_to_a_text_that_changed_or_is_public_no_longer_is_not_sent(client, mo):
    changed = make_comment(make_post(), status="pending", text_version=2)
    gone = make_comment(make_post(), status="removed")
    for verb, comment, words in (
        ("approve", changed, "The text was changed after you opened this page"),
        ("only", gone, "The reply is no longer public"),
    ):
        data = {"answer": f"{verb}:{comment.pk}:1", f"answer-{comment.pk}": "Kept words"}
        response = client.post(LIST, data)
        assert response.status_code == 422
        assert words in response.text
        assert ">Kept words</textarea>" in response.text
    assert Comment.objects.count() == 2


def test_a_cry_for_help_is_not_approved_by_an_answer(client, mo):
    comment = make_hard()
    assert 'name="answer"' not in client.get(LIST).text
    response = client.post(LIST, {"answer": f"approve:{comment.pk}:1", f"answer-{comment.pk}": "Words"})
    assert response.status_code == 422
    assert Comment.objects.get().status == "pending"


def test_an_answer_sent_twice_is_sent_once_and_a_refusal_undoes_the_approval(client, mo):
    comment = make_comment(make_post(), status="approved")
    data = {"answer": f"only:{comment.pk}:1", f"answer-{comment.pk}": "Please call us."}
    client.post(LIST, data)
    moderation.spam(Comment.objects.get(pk=comment.pk), by=mo, text_version=1)
    assert SpamTrace.objects.exists()
    data["answer"] = f"approve:{comment.pk}:1"
    response = client.post(LIST, data)
    assert response.status_code == 422
    assert ">Please call us.</textarea>" in response.text
    assert Comment.objects.get(pk=comment.pk).status == "spam"
    assert SpamTrace.objects.exists()
    assert Comment.objects.filter(parent=comment).count() == 1


@pytest.mark.parametrize("value", ["", "x", "approve:1", "approve:0:1", f"only:{'9' * 30}:1", "only:1:1\n", "spam:1:1"])
def test_a_forged_answer_is_a_sentence(client, mo, value):
    page = client.post(LIST, {"answer": value}, follow=True).text
    assert "no longer there, so nothing was sent" in page
    assert not Comment.objects.exists()


CONFIRMING = "It was good to see you at your last appointment."


def test_an_answer_that_confirms_a_patient_is_asked_about_and_the_override_is_noted(client, mo):
    comment = make_comment(make_post(), status="pending")
    data = {"answer": f"approve:{comment.pk}:1", f"answer-{comment.pk}": CONFIRMING}
    response = client.post(LIST, data)
    assert response.status_code == 422
    assert "These words confirm nothing:" in response.text
    assert f">{CONFIRMING}</textarea>" in response.text
    assert f"insist-{comment.pk}" not in response.text
    assert Comment.objects.get().status == "pending"
    assert client.post(LIST, {**data, f"insist-{comment.pk}": "1"}).status_code == 422

    mo.user_permissions.add(Permission.objects.get(codename="override_staff_guard"))
    response = client.post(LIST, data)
    assert f'name="insist-{comment.pk}"' in response.text
    assert client.post(LIST, {**data, f"insist-{comment.pk}": "1"}).status_code == 302
    assert Override.objects.get().by == mo
    assert Comment.objects.get(parent=comment).is_approved


def test_personal_data_is_not_approved_by_an_answer(client, mo):
    comment = make_comment(make_post(), "Call me at (614) 555-0123", status="pending")
    assert 'name="answer"' not in client.get(LIST).text
    response = client.post(LIST, {"answer": f"approve:{comment.pk}:1", f"answer-{comment.pk}": "Words"})
    assert response.status_code == 422
    assert Comment.objects.get().status == "pending"
