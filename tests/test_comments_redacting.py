"""Moderators publish a reply without its personal data, or knowingly with it; nothing else lets it through."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import moderation, privacy, retention
from comments.admin.deciding import DONE
from comments.models import Comment, Decision, Original, Override
from comments.own import changes
from comments.rules import personal_data
from tests.base import make_comment, make_mo, make_post, make_site, make_user
from tests.personal import HARMLESS, PERSONAL, sentences

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"
TEXT = "I slept well. Call me at 555-123-4567."
SENTENCES = [sentence for table in (*PERSONAL.values(), HARMLESS) for sentence in sentences(table)]


@pytest.fixture
def post():
    return make_post(slug="sleep")


@pytest.fixture
def mo(client):
    mo = make_mo()
    client.force_login(mo)
    return mo


@pytest.fixture
def waiting(post):
    reasons = [{"rule": "personal_data", "points": 0, "fragment": "phone", "version": 1}]
    return make_comment(post, TEXT, status="pending", reasons=reasons)


def decide(client, verb, comment, address=LIST):
    return client.post(address, {"decide": f"{verb}:{comment.pk}:{comment.text_version}"}, follow=True)


def test_the_desk_marks_the_parts_and_offers_to_take_them_out(client, mo, waiting):
    text = client.get(LIST).text
    assert "It seems to hold a phone number." in text
    assert f'value="redact:{waiting.pk}:1@pending"' in text
    assert f'value="as_is:{waiting.pk}:1@pending"' not in text
    alone = client.get(f"{LIST}{waiting.pk}/change/").text
    assert f'value="redact:{waiting.pk}:1@pending"' in alone
    assert f'value="as_is:{waiting.pk}:1@pending"' in alone
    assert f'value="approve:{waiting.pk}:1@pending"' not in alone


def test_a_reply_without_parts_has_no_such_buttons(client, mo, post):
    comment = make_comment(post, status="pending")
    for address in (LIST, f"{LIST}{comment.pk}/change/"):
        text = client.get(address).text
        assert f'value="approve:{comment.pk}:1@pending"' in text
        assert "redact:" not in text
        assert "as_is:" not in text
    assert "nothing to take out" in decide(client, "redact", comment).text


def test_published_redacted_it_has_placeholders_and_the_original_is_kept_apart(client, mo, waiting):
    response = decide(client, "redact", waiting)
    assert str(DONE["redact"]) in response.text
    before = waiting
    waiting = Comment.objects.get()
    assert (waiting.status, waiting.text_version) == ("approved", 2)
    assert waiting.source == "I slept well. Call me at […]."
    assert "555" not in waiting.html
    assert Original.objects.get().source == before.source
    assert Decision.objects.get().by == mo
    assert "555-123-4567" not in client.get("/posts/sleep/").text
    alone = client.get(f"{LIST}{waiting.pk}/change/").text
    assert "What it said before staff changed it" in alone
    assert "555-123-4567" in alone
    assert privacy.export(waiting)["before_parts_were_taken_out"] == {"name": "Rita", "text": TEXT}


def test_the_name_is_redacted_too(post):
    comment = make_comment(post, name="Rita 555-123-4567", status="pending")
    assert moderation.approve_redacted(comment, by=make_mo(), text_version=1)
    assert Comment.objects.get().name == "Rita […]"
    assert Original.objects.get().name == "Rita 555-123-4567"


def test_to_approve_it_asks_once_more_and_the_override_is_noted(client, mo, waiting):
    response = decide(client, "approve", waiting)
    assert "It seems to hold a phone number, so nothing was decided." in response.text
    waiting.refresh_from_db()
    assert waiting.status == "pending"
    assert not Override.objects.exists()
    decide(client, "as_is", waiting, f"{LIST}{waiting.pk}/change/")
    waiting.refresh_from_db()
    assert waiting.is_approved
    override = Override.objects.get()
    assert (override.kinds, override.by, override.text_version) == ("phone", mo, 1)
    assert "phone" in client.get("/admin/comments/override/").text


def test_nothing_lets_it_through_in_bulk(client, mo, waiting):
    data = {"selected": [waiting.pk], f"version-{waiting.pk}": "1"}
    for verb in ("approve", "as_is", "redact"):
        client.post(LIST, {"decide_selected": verb, **data})
        waiting.refresh_from_db()
        assert waiting.status == "pending"
    out = StringIO()
    call_command("approve_comments", "--all-pending", stdout=out)
    assert out.getvalue() == "0 approved, 1 unchanged, 0 urgent left waiting\n"


def test_whoever_saw_an_older_text_takes_nothing_out(client, mo, waiting):
    Comment.objects.update(text_version=2, source="Call me at 555-123-9999.")
    assert "The text was changed" in decide(client, "redact", waiting).text
    waiting.refresh_from_db()
    assert waiting.status == "pending"
    assert not Original.objects.exists()


def test_withdrawing_erases_the_original(waiting):
    moderation.approve_redacted(waiting, by=None, text_version=1)
    assert changes.withdraw(waiting)
    assert not Original.objects.exists()


def test_the_original_is_forgotten_after_a_while(waiting):
    make_site(keep_removed_days=30)
    moderation.approve_redacted(waiting, by=None, text_version=1)
    Original.objects.update(at=timezone.now() - timedelta(days=29))
    assert retention.count()["former texts"] == retention.apply()["former texts"] == 0
    Original.objects.update(at=timezone.now() - timedelta(days=31))
    assert retention.count()["former texts"] == 1
    assert retention.apply()["former texts"] == 1
    assert not Original.objects.exists()
    assert Comment.objects.get().is_approved


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map("\n".join),
    st.lists(st.sampled_from([*moderation.VERBS, "edit"]), max_size=5),
    st.sampled_from(SENTENCES),
)
def test_nothing_published_holds_personal_data_unless_somebody_let_it_through(post, text, verbs, other):
    comment = make_comment(post, text, status="pending")
    row = make_site(moderation_policy="publish_clean")
    for verb in verbs:
        comment.refresh_from_db()
        if verb == "edit":
            changes.edit(comment, source=other, name="Rita", text_version=comment.text_version, site_settings=row)
        else:
            moderation.VERBS[verb][0](comment, by=None, text_version=comment.text_version)
    comment.refresh_from_db()
    if comment.is_approved and personal_data.find(comment.source):
        assert Override.objects.filter(comment=comment, text_version=comment.text_version).exists()


# The standard answer


def test_a_question_for_advice_is_approved_and_answered_with_one_press(client, mo, post):
    reasons = [{"rule": "advice", "points": 0, "fragment": "", "version": 1}]
    comment = make_comment(post, "Should I stop my sertraline?", status="pending", reasons=reasons)
    assert "Approve and send the standard answer" in client.get(LIST).text
    response = client.post(LIST, {"mark": f"note:{comment.pk}:1"}, follow=True)
    assert "The standard answer stands below the reply" in response.text
    comment.refresh_from_db()
    answer = comment.answers.get()
    assert comment.is_approved
    assert (answer.status, answer.user, answer.name) == ("approved", mo, "Mo Moderator")
    assert answer.source.startswith("Thank you for asking. We cannot give advice")


def test_the_standard_answer_waits_until_parts_are_taken_out(client, mo, post):
    reasons = [{"rule": "advice", "points": 0, "fragment": "", "version": 1}]
    comment = make_comment(post, f"Should I stop? {TEXT}", status="pending", reasons=reasons)
    response = client.post(LIST, {"mark": f"note:{comment.pk}:1"}, follow=True)
    assert "personal data has to be taken out of it first" in response.text
    comment.refresh_from_db()
    assert comment.status == "pending"
    assert not comment.answers.exists()


def test_a_cry_for_help_gets_no_standard_answer(client, mo, post):
    reasons = [{"rule": "advice", "points": 0, "fragment": "", "version": 1}]
    comment = make_comment(post, "Should I stop it all?", status="pending", reasons=reasons, help_rank=2)
    assert "standard answer" not in client.get(LIST).text
    client.post(LIST, {"mark": f"note:{comment.pk}:1"})
    comment.refresh_from_db()
    assert comment.status == "pending"


def test_the_queue_costs_the_same_with_more_parts(client, mo, post, django_assert_max_num_queries):
    for number in range(20):
        make_comment(post, f"Dr. Patel{number} said: call 555-123-45{number:02}.", status="pending")
    client.get(LIST)
    with django_assert_max_num_queries(20):
        client.get(LIST)


def test_who_may_only_look_is_offered_nothing(client, waiting):
    viewer = make_user("vera")
    viewer.user_permissions.add(Permission.objects.get(codename="view_comment"))
    client.force_login(viewer)
    assert "redact:" not in client.get(LIST).text
    assert client.post(LIST, {"decide": f"redact:{waiting.pk}:1"}).status_code == 403
