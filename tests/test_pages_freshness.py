"""What was changed is seen by the next reader of any process, and nothing else empties the store."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as ours
from django.core.cache import caches
from django.db import DatabaseError, OperationalError, connection, transaction

from comments import moderation
from comments.models import Comment
from ketablog.pagecache import freshness, mirrors
from ketablog.pagecache.keeper import LATE, Keeper, next_turn
from ketablog.pagecache.mirrors import FolderMirror, RedisMirror, mirror
from posts.models import Post
from tests.base import make_comment, make_mo, make_post, make_site, reply_data
from tests.fronts import Reader

pytestmark = pytest.mark.usefixtures("own_pages")


@pytest.fixture
def post():
    return make_post("Sleep", slug="sleep")


def test_a_decision_is_seen_by_the_next_reader_of_every_process(post):
    comment, mo = make_comment(post, "I sleep well now.", status="pending"), make_mo()
    readers = [Reader() for _ in range(4)]
    for reader in readers:
        assert "I sleep well now." not in reader.get("/posts/sleep/").text
    assert moderation.approve(comment, by=mo, text_version=1)
    for reader in readers:
        assert "I sleep well now." in reader.get("/posts/sleep/").text
    assert moderation.remove(Comment.objects.get(), by=mo, text_version=1)
    for reader in readers:
        assert "I sleep well now." not in reader.get("/posts/sleep/").text


def test_a_reply_that_waits_leaves_all_pages_as_they_are(post, client):
    make_site()
    before = mirror().version()
    assert client.post("/posts/sleep/comments/", reply_data(post)).status_code == 303
    assert Comment.objects.get().status == "pending"
    assert mirror().version() == before


def test_a_reply_that_is_public_at_once_is_seen_at_once(post, client):
    make_site(moderation_policy="publish_clean")
    reader = Reader()
    reader.get("/posts/sleep/")
    assert client.post("/posts/sleep/comments/", reply_data(post)).status_code == 303
    assert Comment.objects.get().status == "approved"
    assert "I had the same question." in reader.get("/posts/sleep/").text


LABELS = ("ketablog", "posts", "comments")


def all_models():
    return [each for label in LABELS for each in apps.get_app_config(label).get_models(include_auto_created=True)]


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model._meta.label)
def test_whatever_is_written_to_a_public_table_moves_the_version(model):
    is_public = model.__name__ not in apps.get_app_config(model._meta.app_label).never_shown
    before = mirror().version()
    # The statement alone counts, whatever it finds.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE 1 = 0')  # noqa: S608 (our own table)
        assert (mirror().version() is None) == is_public
    assert (mirror().version() != before) == is_public
    assert mirror().version() is not None


@pytest.mark.parametrize(
    "statement",
    [
        "WITH few AS (SELECT 1 AS id) UPDATE posts_tag SET name = 'x' WHERE id IN (SELECT id FROM few) AND 1 = 0",
        "/* by hand */ DELETE FROM posts_tag WHERE 1 = 0",
        "-- by hand\nINSERT INTO posts_tag (name, slug) SELECT name, slug FROM posts_tag WHERE 1 = 0",
        "\n  update posts_tag SET name = 'x' WHERE 1 = 0",
    ],
)
def test_however_a_statement_begins_that_writes_to_a_public_table_it_moves_the_version(statement):
    before = mirror().version()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert mirror().version() not in (None, before)


def test_what_only_reads_leaves_the_version_as_it_is(post):
    before = mirror().version()
    list(Post.objects.filter(title="UPDATE posts_post"))
    with connection.cursor() as cursor:
        cursor.execute("WITH few AS (SELECT id FROM posts_post) SELECT id FROM few")
    assert mirror().version() == before


def test_only_models_that_there_are_are_said_never_to_be_shown():
    said = {(label, name) for label in LABELS for name in apps.get_app_config(label).never_shown}
    assert said <= {(model._meta.app_label, model.__name__) for model in all_models()}


def test_there_is_no_version_from_the_first_statement_to_the_answer(post):
    with transaction.atomic():
        Post.objects.update(title="Rest")
        assert mirror().version() is None
        with transaction.atomic():
            Post.objects.update(title="Peace")
    assert mirror().version() is not None


def test_a_page_made_before_a_change_is_not_stored_as_one_made_after_it(post):
    reader = Reader()
    application = reader.front.application

    def change_meanwhile(environ, start_response):
        answer = list(application(environ, start_response))
        Post.objects.update(title="Rest")
        return answer

    reader.front.application = change_meanwhile
    assert "Sleep" in reader.get("/posts/sleep/").text
    reader.front.application = application
    assert "Rest" in reader.get("/posts/sleep/").text
    assert "Rest" in Reader().get("/posts/sleep/").text


def test_while_something_is_being_changed_pages_are_made_and_not_stored(post):
    reader = Reader()
    with transaction.atomic():
        Post.objects.update(title="Rest")
        reader.get("/posts/sleep/")
        reader.get("/posts/sleep/")
    assert len(reader.asked) == 2
    assert not reader.front.memory.pages


def test_what_is_rolled_back_is_forgotten_by_the_keeper(post, monkeypatch):
    with transaction.atomic():
        Post.objects.update(title="Rest")
        transaction.set_rollback(True)
    assert mirror().version() is None
    Keeper().look()
    assert mirror().version() is None, "It may still be under way."
    monkeypatch.setattr(mirrors, "FORGOTTEN_AFTER", -1)
    Keeper().look()
    assert mirror().version() is not None


def test_two_changes_at_once_are_over_when_the_last_one_is(post):
    before = mirror().version()
    mirror().begin("a")
    mirror().begin("b")
    mirror().done("a")
    assert mirror().version() is None
    mirror().done("b")
    assert mirror().version() not in (None, before)


@pytest.fixture
def keeper():
    """One that has looked once already."""
    keeper = Keeper()
    keeper.look()
    return keeper


def test_the_keeper_leaves_alone_what_was_made_whole(post, keeper):
    Post.objects.update(title="Rest")
    after = mirror().version()
    keeper.look()
    keeper.look()
    assert mirror().version() == after
    assert not freshness.Change.objects.exists()


def test_a_crash_between_commit_and_answer_is_mended(post, keeper, monkeypatch):
    with monkeypatch.context() as crash:
        crash.setattr(freshness._Done, "__call__", lambda self: None)
        Post.objects.update(title="Rest")
    assert mirror().version() is None
    keeper.look()
    assert mirror().version() is None, "It may not be committed yet."
    monkeypatch.setattr(mirrors, "FORGOTTEN_AFTER", -1)
    keeper.look()
    assert mirror().version() is not None
    keeper.look()
    assert not freshness.Change.objects.exists()


def test_a_change_that_the_mirror_never_heard_of_is_found_by_its_row(post, keeper):
    before = mirror().version()
    freshness.Change.objects.create()
    keeper.look()
    assert mirror().version() not in (None, before)
    assert not freshness.Change.objects.exists()


def test_the_folder_of_an_old_version_is_removed_once_nobody_reads_it(post, keeper):
    Reader().get("/posts/sleep/")
    old = ours.PAGES_DIR / mirror().version()
    Post.objects.update(title="Rest")
    Reader().get("/posts/sleep/")
    new = ours.PAGES_DIR / mirror().version()
    keeper.look()
    assert old.exists()
    assert new.exists()
    an_hour_ago = time.time() - 3600
    for folder in (old, new):
        os.utime(folder, (an_hour_ago, an_hour_ago))
    keeper.look()
    assert not old.exists()
    assert new.exists()


def test_old_versions_are_removed_where_no_keeper_runs_too(post):
    reader = Reader()
    reader.get("/posts/sleep/")
    old = ours.PAGES_DIR / mirror().version()
    an_hour_ago = time.time() - 3600
    os.utime(old, (an_hour_ago, an_hour_ago))
    Post.objects.update(title="Rest")
    reader.get("/posts/sleep/")
    wait_beside(reader)
    assert not old.exists()
    assert (ours.PAGES_DIR / mirror().version()).exists()


def wait_beside(reader: Reader) -> None:
    """Until all is done that this process does beside its requests."""
    done = threading.Event()
    reader.front._later(done.set)
    assert done.wait(30)


@pytest.mark.skipif(ours.CACHES["default"]["BACKEND"].endswith("RedisCache"), reason="Redis has a clock of its own.")
def test_a_clock_that_was_set_back_leaves_nothing_under_way_for_hours(post, keeper):
    mirror().begin("a change that never ended")
    tomorrow = time.time() + 86400
    os.utime(ours.PAGES_DIR / "pending" / "a change that never ended", (tomorrow, tomorrow))
    keeper.look()
    assert mirror().version() is not None


# What time alone changes


def test_an_article_that_comes_out_by_itself_is_seen_within_a_second():
    now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False) as clock:
        make_post("Later", slug="later", published=now + timedelta(minutes=5))
        keeper, reader = Keeper(), Reader()
        keeper.look()
        assert "Later" not in reader.get("/").text
        assert next_turn(now) == now + timedelta(minutes=5)
        clock.shift(timedelta(minutes=4))
        keeper.look()
        assert "Later" not in reader.get("/").text
        clock.shift(timedelta(minutes=1))
        keeper.look()
        assert "Later" in reader.get("/").text


def test_an_article_that_comes_out_just_after_it_was_stored_is_seen():
    at = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    with time_machine.travel(at - timedelta(seconds=0.7), tick=False) as clock:
        keeper, reader = Keeper(), Reader()
        keeper.look()
        clock.shift(timedelta(seconds=0.3))
        make_post("Soon", slug="soon", published=at)
        assert "Soon" not in reader.get("/").text
        for _look in range(2):
            clock.shift(timedelta(seconds=1))
            keeper.look()
        assert "Soon" in reader.get("/").text


def test_an_article_that_comes_out_is_seen_where_another_clock_is_a_little_late():
    at = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    with time_machine.travel(at - timedelta(minutes=1), tick=False) as clock:
        make_post("Later", slug="later", published=at)
        keeper, reader = Keeper(), Reader()
        keeper.look()
        clock.move_to(at)
        keeper.look()
        clock.move_to(at - timedelta(seconds=2))
        assert "Later" not in reader.get("/").text
        clock.move_to(at + LATE)
        keeper.look()
        assert "Later" in reader.get("/").text


def test_replies_that_close_by_age_close_on_stored_pages_too():
    now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    make_site(close_after_days=2)
    with time_machine.travel(now, tick=False):
        make_post(published=timedelta(days=2) - timedelta(hours=3))
        assert next_turn(now) == now + timedelta(hours=3)


@pytest.mark.parametrize(
    ("zone", "at"),
    [("UTC", (5, 0, 0)), ("America/New_York", (5, 4, 0)), ("Europe/Berlin", (5, 22, 0))],
)
def test_pages_are_made_anew_when_the_date_turns_here_and_in_utc(zone, at):
    make_site(time_zone=zone)
    day, hour, minute = at
    before = datetime(2026, 5, day, hour, minute, tzinfo=UTC) - timedelta(minutes=1)
    assert next_turn(before) == before + timedelta(minutes=1)


def test_a_worker_that_was_away_begins_with_a_new_version(post):
    before = mirror().version()
    Keeper().look()
    assert mirror().version() not in (None, before)


# Where something is away


def test_while_the_database_is_away_the_last_page_is_shown_and_says_so(post, monkeypatch):
    reader = Reader()
    fresh = reader.get("/posts/sleep/")
    mirror().begin("a change that the database did not survive")
    monkeypatch.setattr(reader.site, "__class__", type("Away", (type(reader.site),), {"__call__": away}))
    stale = reader.get("/posts/sleep/")
    assert (stale.status, stale.body) == (200, fresh.body)
    assert (stale.headers["Ketablog-Stale"], stale.headers["Cache-Control"]) == ("database", "no-cache")
    assert "Ketablog-Stale" not in fresh.headers
    assert reader.get("/archive/").status == 500


def away(self, environ, start_response):
    environ["ketablog.database_away"] = True
    start_response("500 Internal Server Error", [("Content-Type", "text/html")])
    return [b"Away."]


def test_a_page_that_was_changed_since_is_not_shown_again_while_the_database_is_away(post, monkeypatch):
    reader = Reader()
    reader.get("/posts/sleep/")
    Post.objects.update(title="Rest")
    monkeypatch.setattr(reader.site, "__class__", type("Away", (type(reader.site),), {"__call__": away}))
    assert reader.get("/posts/sleep/").status == 500


def test_what_is_made_while_the_site_settings_cannot_be_read_is_not_stored(monkeypatch):
    make_site(name="Harbor Clinic")
    reader = Reader()
    with monkeypatch.context() as away_for_a_moment:
        away_for_a_moment.setattr("ketablog.site._rows", fail_with(OperationalError))
        assert "Harbor Clinic" not in reader.get("/privacy/my-data/").text
    assert "Harbor Clinic" in reader.get("/privacy/my-data/").text
    assert len(reader.asked) == 2


def fail_with(error: type[Exception]):
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("error", [OperationalError, DatabaseError])
def test_only_a_database_that_is_away_makes_pages_stale(post, monkeypatch, error):
    reader = Reader()
    reader.get("/posts/sleep/")
    mirror().begin("a change")
    monkeypatch.setattr("posts.views.related_to", fail_with(error))
    answer = reader.get("/posts/sleep/")
    assert ("Ketablog-Stale" in answer.headers) == (error is OperationalError)


def test_a_folder_that_is_full_fails_nobodys_change(post, monkeypatch, caplog):
    def refuse(self, change: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(mirror()), "begin", refuse)
    Post.objects.update(title="Rest")
    assert Post.objects.get().title == "Rest"
    assert "the version of pages could not be moved" in caplog.text


is_redis = pytest.mark.skipif(
    not ours.CACHES["default"]["BACKEND"].endswith("RedisCache"), reason="The cache is not Redis."
)


@is_redis
def test_with_redis_the_version_is_there(post):
    assert isinstance(mirror(), RedisMirror)
    before = mirror().version()
    Post.objects.update(title="Rest")
    assert mirror().version() not in (None, before)
    caches["default"]._cache.get_client(None).delete(*mirror().keys)
    assert mirror().version() is None
    Keeper().look()
    assert mirror().version() is not None


@is_redis
def test_a_change_is_told_to_redis_though_it_did_not_answer_a_moment_ago(post):
    from ketablog import redis_cache

    before = mirror().version()
    redis_cache.outage.begins()
    try:
        assert mirror().version() is None
        Post.objects.update(title="Rest")
    finally:
        redis_cache.outage.ends()
    assert mirror().version() not in (None, before)


@is_redis
def test_without_redis_there_is_no_version_and_nothing_fails(post, monkeypatch):
    import redis

    nobody = redis.Redis(port=1, socket_connect_timeout=0.1)
    monkeypatch.setattr("ketablog.pagecache.mirrors.caches", {"default": SimpleNamespace(_cache=nobody)})
    nobody.get_client = lambda *args, **kwargs: nobody
    lonely = RedisMirror()
    monkeypatch.setattr(freshness, "mirror", lambda: lonely)
    Post.objects.update(title="Rest")
    assert lonely.version() is None


def test_without_redis_the_folder_holds_the_version():
    if not ours.CACHES["default"]["BACKEND"].endswith("RedisCache"):
        assert isinstance(mirror(), FolderMirror)
        assert os.readlink(ours.PAGES_DIR / "current") == mirror().version()
