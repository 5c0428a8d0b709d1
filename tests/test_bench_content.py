"""Content for measuring: `python -m bench.content`."""

from collections import Counter

import pytest

from bench.content import filling, replies
from bench.content.writing import Author
from comments.models import Comment
from posts.models import Post, Question, Reference, SearchEntry
from tests.base import make_post
from tests.running import environment, run

pytestmark = pytest.mark.django_db


def fill(articles=12, number=90, seed=6, tell=lambda _line: None):
    return filling.fill(articles, number, seed=seed, tell=tell)


def test_pages_of_it_answer_and_the_search_finds_them(client):
    made = fill()

    assert (made.articles, made.replies) == (12, 90)
    assert (Post.objects.count(), Comment.objects.count()) == (12, 90)
    post = Post.objects.get(slug="replies-50")
    page = client.get("/posts/replies-50/").content.decode()
    assert post.title in page.replace("&#x27;", "'")
    assert "50 replies" in page
    for address in ("/", "/posts/replies-0/", "/feed/", "/category/pain/", "/author/writer-1/", "/archive/2020/"):
        assert client.get(address).status_code == 200, address
    word = max(SearchEntry.objects.get(pk=post.pk).title.split(), key=len)
    assert "/posts/replies-50/" in client.get("/search/", {"q": word}).content.decode()


def test_an_article_is_of_about_800_words_with_all_that_belongs_to_it():
    fill(30, 0)

    for post in Post.objects.all():
        assert 800 <= len(post.body.split()) <= 960
        assert post.references.count() >= 3
        assert post.tags.count() == 3
        assert post.cover
        assert post.contents
        assert post.marked
        assert post.search_entry.similar
    assert Question.objects.exists()
    assert Reference.objects.count() == sum(post.reference_count for post in Post.objects.all())


def test_the_named_articles_have_exactly_so_many_replies_all_public():
    fill(10, 1100)

    for number in (0, 50, 1000):
        assert Post.objects.get(slug=f"replies-{number}").comments.approved().count() == number
    assert not Post.objects.filter(slug="replies-100000").exists()
    assert replies.named_within(101_050) == [0, 50, 1_000, 100_000]


def test_the_other_replies_are_spread_unevenly_among_articles_and_statuses():
    shares = replies.shares(Author(1), 200, 110_000)
    assert sum(shares) == 110_000
    assert max(shares[4:]) > 20 * min(shares[4:])

    fill(6, 1049)
    statuses = Counter(Comment.objects.values_list("status", flat=True))
    assert statuses["approved"] > 950
    assert statuses["spam"] > 0
    answers = Comment.objects.filter(parent__isnull=False).select_related("parent", "thread")
    assert 300 < len(answers) < 700
    assert answers.filter(user__isnull=False).exists()
    for answer in answers:
        assert answer.parent.post_id == answer.thread.post_id == answer.post_id
        assert answer.thread_id in (answer.parent.thread_id, answer.parent_id)
        assert answer.thread.parent_id is None


def test_the_same_seed_gives_the_same_content_and_another_one_another():
    def content():
        posts = list(Post.objects.order_by("pk").values_list("pk", "slug", "title", "body_html", "published_at"))
        fields = ("pk", "post", "parent", "thread", "name", "writer", "html", "status", "created_at", "user__username")
        return posts, list(Comment.objects.order_by("pk").values_list(*fields))

    def anew(seed):
        for model in [Comment, Reference, Question, *filling.FILLED]:
            model.objects.all().delete()
        filling.User.objects.all().delete()
        fill(seed=seed)
        return content()

    assert anew(6) == anew(6)
    assert anew(6) != anew(7)


def test_what_comes_later_gets_the_next_number():
    fill(3, 20)
    post = make_post("After all of it")

    assert post.pk == 4
    assert Comment.objects.create(post=post, name="Rita", source="Hello", created_at=post.created_at).pk == 21


def test_it_tells_how_far_it_is():
    told = []
    fill(3, 20, tell=told.append)

    assert "3 of 3 articles" in told
    assert "20 of 20 replies" in told


def test_a_database_that_holds_something_is_left_alone():
    make_post("Ours")

    with pytest.raises(filling.NotEmpty, match="empty"):
        fill()
    assert [post.title for post in Post.objects.all()] == ["Ours"]
    assert not Comment.objects.exists()


def test_a_text_for_a_reply_is_exactly_as_long_as_asked():
    author = Author(3)
    texts = {author.reply_of(500) for _ in range(200)}

    assert {len(text) for text in texts} == {500}
    assert len(texts) == 200


def test_the_command_fills_a_site_once(tmp_path):
    env = environment(tmp_path)
    assert run("manage.py", "migrate", "-v0", env=env).returncode == 0

    first = run("-m", "bench.content", "--articles", "4", "--replies", "60", env=env)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("4 articles, 60 replies and ")
    assert "60 of 60 replies" in first.stderr

    second = run("-m", "bench.content", "--articles", "4", "--replies", "60", "--quiet", env=env)
    assert second.returncode == 1
    assert second.stderr == (
        "This database holds 4 articles; content for measuring goes into an empty one only. "
        "Set DATA_DIR or DATABASE_URL to another, and run manage.py migrate there.\n"
    )


@pytest.mark.parametrize("wrong", [["--articles", "0"], ["--replies", "-1"], ["--articles", "many"]])
def test_a_number_that_is_none_is_refused(wrong, tmp_path):
    refused = run("-m", "bench.content", *wrong, env=environment(tmp_path))

    assert refused.returncode == 2
    assert "error:" in refused.stderr
