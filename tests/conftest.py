import os

import pytest
from django.core import mail
from hypothesis import settings as hypothesis_settings

from audit.chromium import MISSING, chromium, find_chromium
from ketablog import roles
from ketablog.pagecache import freshness
from ketablog.pagecache.mirrors import RedisMirror, mirror
from posts.models import Post, Tag
from posts.publishing import settle
from tests.base import make_post, make_user
from tests.post_office import PostOffice
from tests.queue import run_tasks

# How long something takes is measured by benchmarks, not by tests on a busy machine.
hypothesis_settings.register_profile("ketablog", deadline=None)
hypothesis_settings.load_profile("ketablog")


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Uploads of a test end with it."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Django's own hash takes a third of a second for each member of staff that a test makes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def own_pages(settings, tmp_path, transactional_db):
    """No stored pages, and a version of them that no other test moves."""
    settings.PAGES_DIR = tmp_path / "pages"
    mirror.cache_clear()
    if isinstance(mirror(), RedisMirror):
        mirror().client.delete(*mirror().keys)
    freshness.renew()
    yield
    mirror.cache_clear()


@pytest.fixture
def meg(client):
    """Meg manages the site, and is signed in."""
    meg = make_user("meg", roles.SITE_MANAGERS)
    client.force_login(meg)
    return meg


@pytest.fixture
def put(django_capture_on_commit_callbacks):
    """Stores an article as an editor would: with its tags, and all that follows once it holds."""

    def store(title: str | None = None, *, tags: tuple[str, ...] = (), **fields) -> Post:
        with django_capture_on_commit_callbacks(execute=True):
            post = make_post(title, **fields)
            post.tags.set(Tag.objects.get_or_create(name=name)[0] for name in tags)
            settle(post)
        return post

    return store


@pytest.fixture(scope="session")
def browser():
    """One browser a test process; the test is skipped where there is no Chromium."""
    if find_chromium() is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, live_server, request):
    """A fresh browser page on the live server; any console error or blocked request fails the test.

    `@pytest.mark.parametrize("page", [False], indirect=True)` gives one without scripts.
    """
    context = browser.new_context(base_url=live_server.url, java_script_enabled=getattr(request, "param", True))
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.expected_complaints = []
    yield page
    context.close()
    unexpected = [c for c in complaints if not any(words in c for words in page.expected_complaints)]
    assert unexpected == []


@pytest.fixture
def mails(db):
    """The mails sent so far: runs what waits in the queue, then gives the outbox."""

    def sent() -> list[mail.EmailMessage]:
        run_tasks()
        return mail.outbox

    return sent


@pytest.fixture
def post_office(db, settings):
    """A real mail server that this site sends to."""
    office = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.controller.port
    office.controller.start()
    yield office
    office.controller.stop()
