"""Staff change the text of a reply; what it said is kept, and readers see who changed it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from comments import moderation
from comments.models import Comment, Decision, Original, Override
from comments.own import changes
from ketablog import roles
from tests.base import make_comment, make_mo, make_post, make_site, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"


@pytest.fixture
def mo(client):
    mo = make_mo()
    client.force_login(mo)
    return mo


def page_of(comment: Comment) -> str:
    return f"{LIST}{comment.pk}/text/"


def test_a_text_is_changed_and_what_it_said_is_kept_for_staff(client, mo):
    comment = make_comment(make_post(), "My *sister* Ana said so", help_rank=1)
    assert page_of(comment) in client.get(f"{LIST}{comment.pk}/change/").text
    assert "My *sister* Ana said so</textarea>" in client.get(page_of(comment)).text
    response = client.post(page_of(comment), {"text": "My *sister* said so", "version": 1}, follow=True)
    assert response.redirect_chain == [(f"{LIST}{comment.pk}/change/", 302)]
    assert "Changed. Readers see that staff changed it" in response.text
    assert "What it said before staff changed it" in response.text
    assert "My *sister* Ana said so" in response.text
    comment.refresh_from_db()
    assert (comment.source, comment.html) == ("My *sister* said so", "<p>My <em>sister</em> said so</p>")
    assert (comment.text_version, comment.status, comment.help_rank) == (2, "approved", 1)
    assert Original.objects.get().source == "My *sister* Ana said so"
    assert not Decision.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (mo, "The text was changed; what it said before is kept for a while.")
    assert "Ana" not in str(LogEntry.objects.values())

    public = client.get(comment.post.get_absolute_url()).text
    assert '<span class="edited">edited by staff</span>' in public
    assert "Ana" not in public

    client.post(page_of(comment), {"text": "She said so", "version": 2})
    assert Original.objects.get().source == "My *sister* Ana said so"


def test_what_its_writer_changes_afterwards_is_the_writers_again(client, mo):
    make_site(moderation_policy="hold_none")
    comment = make_comment(make_post(), "As it was")
    client.post(page_of(comment), {"text": "As staff put it", "version": 1})
    comment.refresh_from_db()
    changes.edit(comment, source="My own words", name="Rita", text_version=2, site_settings=make_site())
    assert Comment.objects.get().staff_edited_at is None


def test_two_who_change_a_text_never_collide_and_what_was_typed_is_kept(client, mo):
    comment = make_comment(make_post(), "As it was")
    client.post(page_of(comment), {"text": "Ada's words", "version": 1})
    response = client.post(page_of(comment), {"text": "Mo's words", "version": 1})
    assert response.status_code == 422
    assert "changed this reply after you opened this page" in response.text
    assert "Mo&#x27;s words</textarea>" in response.text
    assert "Ada's words" in response.text or "Ada&#x27;s words" in response.text
    assert Comment.objects.get().source == "Ada's words"
    assert 'name="version" value="2"' in response.text


def test_a_decision_about_the_former_text_changes_nothing(client, mo):
    comment = make_comment(make_post(), "As it was", status="pending")
    client.post(page_of(comment), {"text": "In other words", "version": 1})
    page = client.post(LIST, {"decide": f"approve:{comment.pk}:1"}, follow=True).text
    assert "The text was changed after you opened this page" in page
    assert Comment.objects.get().status == "pending"


def test_a_decision_is_not_taken_back_over_a_text_that_staff_changed_since(client, mo):
    comment = make_comment(make_post(), "As it was", status="pending")
    page = client.post(LIST, {"decide": f"approve:{comment.pk}:1"}, follow=True).text
    assert 'name="undo"' in page
    client.post(page_of(comment), {"text": "In other words", "version": 1})
    page = client.post(LIST, {"undo": str(Decision.objects.get().pk)}, follow=True).text
    assert "Nothing was taken back" in page


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"text": "", "version": 1}, "Nothing would be left."),
        ({"text": " \n ", "version": 1}, "Nothing would be left."),
        ({"text": "x" * 20_000, "version": 1}, "too long"),
        ({"text": "Words"}, "Nothing is saved yet"),
        ({"text": "Words", "version": "x"}, "Nothing is saved yet"),
        ({"text": "Words", "version": 10**30}, "Nothing is saved yet"),
        ({"text": "Call me at (614) 555-0123", "version": 1}, "this text seems to hold"),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_is_changed(client, mo, data, problem):
    comment = make_comment(make_post(), "As it was")
    response = client.post(page_of(comment), data)
    assert response.status_code == 422
    assert problem in response.text
    assert Comment.objects.get().source == "As it was"
    assert not Original.objects.exists()


def test_what_somebody_let_through_may_stay_and_that_is_noted_again(client, mo):
    comment = make_comment(make_post(), "Call me at (614) 555-0123 pleese", status="pending")
    moderation.approve_as_it_is(comment, by=mo, text_version=1)
    client.post(page_of(comment), {"text": "Call me at (614) 555-0123 please", "version": 1})
    assert Comment.objects.get().text_version == 2
    assert Override.objects.count() == 2


def test_who_let_something_else_through_let_no_personal_data_through(client, mo):
    comment = make_comment(make_post(), "As your doctor, I would wait.", user=mo)
    Override.objects.create(comment=comment, what=Override.What.STAFF_GUARD, text_version=1, by=mo)
    response = client.post(page_of(comment), {"text": "As your doctor: (614) 555-0123", "version": 1})
    assert response.status_code == 422
    assert "this text seems to hold" in response.text


def test_a_reply_of_staff_is_not_changed_into_what_confirms_a_patient(client, mo):
    comment = make_comment(make_post(), "Please call us.", user=mo)
    response = client.post(page_of(comment), {"text": "As your doctor, I would wait.", "version": 1})
    assert response.status_code == 422
    assert "This may confirm that somebody is a patient." in response.text


def test_a_covered_text_is_shown_before_it_is_changed(client, mo):
    comment = make_comment(make_post(), "The dark words", status="pending", help_rank=2)
    response = client.get(page_of(comment), follow=True)
    assert response.redirect_chain == [(f"{LIST}{comment.pk}/change/", 302)]
    assert "The dark words" not in response.text
    client.post(LIST, {"open": f"{comment.pk}:1"})
    assert "The dark words" in client.get(page_of(comment)).text


def test_only_who_may_changes_a_text(client, mo):
    comment = make_comment(make_post(), "As it was")
    for user in (make_user("ada", roles.WRITERS), make_user("viewer")):
        user.user_permissions.add(Permission.objects.get(codename="change_comment"))
        client.force_login(user)
        assert client.get(page_of(comment)).status_code == 403
        assert client.post(page_of(comment), {"text": "Other", "version": 1}).status_code == 403
        assert page_of(comment) not in client.get(f"{LIST}{comment.pk}/change/").text
    assert Comment.objects.get().source == "As it was"


@pytest.mark.parametrize("number", [0, 999999, 9 * 10**17])
def test_a_text_that_is_gone_is_a_sentence(client, mo, number):
    response = client.get(f"{LIST}{number}/text/", follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "This reply is no longer there." in response.text
