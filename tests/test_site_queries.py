"""No page asks the database once for each row (django-zeal raises where one does), and readers' pages ask seldom."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from zeal import zeal_context
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from comments.models import Comment, Report
from posts import publishing
from posts.editorial import digest
from posts.models import Attachment, Person, Post, Reference, Tag
from tests.base import (
    make_category,
    make_comment,
    make_image,
    make_mo,
    make_page,
    make_person,
    make_post,
    make_site,
    make_user,
    reply_data,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _zeal():
    """What zeal's app does at start; here it is needed in tests alone."""
    initialize_app_registry()
    patch()


@pytest.fixture
def blog():
    make_page("about")
    tags = [Tag.objects.create(name=f"Tag {number}") for number in range(3)]
    for number in range(4):
        post = make_post(
            slug=f"post-{number}",
            writer=make_person(name=f"Writer {number}"),
            category=make_category(f"Category {number}"),
            cover=make_image(),
        )
        post.tags.set(tags)
        for position in (1, 2):
            Reference.objects.create(post=post, position=position, title="A trial", source="A journal", year=2020)
        for status in ("approved", "pending"):
            top = make_comment(post, status="approved", user=make_user(f"staff-{number}-{status}"))
            make_comment(post, status=status, parent=top)
    return post


READERS = [
    "/",
    "/posts/post-1/",
    "/posts/post-1/?order=newest",
    "/posts/post-1/?order=staff",
    "/posts/post-1/reported/",
    "/posts/post-1/comments/",
    "/privacy/my-data/",
    "/privacy/my-data/asked/",
    "/category/category-1/",
    "/tag/tag-1/",
    "/author/writer-1/",
    "/archive/",
    "/about/",
    "/feed/",
    "/feed/atom/",
    "/feed.json",
    "/category/category-1/feed/",
    "/tag/tag-1/feed/",
    "/author/writer-1/feed/",
    "/posts/post-1/feed/",
    "/comments/feed/",
    "/sitemap.xml",
    "/search/",
    "/search/?q=article",
    "/search/?q=articl+nowhere",
    "/nowhere/",
]
STAFF = [
    "/admin/",
    "/admin/comments/comment/",
    "/admin/comments/decision/",
    "/admin/comments/dataact/",
    "/admin/comments/comment/?status=all",
    "/admin/comments/ban/",
    "/admin/comments/report/",
    "/admin/posts/post/",
    "/admin/posts/image/",
    "/admin/posts/person/",
    "/admin/posts/category/",
    "/admin/ketablog/user/",
]


@pytest.mark.parametrize("address", READERS)
def test_a_page_of_readers_asks_once_for_all_its_rows(client, blog, address):
    with zeal_context():
        assert client.get(address).status_code in (200, 404)


@pytest.mark.parametrize("page", ["thread", "report"])
def test_a_readers_page_of_one_reply(client, blog, page):
    top = blog.comments.filter(parent=None).first()
    for _ in range(3):
        make_comment(blog, parent=make_comment(blog, parent=top, user=make_user(f"again-{Comment.objects.count()}")))
    with zeal_context():
        assert client.get(f"/comments/{top.pk}/{page}/").status_code == 200


def test_the_desk_with_reports_and_pinned_answers(client, blog):
    for comment in Comment.objects.approved():
        for number in range(2):
            Report.objects.create(comment=comment, reason="hurt", client=str(number))
    Comment.objects.filter(thread__isnull=False).update(pinned_at=timezone.now())
    client.force_login(make_mo())
    for address in ("/admin/comments/comment/?status=all&reported=new", "/admin/comments/report/"):
        with zeal_context():
            assert "hurtful" in client.get(address).text


@pytest.mark.parametrize("address", STAFF)
def test_a_page_of_the_staff_asks_once_for_all_its_rows(client, blog, address):
    client.force_login(make_user("root", is_superuser=True))
    with zeal_context():
        assert client.get(address).status_code == 200


def test_a_moderators_page_of_one_reply_asks_once_for_all_its_rows(client, blog):
    client.force_login(make_mo())
    with zeal_context():
        assert client.get(f"/admin/comments/comment/{blog.comments.first().pk}/change/").status_code == 200


# How often

ARTICLE, LIST, SEARCH, FEED = 6, 5, 5, 3
MOST_QUERIES = {
    "/posts/full/": ARTICLE,
    "/posts/full/?comments=2": ARTICLE,
    "/posts/full/?fbclid=1": ARTICLE,
    "/posts/taken-back/": ARTICLE,
    "/": LIST,
    "/?page=2": LIST,
    "/category/pain/": LIST,
    "/category/pain/?page=2": LIST,
    "/tag/tag-1/": LIST,
    "/author/ada-writer/": LIST,
    "/archive/": LIST,
    "/archive/2020/": LIST,
    "/archive/2020/05/?page=2": LIST,
    "/search/": SEARCH,
    "/search/?q=sleep": SEARCH,
    "/search/?q=sleep&page=2": SEARCH,
    "/search/?q=slep": SEARCH,
    "/search/?q=nowhere+sleep": SEARCH,
    "/feed/": FEED,
    "/feed/atom/": FEED,
    "/feed.json": FEED,
    "/category/pain/feed/": FEED,
    "/tag/tag-1/feed/": FEED,
    "/author/ada-writer/feed/": FEED,
    "/posts/full/feed/": FEED,
    "/comments/feed/": FEED,
}


@pytest.fixture
def full_blog(django_capture_on_commit_callbacks) -> None:
    """Plenty of articles about the same, and one that has everything an article may have, many times."""
    pain, tags = make_category("Pain"), [Tag.objects.create(name=f"Tag {number}") for number in range(8)]
    posts = [
        make_post(
            f"Sleep and pain {number}",
            category=pain if number % 2 else make_category(f"Topic {number}"),
            cover=make_image(renditions={"avif": [320], "webp": [320]}),
            published=datetime(2020, 5, 1, tzinfo=UTC) + timedelta(hours=number),
        )
        for number in range(30)
    ]
    full = make_post(
        "Sleep in full",
        slug="full",
        category=pain,
        cover=make_image(),
        writer=Person.objects.get(),
        published=datetime(2020, 5, 1, 9, 30, tzinfo=UTC),
        body="<h2>One</h2><p>Sleep [1].</p><h2>Two</h2><p>Rest [2].</p><h2>Three</h2>",
        key_points="Rest.\nSleep.",
        shows_help_lines=True,
    )
    Person.objects.update(photo=make_image())
    for post in posts:
        post.tags.set(tags[:3])
    full.tags.set(tags)
    _fill(full)
    _discuss(full)
    make_post("Sleep no more", slug="taken-back", category=pain, withdrawn_at=timezone.now()).tags.set(tags)
    with django_capture_on_commit_callbacks(execute=True):
        for post in Post.objects.all():
            publishing.settle(post)


def _fill(post: Post) -> None:
    for number in range(1, 13):
        Reference.objects.create(post=post, position=number, title=f"Trial {number}", source="Pain", year=2020)
        post.corrections.create(text=f"It said {number} hours.")
        who = make_person(name=f"Dr. Answer {number}")
        post.questions.create(question=f"Sleep {number}?", answer="Well.", answered_by=who)
        leaflet = Attachment.objects.create(title=f"Leaflet {number}", file=f"leaflets/{number}.pdf", size=5, pages=2)
        post.attachments.add(leaflet)
    for number in range(5):
        signed = digest(Post.objects.get(pk=post.pk))
        on = timezone.localdate() - timedelta(days=number)
        post.reviews.create(
            reviewer=make_person(name=f"Dr. {number}"), reviewed_on=on, due_on=on + timedelta(days=365), digest=signed
        )


def _discuss(post: Post) -> None:
    """Sixty threads, each answered by somebody else of the staff, and that answered again."""
    for number in range(60):
        top = make_comment(post, f"Question {number}")
        staff = make_user(f"staff-{number}")
        make_person(name=f"Dr. Staff {number}", user=staff)
        make_comment(post, parent=make_comment(post, parent=top, user=staff))


def test_pages_stay_within_their_number_of_queries(client, full_blog):
    text = client.get("/posts/full/").text
    shown = [
        "Medically reviewed by",
        "To download",
        "References",
        "Corrections",
        "Questions and answers",
        "Related articles",
        "Next article",
    ]
    assert [words for words in shown if words not in text] == []
    spent = {address: _queries(client, address) for address in MOST_QUERIES}
    assert {address: n for address, n in spent.items() if n > MOST_QUERIES[address]} == {}


def _queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code in (200, 410)
    return len(captured)


# What each query of a reply that is sent is for. Whoever adds one adds a line.
OF_A_REPLY = [
    "SELECT ketablog_sitesettings",
    "SELECT posts_post",  # the article
    "INSERT ketablog_tally",  # sent by this client within a minute
    "INSERT ketablog_tally",  # and within an hour
    "SELECT comments_wordlist",
    "SELECT comments_spamtrace",
    "SELECT ketablog_tally",
    "SELECT comments_rulesetting",
    "SELECT comments_learnedword",
    "SELECT comments_ban",
    "SELECT posts_post",  # locked, so that no text comes twice
    "SELECT comments_comment",  # the same text again?
    "INSERT comments_comment",
    "INSERT ketablog_tally",  # taken from this client, and this text
    "SELECT ketablog_user",  # whom to tell
    "SELECT ketablog_tally",  # and who of them is told later anyway
    "SELECT comments_comment",  # on which page it stands
]


def test_a_reply_asks_the_database_for_nothing_twice(client, blog):
    make_site()
    make_mo()
    text = "I read this twice, and the part about sleep was new to me."
    with time_machine.travel(timezone.now(), tick=False):
        # The first is told of at once, and the second later, with those that come after it.
        for number in (1, 2):
            data = reply_data(blog, comment=f"Question {number}")
            assert client.post("/posts/post-3/comments/", data).status_code == 303
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/posts/post-3/comments/", reply_data(blog, comment=text))
    assert answer.status_code == 303
    said = [
        re.match(r"\(?(SELECT|INSERT|UPDATE|DELETE)\b.*?\b(?:FROM|INTO|UPDATE) \"?(\w+)", each["sql"])
        for each in queries
    ]
    assert [f"{found[1]} {found[2]}" for found in said if found] == OF_A_REPLY


@pytest.mark.django_db(transaction=True)
def test_a_reply_is_written_to_the_disk_twice_with_what_was_counted_before_it(client):
    make_site()
    post = make_post(slug="taken")
    with CaptureQueriesContext(connection) as queries:
        assert client.post("/posts/taken/comments/", reply_data(post)).status_code == 303
    assert [each["sql"] for each in queries].count("COMMIT") == 2
