"""A prepared query answers as the plain one does, and its SQL is made once."""

from datetime import timedelta

import pytest
from django.db.models import F, Q
from django.db.models.lookups import In
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
