"""`import_article` puts a file's article into the blog."""

import pytest
from django.core.management import CommandError, call_command

from posts.models import Person, Post
from tests.base import make_person, make_site

pytestmark = pytest.mark.django_db

SAMPLE = """How to sleep after an infusion

How to sleep after an infusion

Many people sleep well. Some do not.

A dark room helps

Close the curtains, and let the phone rest.

Ask your clinic what is right for you.

Share this post

Leave a Reply

Your email address will not be published. Required fields are marked *
"""


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sleep.txt"
    path.write_text(SAMPLE, encoding="utf-8")
    return path


def run(capsys, *args: str) -> list[str]:
    call_command("import_article", *args)
    return capsys.readouterr().out.strip().splitlines()


def test_a_copied_page_becomes_a_draft_and_its_address_is_printed_last(client, sample, capsys):
    lines = run(capsys, str(sample))
    post = Post.objects.get()
    assert lines[-1] == "http://testserver/posts/how-to-sleep-after-an-infusion/"
    assert "as a draft" in lines[0]
    assert (post.title, post.published_at) == ("How to sleep after an infusion", None)
    assert post.body_html.count("<h2 ") == 1
    for furniture in ("Share this post", "Leave a Reply", "How to sleep after", "Required fields"):
        assert furniture not in post.body_html
    assert client.get("/posts/how-to-sleep-after-an-infusion/").status_code == 404


def test_publish_shows_it_to_readers(client, sample, capsys):
    run(capsys, str(sample), "--publish")
    text = client.get("/posts/how-to-sleep-after-an-infusion/").text
    assert "A dark room helps" in text
    assert "Ask your clinic what is right for you." in text


def test_without_a_writer_it_stands_under_the_name_of_the_blog(sample, capsys):
    make_site(name="Harbor Clinic")
    run(capsys, str(sample))
    run(capsys, str(sample))
    assert Post.objects.filter(writer__name="Harbor Clinic").count() == 2
    assert Person.objects.count() == 1
    assert Post.objects.filter(slug="how-to-sleep-after-an-infusion-2").exists()


def test_a_writer_can_be_named(sample, capsys):
    ada = make_person()
    run(capsys, str(sample), "--writer", ada.slug)
    assert Post.objects.get().writer == ada


@pytest.mark.parametrize("name", ["missing.txt", "sheet.xlsx", "empty.txt", "folder"])
def test_what_cannot_be_read_is_one_sentence_and_changes_nothing(tmp_path, name):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "sheet.xlsx").write_bytes(b"PK")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CommandError, match=r"^[^\n]+$"):
        call_command("import_article", str(tmp_path / name))
    assert not Post.objects.exists()
    assert not Person.objects.exists()


def test_an_unknown_writer_is_one_sentence_and_changes_nothing(sample):
    with pytest.raises(CommandError, match="no person with the slug"):
        call_command("import_article", str(sample), "--writer", "nobody")
    assert not Post.objects.exists()
