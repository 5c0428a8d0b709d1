"""A prepared query answers as the plain one does, and its SQL is made once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.lookups import In
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ketablog.prepared import Prepared
from posts.models import Post
from tests.base import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def slugs():
    return [make_post(slug=f"post-{number}", published=timedelta(days=number)).slug for number in range(4)]


def test_each_asking_has_its_own_values(slugs):
    asked = Prepared(lambda slug, now: Post.objects.published(now).filter(slug=slug))
    now = timezone.now()
    assert [post.slug for post in asked("post-1", now)] == ["post-1"]
    assert [post.slug for post in asked("post-2", now)] == ["post-2"]
    assert list(asked("post-2", now - timedelta(days=30))) == []
    assert list(asked("post-9", now)) == []


def test_the_sql_is_made_once_for_each_shape_of_the_values(slugs):
    made = []

    @Prepared
    def among(pks, slug, *, backwards):
        made.append(len(pks))
        posts = Post.objects.filter(Q(In(F("pk"), pks)) | Q(slug=slug) if slug else Q(In(F("pk"), pks)))
        return posts.order_by("-slug" if backwards else "slug")

    pks = list(Post.objects.order_by("slug").values_list("pk", flat=True))
    for _ in range(2):
        assert [post.slug for post in among(pks[:2], None, backwards=False)] == ["post-0", "post-1"]
        assert [post.slug for post in among(pks[1:3], None, backwards=False)] == ["post-1", "post-2"]
        assert [post.slug for post in among(pks[:2], "post-3", backwards=True)] == ["post-3", "post-1", "post-0"]
        assert [post.slug for post in among(pks[:1], None, backwards=False)] == ["post-0"]
        assert list(among([], None, backwards=False)) == []
    assert made == [2, 2, 1, 0]


def test_long_lists_share_the_sql_of_a_longer_one(slugs):
    made = []

    @Prepared
    def among(pks):
        made.append(len(pks))
        return Post.objects.filter(pk__in=pks).order_by("slug").values_list("slug", flat=True)

    pks = list(Post.objects.order_by("slug").values_list("pk", flat=True))
    for length in range(4, 67):
        others = [-number for number in range(1, length - 2)]
        assert list(among([*others, *pks[1:4]][:length])) == slugs[1:4], length
    assert made == [4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80]


def test_a_list_a_value_and_nothing_are_never_taken_for_each_other(slugs):
    @Prepared
    def picked(which):
        posts = Post.objects.order_by("slug")
        if which is None:
            return posts
        return posts.filter(slug__in=which) if isinstance(which, list) else posts.filter(slug=which)

    assert [post.slug for post in picked(["post-3"])] == ["post-3"]
    assert [post.slug for post in picked(None)] == slugs
    assert list(picked([])) == []
    assert [post.slug for post in picked("post-2")] == ["post-2"]


def test_columns_alone_and_what_belongs_to_the_rows_come_as_from_a_plain_query(slugs):
    names = Prepared(lambda slug: Post.objects.filter(slug=slug).values_list("slug", "writer__name"))
    assert list(names("post-3")) == [("post-3", "Ada Writer")]
    whole = Prepared(lambda slug: Post.objects.for_page().filter(slug=slug))
    plain = Post.objects.for_page().get(slug="post-3")
    (prepared,) = whole("post-3")
    assert vars(prepared).keys() == vars(plain).keys()
    assert (prepared.writer, list(prepared.tags.all())) == (plain.writer, [])


def test_an_answer_is_compared_and_its_rows_are_made_of_just_that(slugs, django_assert_num_queries):
    asked = Prepared(lambda now: Post.objects.published(now).for_feed().order_by("slug"))
    now = timezone.now()
    said, posts = asked.answer(now)
    Post.objects.filter(slug="post-1").update(title="Changed")
    with django_assert_num_queries(0):
        assert [post.slug for post in posts] == slugs
        assert "Changed" not in [post.title for post in posts]
    assert asked.answer(now - timedelta(days=30))[0] == ()
    assert asked.answer(now)[0] not in (said, ())
    Post.objects.filter(slug="post-1").update(title=posts[1].title)
    assert asked.answer(now)[0] == said


def test_a_text_is_a_value_and_never_sql(slugs):
    asked = Prepared(lambda slug: Post.objects.filter(slug=slug))
    assert list(asked("' OR 1=1 --")) == []
    assert list(asked("%s")) == []


def test_nothing_one_value_and_a_list_of_one_are_asked_each_in_a_way_of_its_own(slugs):
    @Prepared
    def asked(slug):
        if slug is None:
            return Post.objects.none()
        return Post.objects.filter(slug__in=slug) if isinstance(slug, list) else Post.objects.filter(slug=slug)

    assert [[post.slug for post in asked(slug)] for slug in ("post-1", ["post-2"], None, [])] == [
        ["post-1"],
        ["post-2"],
        [],
        [],
    ]


def test_what_is_fetched_beside_the_rows_comes_with_them(slugs, django_assert_num_queries):
    Post.objects.get(slug="post-1").corrections.create(text="It said nine hours.")
    asked = Prepared(lambda slug: Post.objects.filter(slug=slug).prefetch_related("corrections"))
    for _ in range(2):
        with django_assert_num_queries(2):
            assert [[row.text for row in post.corrections.all()] for post in asked("post-1")] == [
                ["It said nine hours."]
            ]


def test_several_querysets_in_one_are_asked_together(slugs):
    @Prepared
    def either(one, other, since):
        posts = Post.objects.order_by().filter(published_at__gte=since)
        return posts.filter(slug=one).union(posts.filter(slug=other)).order_by("slug").values_list("slug", flat=True)

    long_ago = timezone.now() - timedelta(days=30)
    assert list(either("post-3", "post-0", long_ago)) == ["post-0", "post-3"]
    assert list(either("post-1", "nowhere", long_ago)) == ["post-1"]
    assert list(either("post-1", "post-2", timezone.now())) == []


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_held_is_held_until_the_transaction_ends():
    pk = make_post().pk
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        assert Post.objects.lock(pk)
        assert not Post.objects.lock(0)
    said = " ".join(each["sql"] for each in queries)
    assert ("FOR NO KEY UPDATE" in said) == (connection.vendor == "postgresql")
