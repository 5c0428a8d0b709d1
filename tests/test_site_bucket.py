"""Media in a bucket instead of a folder: readers and staff find no difference, and never meet its server."""

import tarfile
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from audit.demo_site import free_port
from ketablog import env, roles
from posts.models import Image
from tests.base import make_post, make_user
from tests.buckets import bucket_of_its_own
from tests.pictures import picture
from tests.queue import run_tasks
from tests.running import environment, run

NAME = "KETABLOG_TEST_VALUE"


@pytest.fixture(scope="module")
def server():
    with bucket_of_its_own() as bucket:
        yield bucket


@pytest.fixture
def bucket(server, settings):
    """The site keeps its media in an empty bucket."""
    settings.STORAGES = {**settings.STORAGES, "default": server.storages}
    yield server
    for name in list(default_storage.names()):
        default_storage.delete(name)


@pytest.fixture
def no_bucket(settings):
    """The site keeps its media on a server that is away."""
    pytest.importorskip("boto3")
    options = {"bucket_name": "media", "endpoint_url": f"http://127.0.0.1:{free_port()}", "region_name": "eu-west-1"}
    options |= {"access_key": "only-for-tests", "secret_key": "only-for-tests"}
    backend = {"BACKEND": "ketablog.buckets.MediaBucket", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": backend}


def upload(client, name: str = "chair.png") -> Image:
    client.force_login(make_user("ada", roles.WRITERS))
    form = {"file": picture("PNG", (1400, 900), name=name), "alt": "A chair", "caption": "", "credit": ""}
    assert client.post("/admin/posts/image/upload/", form).status_code == 201
    return Image.objects.get()


@pytest.mark.django_db(transaction=True)
def test_a_picture_goes_into_the_bucket_and_comes_from_our_own_address(client, bucket, settings):
    image = upload(client)
    run_tasks()
    image.refresh_from_db()
    assert image.file.url == f"/media/{image.file.name}"
    assert sorted(default_storage.names()) == sorted(image.file_names)
    assert len(image.file_names) > 3
    assert not Path(settings.MEDIA_ROOT).exists()
    head = default_storage.client.head_object(Bucket=bucket.name, Key=f"blog/{image.file.name}")
    assert head["ContentType"] == "image/webp"
    for name in image.file_names:
        response = Client().get(f"/media/{name}")
        content = response.getvalue()
        assert response.status_code == 200
        assert response.headers["Content-Type"] == f"image/{name.rpartition('.')[2]}"
        assert response.headers["Content-Length"] == str(len(content)) == str(default_storage.size(name))
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies
        assert content
    assert bucket.endpoint not in client.get("/admin/posts/image/").text


@pytest.mark.django_db
def test_what_a_browser_has_already_is_not_sent_again(client, bucket):
    default_storage.keep("images/a.webp", b"a picture")
    first = client.get("/media/images/a.webp")
    first.close()
    again = client.get("/media/images/a.webp", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head("/media/images/a.webp")
    assert (head.status_code, head.headers["Content-Length"]) == (200, "9")
    head.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["images/b.webp", "images/", "x" * 2000, "../secret", "a/../images/a.webp", "%00", "a\\b"]
)
def test_what_is_not_there_is_404(client, bucket, path):
    default_storage.keep("images/a.webp", b"a picture")
    assert client.get(f"/media/{path}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_deleted_picture_leaves_nothing_in_the_bucket(client, bucket):
    image = upload(client)
    run_tasks()
    client.force_login(make_user("meg", roles.SITE_MANAGERS))
    assert client.post(f"/admin/posts/image/{image.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(default_storage.names()) == []


@pytest.mark.django_db
def test_one_card_of_an_article_is_kept_in_the_bucket(client, bucket):
    post = make_post("Sleep", slug="sleep")
    other = make_post("Pain", slug="pain")
    for article in (post, other):
        assert card_of(client, article).content.startswith(b"\x89PNG")
    post.title = "Sleep and rest"
    post.save()
    drawn = card_of(client, post).content
    kept = list(default_storage.names("cards/"))
    assert len(kept) == 2
    name = next(name for name in kept if name.startswith(f"cards/{post.pk}-"))
    with default_storage.open(name) as file:
        assert file.read() == drawn
    assert card_of(client, post).content == drawn


def card_of(client, post):
    page = client.get(f"/posts/{post.slug}/").text
    address = page.partition('property="og:image" content="http://testserver')[2].partition('"')[0]
    response = client.get(address)
    assert response.status_code == 200
    return response


@pytest.mark.django_db
def test_a_name_that_is_taken_is_not_overwritten_by_another_upload(bucket):
    first = default_storage.save("leaflets/a.pdf", picture("PNG", (8, 8)))
    second = default_storage.save("leaflets/a.pdf", picture("PNG", (8, 8)))
    assert first == "leaflets/a.pdf" != second
    assert sorted(default_storage.names("leaflets/")) == sorted([first, second])


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_what_is_in_the_bucket_and_brings_it_back(bucket, tmp_path):
    default_storage.keep("images/a.webp", b"a picture")
    default_storage.keep("site/ä logo.png", b"a logo")
    call_command("back_up", str(tmp_path))
    (file,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        assert archive.extractfile("media/site/ä logo.png").read() == b"a logo"
    default_storage.delete("images/a.webp")
    from ketablog.backups import reading, restoring

    unpacked = tmp_path / "unpacked"
    reading.read(file, unpacked)
    restoring._bring_media(unpacked / "media")
    with default_storage.open("images/a.webp") as kept:
        assert kept.read() == b"a picture"


@pytest.mark.django_db(transaction=True)
def test_a_backup_may_leave_the_media_out_and_says_so(bucket, tmp_path, capsys):
    default_storage.keep("images/a.webp", b"a picture")
    call_command("back_up", str(tmp_path), "--without-media")
    said = capsys.readouterr().out
    assert " and 0 files backed up and verified: " in said
    assert said.endswith(" The media are not in it.\n")


@pytest.mark.django_db
def test_while_the_bucket_is_away_articles_are_read_and_pictures_are_tried_again_later(no_bucket):
    client = Client(raise_request_exception=False)
    post = make_post("Sleep", slug="sleep")
    assert client.get("/posts/sleep/").status_code == 200
    assert card_of(client, post).content.startswith(b"\x89PNG")
    response = client.get("/media/images/a.webp")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    client.force_login(make_user("ada", roles.WRITERS))
    form = {"file": picture("PNG", (64, 48)), "alt": "A chair", "caption": "", "credit": ""}
    assert client.post("/admin/posts/image/upload/", form).status_code == 503
    assert not Image.objects.exists()


def test_the_demo_is_loaded_into_the_bucket_that_the_environment_names(server, tmp_path):
    ours = environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/demo.sqlite3", **server.env)
    for command in (["migrate", "-v0"], ["load_demo", "--quiet"]):
        done = run("manage.py", *command, env=ours)
        assert done.returncode == 0, done.stderr
    asked = "from django.core.files.storage import default_storage as s; print(len(list(s.names('images/'))), s.client)"
    found = run("manage.py", "shell", "--no-imports", "-c", asked, env=ours)
    assert int(found.stdout.split()[0]) > 2, found.stderr
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ("s3://media", ("media", "", None, None)),
        ("s3://my.media-1/blog/x/?region=eu-1", ("my.media-1", "blog/x", None, "eu-1")),
        ("s3://media?endpoint=https://s3.example.org:9000", ("media", "", "https://s3.example.org:9000", None)),
    ],
)
def test_a_bucket_is_named_in_one_address(monkeypatch, value, options):
    monkeypatch.setenv(NAME, value)
    found = env.bucket(NAME)["OPTIONS"]
    assert tuple(found[name] for name in ("bucket_name", "location", "endpoint_url", "region_name")) == options
    assert found["access_key"] is None


def test_without_a_bucket_media_lie_in_a_folder(monkeypatch):
    monkeypatch.setenv(NAME, "")
    assert env.bucket(NAME) == {}


@pytest.mark.parametrize(
    "value",
    [
        "media",
        "https://s3.example.org/media",
        "s3://",
        "s3://Media",
        "s3://key:hush@media",
        "s3://media?endpoint=s3.example.org",
        "s3://media?endpoint=https://key:hush@s3.example.org",
        "s3://media?acl=public",
    ],
)
def test_anything_else_is_refused_without_being_repeated(monkeypatch, value):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must ") as refusal:
        env.bucket(NAME)
    assert "hush" not in str(refusal.value)


def test_a_key_without_its_secret_is_refused(monkeypatch):
    monkeypatch.setenv(NAME, "s3://media")
    monkeypatch.setenv("S3_ACCESS_KEY_ID", "hush")
    with pytest.raises(ImproperlyConfigured, match="Set both S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY") as refusal:
        env.bucket(NAME)
    assert "hush" not in str(refusal.value)
