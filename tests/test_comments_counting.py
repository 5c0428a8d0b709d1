"""The database keeps how many replies and threads of an article readers see, whoever writes them."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.test.utils import CaptureQueriesContext

from comments import moderation, reply_counts
from comments.models import Comment, ReplyCount
from comments.undoing import former
from posts.models import Post
from tests.base import make_comment, make_mo, make_post

pytestmark = pytest.mark.django_db


def counted() -> dict[int, tuple[int, int]]:
    rows = ReplyCount.objects.exclude(replies=0, threads=0)
    return {row.pk: (row.replies, row.threads) for row in rows}


def there_are() -> dict[int, tuple[int, int]]:
    threads = Count(Coalesce("thread", "pk"), distinct=True)
    rows = Comment.objects.approved().order_by().values_list("post").annotate(Count("pk"), threads=threads)
    return {post: (replies, threads) for post, replies, threads in rows}


def test_a_decision_changes_them_in_its_own_transaction(client):
    post, mo = make_post(slug="harbor"), make_mo()
    top = make_comment(post, status="pending")
    answer = make_comment(post, parent=top, status="pending")
    assert counted() == {}
    moderation.approve(answer, by=mo, text_version=1)
    assert counted() == {post.pk: (1, 1)}
    moderation.approve(top, by=mo, text_version=1)
    assert counted() == {post.pk: (2, 1)}
    assert "2 replies" in client.get("/posts/harbor/").text


def test_threads_come_and_go_with_their_replies():
    post = make_post()
    tops = [make_comment(post) for _ in range(3)]
    for top in tops:
        make_comment(post, parent=make_comment(post, parent=top))
    assert counted() == {post.pk: (9, 3)}
    Comment.objects.filter(parent=None).update(status="removed")
    assert counted() == {post.pk: (6, 3)}
    Comment.objects.filter(thread=tops[0]).update(status="spam")
    assert counted() == {post.pk: (4, 2)}
    Comment.objects.filter(post=post).update(status="approved")
    assert counted() == {post.pk: (9, 3)}
    tops[1].delete()
    assert counted() == {post.pk: (6, 2)}
    post.delete()
    assert ReplyCount.objects.count() == 0


@pytest.mark.parametrize("seed", range(5))
def test_they_are_right_after_any_changes(seed):
    dice = random.Random(seed)  # noqa: S311 (the same each time)
    posts = [make_post() for _ in range(2)]
    for _ in range(40):
        chosen = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
        some = Comment.objects.filter(pk__in=dice.sample(chosen, min(len(chosen), dice.randint(1, 4))))
        act = dice.randrange(4)
        if act < 2 or not chosen:
            post = dice.choice(posts)
            parent = dice.choice([None, *post.comments.all()])
            make_comment(post, parent=parent, status=dice.choice(Comment.Status.values))
        elif act == 2:
            some.update(status=dice.choice(Comment.Status.values))
        elif dice.random() < 0.3:
            some.delete()
        assert counted() == there_are()


def test_triggers_that_a_migration_lost_are_made_again_and_all_is_counted():
    with connection.cursor() as cursor:
        on = " ON comments_comment" if connection.vendor == "postgresql" else ""
        for name in reply_counts.TRIGGERS[connection.vendor][0]:
            cursor.execute(f"DROP TRIGGER {name}{on}")
    post = make_post()
    top = make_comment(post)
    assert counted() == {}
    reply_counts.prepare(connection)
    assert counted() == {post.pk: (1, 1)}
    make_comment(post, parent=top)
    assert counted() == there_are() == {post.pk: (2, 1)}


def test_counting_again_mends_what_somebody_wrote_by_hand():
    post = make_post()
    make_comment(post)
    ReplyCount.objects.update(replies=7, threads=7)
    call_command("count_comments", "--again", stdout=StringIO())
    assert counted() == {post.pk: (1, 1)}


def test_a_wrong_number_keeps_no_reply_from_being_taken_off():
    post, mo = make_post(), make_mo()
    replies = [make_comment(post) for _ in range(2)]
    ReplyCount.objects.update(replies=0, threads=0)
    assert moderation.remove(replies[0], by=mo, text_version=1)
    replies[1].delete()
    assert counted() == {}


def test_a_page_finds_its_threads_by_an_index_and_counts_no_replies_of_the_article(client):
    post = make_post(slug="harbor")
    make_comment(post)
    with CaptureQueriesContext(connection) as captured:
        client.get("/posts/harbor/")
    (tops,) = [query["sql"] for query in captured if "replycount" in query["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + tops.replace("%", "%%"))
        else:
            cursor.execute("EXPLAIN QUERY PLAN " + tops.replace("%", "%%"))
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "Seq Scan on comments_comment" not in plan
    assert connection.vendor == "postgresql" or "comment_of_post" in plan
    # The only replies that are counted are the answers in a thread.
    assert tops.count("COUNT(") == 1


def meanwhile(act: Callable[[], object]) -> None:
    """Somebody else does this to its end, while our own transaction is open. Raises where that would have to wait."""

    def run() -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '2s'")
                act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


is_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time.")


@is_postgresql
@pytest.mark.django_db(transaction=True)
def test_who_publishes_the_first_reply_does_not_wait_for_a_reader_who_sends_one():
    waiting = make_comment(make_post(), status="pending")
    with transaction.atomic():
        Post.objects.lock(waiting.post_id)
        meanwhile(lambda: Comment.objects.update(status="approved"))
        make_comment(waiting.post)
    assert counted() == there_are() == {waiting.post_id: (2, 2)}


@is_postgresql
@pytest.mark.django_db(transaction=True)
def test_who_answers_a_reply_does_not_wait_for_who_decides_about_it():
    top = make_comment(make_post())
    with transaction.atomic():
        former.Before.of(top, changes_text=False)
        meanwhile(lambda: make_comment(top.post, parent=top))
        Comment.objects.filter(pk=top.pk).update(status="removed")
    assert counted() == there_are() == {top.post_id: (1, 1)}
