"""No page asks the database once for each row: django-zeal raises where one does."""

import pytest
from django.utils import timezone
from zeal import zeal_context
from zeal.constants import initialize_app_registry
from zeal.patch import patch

from comments.models import Comment, Report
from posts.models import Reference, Tag
from tests.base import make_category, make_comment, make_image, make_mo, make_page, make_person, make_post, make_user

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
    "/admin/comments/comment/?status=all",
    "/admin/comments/report/",
    "/admin/posts/post/",
    "/admin/posts/image/",
    "/admin/posts/person/",
    "/admin/posts/category/",
    "/admin/ketablog/user/",
]


@pytest.mark.parametrize("address", READERS)
def test_a_readers_page(client, blog, address):
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
def test_a_page_of_the_staff(client, blog, address):
    client.force_login(make_user("root", is_superuser=True))
    with zeal_context():
        assert client.get(address).status_code == 200


def test_a_moderators_page_of_one_reply(client, blog):
    client.force_login(make_mo())
    with zeal_context():
        assert client.get(f"/admin/comments/comment/{blog.comments.first().pk}/change/").status_code == 200
