"""When the public may read an article: said once for one row and once for many, and the two agree."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from posts.models import Post
from tests.base import make_post, make_user

pytestmark = pytest.mark.django_db
NOW = "2027-02-03T04:05:06Z"
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("published", "withdrawn", "status"),
    [
        (None, None, 404),
        (HOUR, None, 200),
        (timedelta(0), None, 200),
        (-timedelta(microseconds=1), None, 404),
        (-HOUR, None, 404),
        (HOUR * 2, HOUR, 410),
        (HOUR, timedelta(0), 410),
        (-HOUR, timedelta(0), 404),
    ],
)
def test_row_query_and_page_agree(client, published, withdrawn, status):
    with time_machine.travel(NOW, tick=False):
        now = timezone.now()
        post = make_post(
            slug="sleep",
            published=None if published is None else now - published,
            withdrawn_at=None if withdrawn is None else now - withdrawn,
        )
        assert post.is_published is Post.objects.published().exists() is (status == 200)
        assert Post.objects.hidden().exists() is not post.is_published
        assert client.get("/posts/sleep/").status_code == status
        for address in ("/", "/feed/", "/feed/atom/", "/sitemap.xml"):
            assert ("/posts/sleep/" in client.get(address).text) is (status == 200), address


def test_a_scheduled_article_appears_by_itself(client):
    with time_machine.travel(NOW, tick=False) as clock:
        make_post(slug="sleep", published=timezone.now() + HOUR)
        assert client.get("/posts/sleep/").status_code == 404
        clock.shift(HOUR)
        assert client.get("/posts/sleep/").status_code == 200


def test_a_withdrawn_article_offers_others_and_keeps_its_words_to_itself(client):
    make_post("Gone for good", slug="gone", body="<p>old words</p>", withdrawn_at=timezone.now())
    make_post("Still here", slug="here")
    response = client.get("/posts/gone/")
    assert response.status_code == 410
    assert "Still here" in response.text
    assert "old words" not in response.text


def test_staff_read_a_draft_at_its_own_address_and_it_is_kept_by_no_cache(client):
    make_post("Not ready", slug="draft", published=None)
    client.force_login(make_user("ada", "Writers"))
    response = client.get("/posts/draft/")
    assert response.status_code == 200
    assert "Not ready" in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert client.post("/posts/draft/comments/", {"comment": "x"}).status_code == 404
