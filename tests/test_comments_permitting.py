"""Who may do what on the desk, and what no address of it does: every act by every group, every look, every nonsense."""

import html
import re

import pytest
from django.apps import apps
from django.core import serializers

from comments import moderation
from comments.models import Ban, Comment, Decision, Original, Report, RuleSetting, WordList
from ketablog import roles
from tests.base import make_comment, make_post, make_site, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"
EVERYBODY = (roles.WRITERS, roles.REVIEWERS, roles.MODERATORS, roles.SITE_MANAGERS)
DESK = {roles.MODERATORS, roles.SITE_MANAGERS}
MANAGERS = {roles.SITE_MANAGERS}


@pytest.fixture
def held() -> Comment:
    make_site(clinic_phone="+49 30 123456")
    advice = [{"rule": "advice", "points": 0, "fragment": "dose", "version": 1, "outcome": "hold"}]
    comment = make_comment(make_post(), "What about 40 mg?", status="pending", writer="w", reasons=advice)
    Report.objects.create(comment=comment, reason="hurt", words="rude", client="c", text_version=1)
    Original.objects.create(comment=comment, name="Rita", source="What it said before.")
    return comment


def rows() -> dict[str, str]:
    """Everything that is stored but for sessions and the counts of requests."""
    left_out = {"sessions.session", "ketablog.tally"}
    models = [model for model in apps.get_models() if model._meta.label_lower not in left_out]
    return {
        model._meta.label: re.sub(
            r'"last_login": [^,]+', "", serializers.serialize("json", model.objects.order_by("pk"))
        )
        for model in models
    }


ACTS: list[tuple[str, str, dict[str, str], set[str]]] = [
    *((LIST, f"decide {verb}", {"decide": f"{verb}:{{pk}}:1"}, DESK) for verb in ("approve", "spam", "remove")),
    (LIST, "bulk", {"decide_selected": "spam", "selected": "{pk}", "version-{pk}": "1"}, DESK),
    (LIST, "mark", {"mark": "note:{pk}:1"}, DESK),
    (LIST, "answer", {"answer": "approve:{pk}:1", "answer-{pk}": "Thank you."}, DESK),
    (LIST, "ban", {"writer": "ban:{pk}"}, DESK),
    (LIST, "undo", {"undo": "{decision}"}, DESK),
    (LIST + "{pk}/change/", "look", {"look": "1"}, MANAGERS),
    (LIST + "{pk}/text/", "reword", {"text": "Other words.", "version": "1"}, DESK),
    (LIST + "{pk}/delete/", "delete", {"post": "yes"}, MANAGERS),
    ("/admin/comments/ban/", "lift", {"action": "lift", "_selected_action": "{ban}"}, DESK),
    ("/admin/comments/wordlist/add/", "words", {"name": "Words", "lines": "casino", "is_on": "on"}, DESK),
    (
        "/admin/comments/rulesetting/",
        "rules",
        {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "1",
            "form-0-id": "{rule}",
            "form-0-outcome": "note",
            "_save": "1",
        },
        MANAGERS,
    ),
]


@pytest.mark.parametrize("group", EVERYBODY)
@pytest.mark.parametrize(("path", "act", "data", "allowed"), ACTS, ids=[act[1] for act in ACTS])
def test_each_act_is_done_for_who_may_and_for_nobody_else(client, held, group, path, act, data, allowed):
    user = make_user("sam", group)
    client.force_login(user)
    other = make_comment(held.post, "Another.", status="pending", writer="v")
    ban = Ban.objects.create(comment=other, writer="v", by=user)
    rule = RuleSetting.objects.order_by("name").first() or RuleSetting.objects.create(name="links", outcome="hold")
    numbers = {"pk": held.pk, "ban": ban.pk, "rule": rule.pk, "decision": 0}
    if act == "undo":
        assert moderation.spam(other, by=user, text_version=1)
        numbers["decision"] = Decision.objects.get().pk
    Report.objects.all().delete()
    client.get(LIST)
    if act == "reword":
        client.post(LIST, {"open": f"{held.pk}:1"})
    if act == "rules":
        RuleSetting.objects.exclude(pk=rule.pk).delete()
    before = rows()
    answer = client.post(
        path.format(**numbers), {name.format(**numbers): value.format(**numbers) for name, value in data.items()}
    )
    if group in allowed:
        assert answer.status_code in (200, 302)
        assert rows() != before
    else:
        assert answer.status_code in (302, 403)
        assert rows() == before


def test_following_every_link_of_the_desk_changes_nothing(client, held):
    client.force_login(make_user("root", is_superuser=True))
    for status in Comment.Status.values:
        make_comment(held.post, "I want to die.", status=status, help_rank=2, writer="w")
    WordList.objects.create(name="Words", lines="casino")
    Ban.objects.create(comment=held, writer="w")
    before, seen, found = rows(), set(), ["/admin/comments/", LIST]
    while found and len(seen) < 120:
        path = found.pop(0)
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code in (200, 302)
        for link in map(html.unescape, re.findall(r'href="([^"#]+)"', answer.text)):
            address = f"{path.partition('?')[0]}{link}" if link.startswith("?") else link
            if address.startswith("/admin/comments/") and address not in {*seen, *found}:
                found.append(address)
    assert rows() == before
