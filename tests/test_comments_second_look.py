"""Before personal data or a question for advice is public, its writer is asked once; staff confirm no patient."""

import html
import re

import pytest

from comments import intake
from comments.models import Comment, Override
from comments.refusals import Refused
from ketablog import roles
from ketablog.site import ModerationPolicy
from tests.base import make_comment, make_mo, make_post, make_site, make_user, reply_data

pytestmark = pytest.mark.django_db
ADDRESS = "/posts/sleep/comments/"
CALL_ME = "I slept well.\nCall me at 555-123-4567 & ask."
STOP = "Should I stop my sertraline?"
CONFIRMS = "We hope your infusion went well."


@pytest.fixture
def post():
    return make_post(slug="sleep")


def field(response, name) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', response.text)[1])


def text_in_form(response) -> str:
    return html.unescape(re.search(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", response.text, re.DOTALL)[1])


def ask(client, post, text=CALL_ME, **fields):
    return client.post(ADDRESS, reply_data(post, comment=text, **fields))


def test_the_first_sending_comes_back_with_the_parts_marked_and_nothing_is_stored(client, post):
    response = ask(client, post)
    assert response.status_code == 422
    assert "Your reply is not sent yet." in response.text
    assert "It seems to hold a phone number." in response.text
    assert re.search(r"<mark>.*555-123-4567.*</mark>", response.text)
    assert text_in_form(response) == CALL_ME
    assert response.headers["Cache-Control"] == "private, no-store"
    for button in ("Take them out", "Keep them, and let staff decide", "Change the text myself"):
        assert button in response.text
    assert not Comment.objects.exists()


def test_kept_parts_wait_for_staff_even_where_clean_replies_are_public_at_once(client, post):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    token = field(ask(client, post), "keep")
    assert ask(client, post, keep=token).status_code == 303
    comment = Comment.objects.get()
    assert (comment.status, comment.source) == ("pending", CALL_ME)
    reason = next(reason for reason in comment.reasons if reason["rule"] == "personal_data")
    assert reason["fragment"] == "phone", "the number itself is stored once"


def test_the_answer_is_for_exactly_this_text(client, post):
    token = field(ask(client, post), "keep")
    for text in (f"{CALL_ME} Or 555-123-4568.", "rita@example.org"):
        assert ask(client, post, text, keep=token).status_code == 422
    other = make_post(slug="pain")
    data = reply_data(other, comment=CALL_ME, keep=token)
    assert client.post("/posts/pain/comments/", data).status_code == 422
    assert ask(client, post, keep="0" * 64).status_code == 422
    assert not Comment.objects.exists()


def test_the_answer_outlasts_another_refusal(client, post):
    token = field(ask(client, post), "keep")
    refused = ask(client, post, email="rita at home", keep=token)
    assert refused.status_code == 422
    assert "It seems to hold" not in refused.text
    assert ask(client, post, asked=field(refused, "asked")).status_code == 303


def test_taken_out_parts_leave_a_placeholder_in_the_form_and_the_rest_is_sent(client, post):
    response = ask(client, post, redact="1", name="Rita 555-123-4567")
    assert response.status_code == 200
    assert text_in_form(response) == "I slept well.\nCall me at […] & ask."
    assert field(response, "name") == "Rita […]"
    assert "The text in the form is changed to this." in response.text
    assert not Comment.objects.exists()
    data = {"comment": text_in_form(response), "name": field(response, "name"), "asked": field(response, "asked")}
    assert client.post(ADDRESS, reply_data(post, **data)).status_code == 303
    comment = Comment.objects.get()
    assert "personal_data" not in {reason["rule"] for reason in comment.reasons}


def test_a_changed_text_without_parts_is_taken(client, post):
    ask(client, post)
    assert ask(client, post, "I slept well.").status_code == 303


def test_a_cry_for_help_is_never_asked_about_anything(client, post):
    make_site(clinic_phone="+1 555 010 0200")
    response = ask(client, post, f"I want to die. {CALL_ME} {STOP}")
    assert response.status_code == 303
    comment = Comment.objects.get()
    assert comment.is_urgent
    assert {"help", "personal_data", "advice"} <= {reason["rule"] for reason in comment.reasons}


def test_the_same_text_again_is_said_to_be_there_and_not_asked_about(client, post):
    make_comment(post, CALL_ME, status="pending")
    assert ask(client, post).status_code == 409


def test_a_question_for_advice_is_shown_the_private_ways_first(client, post):
    make_site(clinic_phone="+1 (555) 010-0200", portal_url="https://portal.example.org/")
    response = ask(client, post, STOP)
    assert response.status_code == 422
    assert 'href="tel:+15550100200"' in response.text
    assert 'href="https://portal.example.org/"' in response.text
    assert "Take them out" not in response.text
    assert not Comment.objects.exists()
    assert ask(client, post, STOP, keep=field(response, "keep")).status_code == 303
    assert "advice" in {reason["rule"] for reason in Comment.objects.get().reasons}


def test_without_a_private_way_the_question_is_only_held(client, post):
    make_site(moderation_policy=ModerationPolicy.PUBLISH_CLEAN)
    assert ask(client, post, STOP).status_code == 303
    assert Comment.objects.get().status == "pending"


def test_one_page_asks_both_and_taking_parts_out_answers_both(client, post):
    make_site(clinic_phone="+1 555 010 0200")
    both = f"{STOP} {CALL_ME}"
    response = ask(client, post, both)
    assert "You can ask in private:" in response.text
    assert "It seems to hold a phone number." in response.text
    redacted = ask(client, post, both, redact="1")
    assert ask(client, post, text_in_form(redacted), asked=field(redacted, "asked")).status_code == 303


def test_staff_who_may_decide_are_not_asked_and_what_they_let_through_is_noted(client, post):
    mo = make_mo()
    client.force_login(mo)
    assert client.post(ADDRESS, reply_data(post, comment="Our other line: 555-123-4567")).status_code == 303
    override = Override.objects.get()
    assert (override.what, override.kinds, override.by) == ("personal_data", "phone", mo)
    assert override.comment.is_approved


def test_a_writer_who_may_not_decide_is_asked(client, post):
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.post(ADDRESS, reply_data(post, comment=CALL_ME)).status_code == 422


def test_a_change_on_the_own_page_is_held_for_it(client, post):
    comment = make_comment(post)
    data = {"act": "edit", "comment": CALL_ME, "name": "Rita", "version": "1"}
    assert client.post(comment.get_own_url(), data).status_code == 303
    comment.refresh_from_db()
    assert comment.status == "pending"
    assert "personal_data" in {reason["rule"] for reason in comment.reasons}


# Staff


def test_staff_who_confirm_a_patient_are_refused_with_words_that_do_not(client, post):
    client.force_login(make_mo())
    response = client.post(ADDRESS, reply_data(post, comment=CONFIRMS))
    assert response.status_code == 422
    assert "may confirm that its reader is a patient" in response.text
    assert re.search(r"<mark>.*your infusion.*</mark>", response.text)
    assert 'name="override"' not in response.text
    assert text_in_form(response) == CONFIRMS
    assert not Comment.objects.exists()
    shown = client.post(ADDRESS, reply_data(post, comment=CONFIRMS, wording="1"))
    assert text_in_form(shown).startswith("Thank you for writing. To protect everybody's privacy")
    assert client.post(ADDRESS, reply_data(post, comment=text_in_form(shown))).status_code == 303


def test_to_insist_takes_a_permission_and_is_noted(client, post):
    client.force_login(make_mo())
    assert client.post(ADDRESS, reply_data(post, comment=CONFIRMS, override="1")).status_code == 422
    lead = make_user("jonas", roles.REVIEWERS, roles.MODERATORS)
    client.force_login(lead)
    assert 'name="override"' in client.post(ADDRESS, reply_data(post, comment=CONFIRMS)).text
    assert client.post(ADDRESS, reply_data(post, comment=CONFIRMS, override="1")).status_code == 303
    override = Override.objects.get()
    assert (override.what, override.by, override.comment.source) == ("staff_guard", lead, CONFIRMS)


def test_readers_may_say_your_infusion(client, post):
    assert ask(client, post, CONFIRMS).status_code == 303


def test_staff_change_no_reply_into_one_that_confirms(client, post):
    mo = make_mo()
    client.force_login(mo)
    comment = make_comment(post, user=mo, name="Mo Moderator")
    response = client.post(comment.get_own_url(), {"act": "edit", "comment": CONFIRMS, "version": "1"})
    assert response.status_code == 422
    assert "may confirm that its reader is a patient" in response.text
    comment.refresh_from_db()
    assert comment.source == "Thank you for this."


def test_urgent_words_of_staff_are_not_refused_and_wait_where_they_confirm(client, post):
    client.force_login(make_mo())
    text = f"If you want to die, call 988. {CONFIRMS}"
    assert client.post(ADDRESS, reply_data(post, comment=text)).status_code == 303
    comment = Comment.objects.get()
    assert comment.status == "pending"
    assert "staff_guard" in {reason["rule"] for reason in comment.reasons}


def test_whoever_takes_in_a_reply_of_staff_is_guarded(post):
    mo = make_mo()
    comment = Comment(post=post, user=mo, name="Mo", source=CONFIRMS)
    with pytest.raises(Refused):
        intake.receive(comment, site_settings=make_site())
