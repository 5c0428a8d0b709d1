"""The demo can be loaded twice and removed without a trace, and touches nothing of the clinic's own."""

import re

import pytest
from django.core.management import call_command

from comments.models import Comment, QuestionOrigin, Report
from ketablog.demo import DemoRow
from ketablog.models import SiteSettings, User
from posts.models import Category, Image, Page, Person, Post, Question, Tag
from tests.base import make_category, make_comment, make_page, make_post, make_site

pytestmark = pytest.mark.django_db
MODELS = [
    Post,
    Comment,
    Question,
    QuestionOrigin,
    Report,
    Page,
    Category,
    Tag,
    Person,
    Image,
    User,
    SiteSettings,
    DemoRow,
]


@pytest.fixture(autouse=True)
def _quick_covers(monkeypatch):
    """Drawing in full size takes seconds; the size is not what is looked at here."""
    monkeypatch.setattr("posts.demo.loading.COVER_SIZE", (160, 90))


def load(capsys) -> str:
    call_command("load_demo", "--quiet")
    return capsys.readouterr().out


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


def test_the_demo_shows_all_that_the_blog_can_do(client, capsys):
    load(capsys)
    assert Post.objects.published().count() >= 6
    assert all(post.references.exists() for post in Post.objects.published())
    assert set(Comment.objects.values_list("status", flat=True)) == set(Comment.Status.values)
    assert Comment.objects.count() >= 30
    assert Comment.objects.filter(parent__parent__parent__isnull=False).exists()
    assert Comment.objects.filter(pinned_at__isnull=False).exists()
    assert Report.objects.unsettled().exists()
    question = Question.objects.get()
    assert (question.answered_by.credentials, question.is_shown) == ("MPH", True)
    assert question.question in client.get(question.post.get_absolute_url()).text.replace("&quot;", '"')
    assert User.objects.count() == 3
    settings_row = SiteSettings.objects.get()
    assert settings_row.clinic_phone in settings_row.contact.splitlines()
    for address in ("/", "/about/", "/privacy/", "/feed/", "/comments/feed/", "/sitemap.xml"):
        assert client.get(address).status_code == 200, address
    for post in Post.objects.published():
        assert client.get(post.get_absolute_url()).status_code == 200


def test_the_passwords_are_random_and_printed_once(client, capsys):
    out = load(capsys)
    found = re.findall(r"as (\w+) with the password (\S+)", out)
    assert {username for username, _password in found} == {"admin", "writer", "moderator"}
    for username, password in found:
        assert client.login(username=username, password=password, request=client.get("/").wsgi_request)
    assert "password" not in load(capsys)


def test_a_second_run_makes_only_what_is_missing(capsys):
    load(capsys)
    before = counts()
    assert load(capsys).startswith("0 demo rows loaded.")
    assert counts() == before
    Post.objects.order_by("pk").first().delete()
    assert not load(capsys).startswith("0 ")
    assert counts()[0] == before[0]


def test_removing_it_leaves_what_was_there_before(capsys):
    make_site(name="Our clinic")
    make_comment(make_post(category=make_category("Research")))
    make_page("about")
    make_category("Chronic pain", slug="chronic-pain")
    before = counts()
    load(capsys)
    call_command("remove_demo")
    assert counts() == before
    assert SiteSettings.objects.get().name == "Our clinic"


def test_what_readers_added_stays(capsys):
    load(capsys)
    post = Post.objects.published().first()
    own = make_comment(post, "From a real reader.")
    call_command("remove_demo")
    assert Comment.objects.filter(pk=own.pk).exists()
    assert re.search(r"\d+ kept because", capsys.readouterr().out)
    assert Post.objects.filter(pk=post.pk).exists()
    own.delete()
    call_command("remove_demo")
    assert not Post.objects.exists()
    assert not DemoRow.objects.exists()
