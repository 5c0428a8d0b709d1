"""One reply of the staff is the answer of its thread: pinned by a moderator, named at the top, and written down."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments import moderation, pinning
from comments.models import Comment
from ketablog import roles
from tests.base import make_comment, make_mo, make_person, make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"


@pytest.fixture
def mo():
    return make_mo()


@pytest.fixture
def question():
    return make_comment(make_post(slug="sleep"), "How long does it last?")


@pytest.fixture
def doctor():
    user = make_user("grace", roles.WRITERS)
    make_person(name="Grace Doctor", credentials="MD, PhD", slug="grace", user=user)
    return user


def make_answer(question, user, text="About two hours.", **fields) -> Comment:
    return make_comment(question.post, text, parent=question, user=user, name="Grace Doctor", **fields)


def test_a_pinned_reply_is_named_under_the_top_with_credentials_and_a_link_to_it(client, mo, doctor, question):
    answer = make_answer(question, doctor)
    assert pinning.pin(answer, by=mo, text_version=1) is True
    text = client.get("/posts/sleep/").text
    assert f'<a href="#comment-{answer.pk}" rel="nofollow">Answered by <bdi>Grace Doctor, MD, PhD</bdi></a>' in text
    assert text.index("How long does it last?") < text.index("Answered by") < text.index("About two hours.")
    assert text.count("The answer, chosen by the clinic") == 1


def test_the_answer_that_stands_on_another_page_is_linked_by_its_permanent_address(client, mo, doctor, question):
    Comment.objects.bulk_create(
        Comment(post=question.post, parent=question, thread=question, name="R", status="approved", created_at=at)
        for at in [timezone.now()] * 100
    )
    answer = make_answer(question, doctor, "Beyond the hundredth.", created_at=timezone.now())
    pinning.pin(answer, by=mo, text_version=1)
    text = client.get("/posts/sleep/").text
    assert f'<a href="/comments/{answer.pk}/" rel="nofollow">Answered by' in text
    assert "Beyond the hundredth." not in text
    assert "1 more answer in this thread" in text
    first, second = (client.get(f"/comments/{question.pk}/thread/?page={page}").text for page in (1, 2))
    assert f'<a href="/comments/{answer.pk}/" rel="nofollow">Answered by' in first
    assert f'<a href="#comment-{answer.pk}" rel="nofollow">Answered by' in second


def test_a_thread_has_one_answer_and_pinning_another_takes_its_place(mo, doctor, question):
    first, second = make_answer(question, doctor), make_answer(question, doctor, "Or three.")
    pinning.pin(first, by=mo, text_version=1)
    assert pinning.pin(second, by=mo, text_version=1) is True
    assert list(Comment.objects.exclude(pinned_at=None)) == [second]
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=first.pk).update(pinned_at=timezone.now())


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_only_a_public_reply_can_be_the_answer(mo, doctor, question, status):
    assert pinning.pin(make_answer(question, doctor, status=status), by=mo, text_version=1) is False


def test_a_readers_reply_a_top_and_another_text_are_not_pinned(mo, doctor, question):
    reader = make_comment(question.post, "I think an hour.", parent=question)
    top = make_comment(question.post, "A note.", user=doctor)
    changed = make_answer(question, doctor, text_version=2)
    for comment in (reader, top, changed):
        assert pinning.pin(comment, by=mo, text_version=1) is False
    assert not LogEntry.objects.exists()


def test_an_answer_that_is_taken_down_is_pinned_no_longer(client, mo, doctor, question):
    answer = make_answer(question, doctor)
    pinning.pin(answer, by=mo, text_version=1)
    moderation.remove(answer, by=mo, text_version=1)
    assert "Answered by" not in client.get("/posts/sleep/").text
    moderation.approve(answer, by=mo, text_version=1)
    assert Comment.objects.get(pk=answer.pk).pinned_at is None


def test_the_answer_of_somebody_who_is_no_longer_staff_is_a_reply_like_any_other(client, mo, doctor, question):
    pinning.pin(make_answer(question, doctor), by=mo, text_version=1)
    doctor.delete()
    text = client.get("/posts/sleep/").text
    assert "Answered by" not in text
    assert "chosen by the clinic" not in text


@pytest.mark.parametrize("place", ["list", "page"])
def test_a_moderator_pins_and_unpins_with_a_button_and_it_is_written_down(client, mo, doctor, question, place):
    answer = make_answer(question, doctor)
    client.force_login(mo)
    address = f"{LIST}?status=approved" if place == "list" else f"{LIST}{answer.pk}/change/"

    assert f'name="mark" value="pin:{answer.pk}:1@approved"' in client.get(address).text
    page = client.post(address, {"mark": f"pin:{answer.pk}:1"}, follow=True).text
    assert "Pinned: the thread now says who answered it" in page
    assert "The answer of its thread" in page
    assert Comment.objects.get(pk=answer.pk).pinned_at is not None

    page = client.post(address, {"mark": f"unpin:{answer.pk}:1"}, follow=True).text
    assert "no longer the answer of its thread" in page
    assert Comment.objects.get(pk=answer.pk).pinned_at is None
    assert [(entry.user, entry.object_repr, entry.change_message) for entry in LogEntry.objects.order_by("pk")] == [
        (mo, f"Reply {answer.pk}", "Pinned as the answer of its thread."),
        (mo, f"Reply {answer.pk}", "No longer pinned as the answer of its thread."),
    ]
    history = client.get(f"{LIST}{answer.pk}/history/").text
    assert "Pinned as the answer of its thread." in history


@pytest.mark.parametrize("value", ["", "pin", "pin:x:1", "approve:1:1", "pin:1:1; drop", "pin:" + "9" * 30 + ":1"])
def test_a_mark_that_cannot_be_read_is_a_sentence_and_changes_nothing(client, mo, value):
    client.force_login(mo)
    page = client.post(LIST, {"mark": value}, follow=True).text
    assert "could not be read, so nothing was changed" in page


def test_what_cannot_be_pinned_is_told(client, mo, doctor, question):
    client.force_login(mo)
    reader = make_comment(question.post, parent=question)
    for value, words in ((f"pin:{reader.pk}:1", "was not pinned. Only a public"), ("pin:999:1", "no longer there")):
        assert words in client.post(LIST, {"mark": value}, follow=True).text


def test_who_may_only_look_pins_nothing(client, doctor, question):
    answer = make_answer(question, doctor)
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.post(LIST, {"mark": f"pin:{answer.pk}:1"}).status_code == 403
    assert Comment.objects.get(pk=answer.pk).pinned_at is None
