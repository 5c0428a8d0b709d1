"""An address that a reader gave is nowhere but encrypted in its row; and no page asks anything of another host."""

import logging
import re
from urllib.parse import urlsplit

import pytest
from django.db import connection

from comments.models import Comment
from tests.base import make_category, make_comment, make_image, make_page, make_post, make_site, make_user, reply_data
from tests.queue import run_tasks

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
