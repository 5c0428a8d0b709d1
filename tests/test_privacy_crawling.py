"""An address that a reader gave is nowhere but encrypted in its row; and no page asks anything of another host."""

import contextlib
import io
import itertools
import logging
import re
import smtplib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connection
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments import intake, moderation, privacy
from comments.models import Comment
from comments.notifications import tell_held
from ketablog import daily, roles
from ketablog.logs import PrivateFormatter
from posts import reading
from posts.models import Category, Person
from tests.base import make_category, make_comment, make_image, make_page, make_post, make_site, make_user, reply_data
from tests.queue import run_tasks
from tests.refusing import REFUSALS, TEXT

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a@secret.example"


@pytest.fixture
def blog():
    make_site(name="Harbor Clinic", navigation="Home | /\nAbout | /about/")
    make_page("about")
    post = make_post("Ketamine and sleep", slug="sleep", category=make_category(), cover=make_image())
    make_comment(post, "Approved.", email=CANARY)
    make_comment(post, "Waiting.", email=CANARY, status="pending")
    make_comment(post, "Spam.", email=CANARY, status="spam")
    return post


def crawl(client, *starts: str) -> dict[str, str]:
    """Every page that links lead to from these, by its address."""
    pages: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        response = client.get(address)
        if response.status_code in (301, 302):
            pages[address] = ""
            waiting.append(response["Location"].partition("#")[0])
            continue
        assert response.status_code < 500, address
        pages[address] = response.content.decode(errors="replace")
        if "html" in response.get("Content-Type", ""):
            found = re.findall(r'(?:href|src)="([^"#]+)', pages[address])
            waiting += [link.replace("&amp;", "&") for link in found if re.match(r"/(?!/|static/|media/|admin/)", link)]
    return pages


def test_a_crawl_finds_the_address_nowhere(client, blog, caplog):
    with caplog.at_level(logging.DEBUG):
        sent = client.post("/posts/sleep/comments/", reply_data(blog, email=CANARY))
        feeds = ["/feed/", "/feed/atom/", "/feed.json", "/comments/feed/", "/posts/sleep/feed/"]
        pages = crawl(client, "/", sent["Location"], *feeds, "/sitemap.xml")
    assert len(pages) > 8
    assert "/about/" in pages
    assert any(address.startswith("/replies/") for address in pages)
    assert any(address.endswith("/report/") for address in pages)
    for address, text in pages.items():
        assert "canary-7f3a" not in text, address
    own_lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert "canary-7f3a" not in "\n".join(own_lines)


def test_a_crawl_finds_no_cookie_and_no_other_host(client, blog):
    for address, text in crawl(client, "/", "/posts/sleep/").items():
        assert not client.get(address).cookies, address
        loaded = re.findall(r'<(?:script|img|iframe|source|video|audio|embed)[^>]*\ssrc="([^"]+)', text)
        loaded += re.findall(r'<link[^>]*rel="(?:stylesheet|icon|preload|preconnect|manifest)"[^>]*href="([^"]+)', text)
        assert all(urlsplit(link).netloc in ("", "testserver") for link in loaded), address


def test_what_was_withdrawn_is_nowhere_neither_for_readers_nor_for_staff(client, blog, mails, caplog):
    mo = make_user("ada", is_superuser=True)
    make_site(moderation_policy="publish_clean")
    reply = reply_data(
        blog, comment="CANARY one", name="CANARY name", email="canary@x.example", website="canary.example"
    )
    with caplog.at_level(logging.DEBUG):
        client.post("/posts/sleep/comments/", reply)
        comment = Comment.objects.latest("pk")
        own, page = comment.get_own_url(), f"/admin/comments/comment/{comment.pk}/change/"
        make_comment(blog, "An answer stays.", parent=comment, name="Nora")
        report = {"reason": "worry", "words": "CANARY says goodbye", "token": reply["token"]}
        assert client.post(f"/comments/{comment.pk}/report/", report).status_code == 303
        assert client.post(own, {"act": "edit", "comment": "CANARY two", "name": "CANARY", "version": "1"})
        assert client.post(own, {"act": "edit", "comment": "CANARY three", "name": "CANARY", "version": "1"})
        client.force_login(mo)
        client.post(page, {"decide": f"remove:{comment.pk}:2", "decision_reason": "CANARY", "public_reason": "CANARY"})
        client.post(page, {"look": "1"})
        client.logout()
        sent = client.post(own, {"act": "withdraw"})
        run_tasks()
        feeds = ["/feed/", "/comments/feed/", "/posts/sleep/feed/", "/sitemap.xml"]
        pages = crawl(client, "/", own, sent["Location"], *feeds)
        client.force_login(mo)
        desk = "/admin/comments/"
        pages |= crawl(
            client, page, "/admin/", f"{page[:-7]}history/",
            f"{desk}comment/?status=all", f"{desk}comment/?status=removed",
            f"{desk}report/", f"{desk}decision/", f"{desk}emaillook/", "/posts/sleep/",
        )  # fmt: skip
    for address, text in pages.items():
        assert "canary" not in text.replace(CANARY, "").lower(), address
    assert "An answer stays." in pages["/posts/sleep/"]
    assert all("canary" not in str(mail.message()).lower() for mail in mails())
    own_lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert "canary" not in "\n".join(own_lines).lower()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (the tables' own names)
            assert "canary" not in str(cursor.fetchall()).lower(), table


def test_no_mail_and_no_row_of_the_database_holds_the_address_in_clear(client, blog, mails):
    make_user("ada", "Moderators")
    client.post("/posts/sleep/comments/", reply_data(blog, email=CANARY, comment="Something private."))
    run_tasks()
    sent = mails()
    assert len(sent) == 1
    assert "canary-7f3a" not in str(sent[0].message())
    assert "Something private." not in str(sent[0].message())
    assert "Rita" not in str(sent[0].message())
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (the tables' own names)
            assert "canary-7f3a" not in str(cursor.fetchall()), table


# The same, of whatever else the site says: found by itself, so that what is new is asked too.


@pytest.fixture
def said():
    """All that the logs say, as they are written in production."""
    written = io.StringIO()
    loggers = [logging.root, *map(logging.getLogger, logging.root.manager.loggerDict)]
    handlers = [handler for logger in loggers for handler in logger.handlers if type(handler) is logging.StreamHandler]
    assert any(isinstance(handler.formatter, PrivateFormatter) for handler in handlers)
    before = {handler: handler.setStream(written) for handler in handlers}
    yield written
    for handler, stream in before.items():
        handler.setStream(stream)


@pytest.fixture
def sent_in(client, blog):
    """A reply that came in as every reply does, was reported, judged, and looked up by who may."""
    make_user("mo", roles.MODERATORS)
    client.post("/posts/sleep/comments/", reply_data(blog, email=CANARY, comment="Sent in."))
    comment = Comment.objects.get(source="Sent in.")
    moderation.approve(comment, by=None, text_version=comment.text_version, reason="")
    report = {"reason": "worry", "words": "", "token": reply_data(blog)["token"]}
    assert client.post(f"/comments/{comment.pk}/report/", report).status_code == 303
    privacy.look_at_email(comment, by=make_user("root", is_superuser=True))
    return comment


def routes(patterns, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from routes(pattern.url_patterns, prefix)
        else:
            yield pattern.name, pattern


def addresses_of_everything(comment: Comment) -> set[str]:
    """An address for each route of the site but the admin's, of things that there are where a route names one."""
    person, category = Person.objects.first(), Category.objects.first()
    at = comment.post.published_at
    known = {
        "slug": [comment.post.slug, person.slug, category.slug, "posts"],
        "pk": [comment.pk],
        "token": [comment.get_own_url().split("/")[2], "wrong"],
        "path": ["about", "gone/elsewhere"],
        "digest": ["0" * 12, "0" * 16],
        "year": [at.year],
        "month": [at.month],
        "section": ["posts"],
    }
    found = set()
    for name, pattern in routes(get_resolver().url_patterns):
        fields = pattern.pattern.regex.groupindex
        choices = [known.get(field, ["1", "wrong"]) for field in fields]
        before = len(found)
        for values in itertools.product(*choices):
            with contextlib.suppress(NoReverseMatch):
                found.add(reverse(name, kwargs=dict(zip(fields, values, strict=True))))
        assert len(found) > before, f"No address was found for {name}: give its fields a value here."
    return found


def test_no_page_answers_any_method_with_an_address(client, sent_in, said):
    client.raise_request_exception = False
    statuses = Counter()
    for address in sorted(addresses_of_everything(sent_in)):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            response = client.generic(
                method,
                f"{address}?email=canary-7f3a%40secret.example",
                headers={
                    "Referer": f"http://testserver/?{CANARY}",
                    "User-Agent": CANARY,
                    "X-Forwarded-For": CANARY,
                    "Cookie": f"email={CANARY}",
                    "From": CANARY,
                },
            )
            statuses[response.status_code] += 1
            content = b"".join(response.streaming_content) if response.streaming else response.content
            assert b"canary-7f3a" not in content, (method, address)
            assert "canary-7f3a" not in str(response.headers), (method, address)
    assert {200, 302, 400, 404, 405} <= set(statuses)
    assert max(statuses) < 500
    assert "canary-7f3a" not in said.getvalue()


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_no_refusal_shows_another_writers_address_or_logs_the_own_one(refusal, client, sent_in, said):
    post = sent_in.post
    parent = sent_in.pk if refusal.is_answer else None
    data = reply_data(post, comment=TEXT, parent=parent, **refusal.fields)
    with refusal.happens(post):
        response = client.post("/posts/sleep/comments/", data)
    assert response.status_code == refusal.status
    assert CANARY not in response.content.decode()
    for address in (CANARY, data["email"]):
        assert address not in str(response.headers)
        assert address not in said.getvalue()


def test_no_error_page_and_no_error_log_says_an_address(client, sent_in, said, settings):
    client.raise_request_exception = False
    error = DatabaseError(f"Failing row contains ({CANARY}, Rita).")

    def fails(*_args, **_kwargs):
        raise error

    answers = {
        404: client.get(f"/{CANARY}/"),
        405: client.post("/", {"email": CANARY}),
        400: client.get("/", headers={"Host": "canary-7f3a.example"}),
        413: client.post("/posts/sleep/comments/", {"comment": CANARY * 30_000}),
    }
    with patch.object(reading, "article", fails):
        answers[500] = client.get("/posts/sleep/", {"email": CANARY})
    with patch.object(Comment, "save", fails):
        answers[503] = client.post(
            "/posts/sleep/comments/", reply_data(sent_in.post, comment="Else.", email="c@x.example")
        )
    strict = Client(enforce_csrf_checks=True)
    answers[403] = strict.post("/admin/login/", {"username": CANARY, "password": CANARY})
    with patch.object(intake, "FLOOD_LIMITS", ((0, timedelta(minutes=1)),)):
        answers[429] = client.post(
            "/posts/sleep/comments/", reply_data(sent_in.post, comment="Else.", email="c@x.example")
        )
    wrong = reply_data(sent_in.post, comment="", email="c@x.example")
    answers[422] = client.post("/posts/sleep/comments/", wrong)
    for _try in range(settings.AXES_FAILURE_LIMIT + 1):
        locked_out = client.post("/admin/login/", {"username": CANARY, "password": "wrong"})
    assert locked_out.status_code == 429
    for status, response in answers.items():
        assert response.status_code == status
        assert "canary" not in response.content.decode().lower(), status
    assert "DatabaseError" in said.getvalue()
    assert "canary" not in said.getvalue()


def test_staff_who_may_all_but_see_addresses_find_none_in_the_admin(client, sent_in):
    user = make_user("all", roles.SITE_MANAGERS)
    user.groups.clear()
    user.user_permissions.set(Permission.objects.exclude(codename="view_email"))
    client.force_login(user)
    pages = crawl(client, *(f"/admin/comments/comment/?status={status}" for status in ("all", *Comment.Status.values)))
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        starts = [reverse(f"{base}_changelist")]
        starts += [reverse(f"{base}_{view}", args=[row.pk]) for view in ("change", "history", "delete") if row]
        for start in starts:
            response = client.get(start)
            assert response.status_code in (200, 302, 403), start
            pages[start] = response.content.decode()
    assert len(pages) > 40
    for address, text in pages.items():
        assert "canary-7f3a" not in text, address
    reply = f"/admin/comments/comment/{sent_in.pk}/change/"
    client.raise_request_exception = False
    assert "canary-7f3a" not in client.post(reply, {"look": "1"}).content.decode()
    by_address = client.get("/admin/comments/comment/", {"q": CANARY, "status": "all"}).content.decode()
    assert "Sent in." not in by_address


def test_the_export_of_a_reply_holds_its_own_address_alone(client, sent_in):
    other = make_comment(sent_in.post, "An answer.", parent=sent_in, email="other@secret.example")
    own = client.post(sent_in.get_own_url(), {"act": "export"})
    assert (own.status_code, own.json()["email"]) == (200, CANARY)
    assert "other@secret.example" not in own.content.decode()
    theirs = client.post(other.get_own_url(), {"act": "export"})
    assert (theirs.status_code, theirs.json()["email"]) == (200, "other@secret.example")
    assert "canary-7f3a" not in theirs.content.decode()


# What a command needs. These serve, never end, or make the demo, in which nobody wrote.
ARGUMENTS = {
    "approve_comments": ["--all-pending"],
    "back_up": ["{folder}"],
    "count_comments": ["--json"],
    "import_article": ["{folder}/article.md", "--publish"],
    "restore": ["{folder}/none.tar.gz"],
}
NOT_RUN = {"serve", "db_worker", "load_demo", "remove_demo"}


def test_no_command_says_an_address(sent_in, settings, tmp_path, said):
    (tmp_path / "article.md").write_text("# Pain\n\nWhat we know.\n", encoding="utf-8")
    Comment.objects.filter(pk=sent_in.pk).update(email_encrypted="lost:" + sent_in.email_encrypted)
    ours = {app.name for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    commands = [name for name, app in get_commands().items() if app in ours and name not in NOT_RUN]
    assert len(commands) > 8
    out = io.StringIO()
    # A backup of SQLite reads the file, which this test's own transaction keeps others from.
    with patch("ketablog.backups.writing._write", side_effect=OSError(28, "No space left on device")):
        for name in commands:
            arguments = [argument.format(folder=tmp_path) for argument in ARGUMENTS.get(name, [])]
            try:
                call_command(name, *arguments, stdout=out, stderr=out)
            except CommandError as error:
                out.write(f"{name}: {error}\n")
    assert "1 unreadable" in out.getvalue()
    assert "canary-7f3a" not in out.getvalue()
    assert "canary-7f3a" not in said.getvalue()


def test_no_mail_but_the_one_to_the_address_itself_can_hold_one(sent_in, mails):
    sent = mails()
    assert "mo@clinic.example" in {address for mail in sent for address in mail.to}
    for mail in sent:
        parts = [mail.subject, mail.body, *(str(part) for part in getattr(mail, "alternatives", []))]
        headers = {**mail.extra_headers, "From": mail.from_email, "Cc": mail.cc, "Bcc": mail.bcc}
        assert "canary-7f3a" not in f"{parts} {headers}"
    # Whatever kind of mail there is or will be: none has a place for the address of a reply.
    templates = sorted((Path(__file__).parent.parent / "templates" / "emails").iterdir())
    assert len(templates) >= 4
    for template in templates:
        text = template.read_text(encoding="utf-8")
        for token in Lexer(text).tokenize():
            if token.token_type in (TokenType.VAR, TokenType.BLOCK):
                assert not re.search(r"\bemail(_encrypted|_index)?\b", token.contents), (template.name, token.contents)


def test_no_row_of_the_queue_holds_an_address(sent_in, settings, monkeypatch):
    failures = itertools.cycle(
        [
            smtplib.SMTPRecipientsRefused({CANARY: (550, CANARY.encode())}),
            ValueError(f"Invalid address {CANARY}"),
            DatabaseError(f"Failing row contains ({CANARY})."),
        ]
    )

    def fails(*_args):
        raise next(failures)

    monkeypatch.setattr(EmailMessage, "send", fails)
    monkeypatch.setattr("comments.retention.apply", fails)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        tell_held(make_comment(sent_in.post, "Held.", email=CANARY, status="pending"))
        daily.make_sure()
        for _day in range(4):
            run_tasks()
            clock.shift(timedelta(days=1))
    kinds = set(DBTaskResult.objects.values_list("status", flat=True))
    assert {"FAILED", "SUCCESSFUL"} <= kinds
    for task in DBTaskResult.objects.all():
        assert "canary-7f3a" not in str(vars(task)), task.task_path


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the files of PostgreSQL are not ours to read")
def test_no_byte_of_the_database_files_tells_an_address(sent_in, client):
    client.post(sent_in.get_own_url(), {"act": "edit", "comment": "Sent in, changed.", "name": "R", "version": "1"})
    place = Path(connection.settings_dict["NAME"])
    files = [place, *place.parent.glob(f"{place.name}-*")]
    content = b"".join(file.read_bytes() for file in files)
    assert b"Sent in, changed." in content
    assert b"canary-7f3a" not in content
