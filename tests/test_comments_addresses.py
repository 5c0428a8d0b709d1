import logging
import re
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from comments import moderation, notifications, privacy
from comments.models import (
    Comment,
    DataAct,
    DataRequest,
    Decision,
    EmailLook,
    Erasure,
    FormerState,
    LearnedLine,
    LearnedWord,
    NoticeAddress,
)
from ketablog import roles
from ketablog.counters import Tally
from ketablog.secrets import CannotDecrypt
from posts.models import Question
from tests.base import make_comment, make_mo, make_post, make_user

CANARY = "canary.bird@coalmine.example"
LIST = "/admin/comments/comment/"
OLD, NEW = "old:" + "o" * 40, "new:" + "n" * 40


@pytest.fixture
def boss(db):
    return make_user("boss", roles.SITE_MANAGERS, first_name="Bea")


@pytest.fixture
def keys(settings):
    """Sets EMAIL_KEYS as the environment would, the first one encrypting."""

    def use(*pairs: str) -> None:
        settings.EMAIL_KEYS = dict(pair.split(":") for pair in pairs)

    return use


def page_of(comment: Comment) -> str:
    return f"{LIST}{comment.pk}/change/"


# Looking


def test_a_look_shows_the_address_once_and_is_noted(client, boss):
    comment = make_comment(make_post(), email=CANARY)
    client.force_login(boss)
    assert "Show the email address" in client.get(page_of(comment)).text

    response = client.post(page_of(comment), {"look": "yes"})

    assert response.status_code == 200
    assert CANARY in response.text
    assert "That you looked has been noted." in response.text
    assert "no-store" in response["Cache-Control"]
    look = EmailLook.objects.get()
    assert (look.comment, look.by) == (comment, boss)
    assert CANARY not in client.get(page_of(comment)).text


def test_a_moderator_without_the_right_sees_only_that_there_is_an_address(client, db):
    comment = make_comment(make_post(), email=CANARY)
    make_comment(make_post(), email="", name="Nobody")
    client.force_login(make_mo())
    for address in (page_of(comment), f"{LIST}?status=all"):
        page = client.get(address).text
        assert "has an email address" in page
        assert "c•••" not in page
        assert "Show the email address" not in page
    assert "no email address" in page

    response = client.post(page_of(comment), {"look": "yes"})
    assert response.status_code == 403
    assert CANARY not in response.text
    assert not EmailLook.objects.exists()


def test_who_may_look_sees_a_mask_in_the_list(client, boss):
    make_comment(make_post(), email=CANARY)
    client.force_login(boss)
    assert "c•••@c•••" in client.get(f"{LIST}?status=all").text


def test_reading_a_page_never_looks(client, boss):
    comment = make_comment(make_post(), email=CANARY)
    client.force_login(boss)
    client.get(f"{page_of(comment)}?look=yes")
    assert not EmailLook.objects.exists()


def test_an_address_whose_key_is_missing_is_told_in_a_sentence(client, boss, keys):
    keys(OLD)
    comment = make_comment(make_post(), email=CANARY)
    keys(NEW)
    client.force_login(boss)
    assert "has an email address that cannot be read" in client.get(f"{LIST}?status=all").text
    response = client.post(page_of(comment), {"look": "yes"})
    assert response.status_code == 200
    assert "The address cannot be read: the key it was encrypted with is missing." in response.text
    assert not EmailLook.objects.exists()


def test_looking_is_refused_below_the_admin_too(db):
    with pytest.raises(PermissionDenied):
        privacy.look_at_email(make_comment(make_post()), by=make_mo())


def test_a_mask_gives_the_first_letters_only():
    assert privacy.mask("rita@example.org") == "r•••@e•••"
    assert privacy.mask('"a@b"@x.example') == '"•••@x•••'
    assert privacy.mask("") == ""


def test_looks_are_listed_for_who_may_see_them_and_nobody_changes_them(client, boss):
    comment = make_comment(make_post())
    privacy.look_at_email(comment, by=boss)
    look = EmailLook.objects.get()
    client.force_login(boss)
    assert f"Reply {comment.pk}" in client.get("/admin/comments/emaillook/").text
    assert client.get(f"/admin/comments/emaillook/{look.pk}/change/").status_code == 200
    assert client.get("/admin/comments/emaillook/add/").status_code == 403
    assert client.post(f"/admin/comments/emaillook/{look.pk}/delete/", {"post": "yes"}).status_code == 403
    client.force_login(make_mo())
    assert client.get("/admin/comments/emaillook/").status_code == 403


# Searching


def test_a_whole_address_finds_its_replies_for_who_may_look(client, boss):
    post = make_post()
    wanted = make_comment(post, name="Wanted", email=CANARY)
    make_comment(post, name="Other", email="x" + CANARY)
    client.force_login(boss)
    response = client.post(LIST, {"q": CANARY.upper(), "search": "yes"}, follow=True)
    assert response.redirect_chain == [(f"{LIST}?status=all&writer={wanted.pk}", 302)]
    assert "Wanted" in response.text
    assert "Other" not in response.text
    assert CANARY.upper() not in response.text
    nobody = client.post(LIST, {"q": "nobody@example.org", "search": "yes"}, follow=True)
    assert nobody.redirect_chain == [(LIST, 302)]
    assert "No reply came from that address." in nobody.text
    client.force_login(make_mo())
    response = client.post(LIST, {"q": CANARY, "search": "yes", "status": "all"}, follow=True)
    assert response.redirect_chain == [(f"{LIST}?status=all", 302)]
    assert "Only who may see mail addresses can look for one." in response.text


# Nowhere else


def test_an_address_is_nowhere_but_in_its_encrypted_column(client, boss, mails, caplog):
    caplog.set_level(logging.DEBUG)
    mo = make_mo()
    reasons = [{"rule": "links", "points": 2, "fragment": "https://x.example/", "version": 1}]
    parent = make_comment(make_post(), email=CANARY)
    comment = make_comment(parent.post, parent=parent, email=CANARY, status="pending", reasons=reasons)
    notifications.tell_held(comment)
    tasks = str(list(DBTaskResult.objects.values()))
    sent = "".join(message.message().as_string() for message in mails())
    moderation.remove(comment, by=mo, text_version=1, reason="Off topic")

    pages = ""
    for user in (mo, boss):
        client.force_login(user)
        for address in (
            LIST, f"{LIST}?status=all", f"{LIST}?q=Rita&status=removed", page_of(comment), page_of(parent),
            f"{page_of(comment)}?look=yes", f"{LIST}{comment.pk}/delete/", f"{LIST}{comment.pk}/history/",
            "/admin/comments/decision/", "/admin/comments/emaillook/", "/admin/",
        ):  # fmt: skip
            pages += client.get(address).text
        pages += client.post(LIST, {"decide": f"restore:{comment.pk}:1"}, follow=True).text
    client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"})
    assert LogEntry.objects.count() == 1

    rows = [str(list(model.objects.values())) for model in (Decision, EmailLook, LogEntry, DBTaskResult)]
    hashed = parent.email_index.partition(":")[2]
    for place in (pages, sent, tasks, caplog.text, *rows):
        assert "canary" not in place.lower()
        assert "coalmine" not in place
        assert hashed not in place


def test_the_log_of_the_admin_names_a_deleted_reply_by_its_number(client, boss):
    comment = make_comment(make_post(), "CANARYTEXT", name="CANARYNAME")
    client.force_login(boss)
    client.post(f"{LIST}{comment.pk}/delete/", {"post": "yes"})
    entry = LogEntry.objects.get()
    assert entry.object_repr == f"Reply {comment.pk}"
    assert "CANARY" not in str(LogEntry.objects.values())


def test_every_model_that_points_to_a_reply_is_in_the_list_of_places():
    known = {place.name for place in privacy.PLACES}
    pointing = {relation.related_model._meta.label for relation in Comment._meta.related_objects}
    others = {
        model._meta.label
        for model in (
            Comment,
            DataRequest,
            Erasure,
            DataAct,
            FormerState,
            LearnedLine,
            LearnedWord,
            NoticeAddress,
            Question,
        )
    }
    others |= {LogEntry._meta.label, DBTaskResult._meta.label, Tally._meta.label}
    files = {"the search", "stored pages", "files of `back_up`", "erasures.jsonl"}
    assert others | files | pointing == known


# Rotating keys


def rotate() -> str:
    out = StringIO()
    call_command("rotate_email_keys", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_rotation_brings_every_address_under_the_new_key_and_keeps_it_findable(keys):
    keys(OLD)
    post = make_post()
    comment = make_comment(post, email=CANARY)
    make_comment(post, email="")
    keys(NEW, OLD)
    fresh = make_comment(post, email="fresh@example.org").email_encrypted

    assert rotate() == "1 encrypted again, 0 unreadable\n"

    keys(NEW)
    comment.refresh_from_db()
    assert re.match("new:", comment.email_encrypted)
    assert comment.email == CANARY
    assert list(Comment.objects.of_address(CANARY)) == [comment]
    assert Comment.objects.filter(email_encrypted=fresh).exists()
    assert rotate() == "0 encrypted again, 0 unreadable\n"


@pytest.mark.django_db
def test_an_address_that_no_key_opens_is_counted_and_the_others_are_done(keys, monkeypatch):
    monkeypatch.setattr("ketablog.batches.SIZE", 2)
    post = make_post()
    keys("lost:" + "l" * 40)
    lost = make_comment(post, email=CANARY)
    keys(OLD)
    for number in range(4):
        make_comment(post, email=f"r{number}@example.org")
    keys(NEW, OLD)
    out = StringIO()
    with pytest.raises(CommandError, match="none of EMAIL_KEYS opens, left as they are: 1"):
        call_command("rotate_email_keys", stdout=out)
    assert out.getvalue() == "4 encrypted again, 1 unreadable\n"
    assert Comment.objects.filter(email_encrypted__startswith="new:").count() == 4
    lost.refresh_from_db()
    with pytest.raises(CannotDecrypt):
        _ = lost.email
