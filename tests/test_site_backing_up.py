"""A backup is one file with all that the site needs but its keys, and a restored site is the one that was backed up."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from comments.models import Comment
from comments.own import changes
from posts.models import Post
from tests.base import make_comment, make_post, make_user
from tests.databases import ON_POSTGRESQL, another_database, select
from tests.running import ROOT, environment, run

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        ON_POSTGRESQL and not (shutil.which("pg_dump") and shutil.which("pg_restore")),
        reason="pg_dump and pg_restore are not here: apt-get install postgresql-client",
    ),
]
DATABASE = "database.pgdump" if ON_POSTGRESQL else "database.sqlite3"


@pytest.fixture(autouse=True)
def alone(transactional_db, tmp_path):
    """A database that no other thread has open, such as one that answered a browser in an earlier test."""
    if ON_POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        yield
        return
    shared, own = connection.settings_dict["NAME"], tmp_path / "alone.sqlite3"
    with closing(sqlite3.connect(shared)) as source, closing(sqlite3.connect(own)) as copy:
        source.backup(copy)
    connections.close_all()
    connection.settings_dict["NAME"] = str(own)
    yield
    connections.close_all()
    connection.settings_dict["NAME"] = shared


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def media(settings):
    """Two files that were uploaded, one in a folder of its own."""
    root = Path(settings.MEDIA_ROOT)
    for name, content in {"images/a.webp": b"a picture", "site/ä logo.png": b"a logo"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def back_up(folder) -> Path:
    """Through the command; the file it names."""
    out = StringIO()
    call_command("back_up", str(folder), stdout=out)
    assert len(out.getvalue().splitlines()) == 1
    return Path(out.getvalue().strip().rpartition(": ")[2])


def restore(file, *options: str) -> str:
    out = StringIO()
    call_command("restore", str(file), *options, stdout=out)
    return out.getvalue()


def refusal_of(command: str, *arguments: object) -> str:
    """The one sentence with which a command ends."""
    with pytest.raises(CommandError) as refusal:
        call_command(command, *map(str, arguments), stdout=StringIO())
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def members(file) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def pack(file, contents: dict[str, bytes | tarfile.TarInfo]) -> Path:
    """An archive made by somebody else."""
    with tarfile.open(file, "w:gz") as archive:
        for name, content in contents.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file


def repack(file, **fields) -> Path:
    """The same backup, with other fields in its manifest."""
    contents = members(file)
    contents["manifest.json"] = json.dumps(json.loads(contents["manifest.json"]) | fields).encode()
    return pack(file.with_name("repacked.tar.gz"), contents)


# Backing up


def test_a_backup_is_one_file_for_its_owner_alone_and_says_what_is_in_it(folder, media):
    make_comment(make_post("Sleep"))
    with time_machine.travel("2027-03-01T23:59:58+01:00", tick=False):
        file = back_up(folder)
    assert [path.name for path in folder.iterdir()] == ["ketablog-2027-03-01T225958Z.tar.gz"]
    assert file.stat().st_mode & 0o777 == 0o600
    held = members(file)
    assert [name for name in held if "/" not in name] == [DATABASE, "manifest.json"]
    assert (held["media/images/a.webp"], held["media/site/ä logo.png"]) == (b"a picture", b"a logo")
    about = json.loads(held["manifest.json"])
    assert about["made_at"] == "2027-03-01T22:59:58+00:00"
    assert (about["engine"], about["version"]) == (connection.vendor, "0.1.0")
    assert about["rows"]["comments_comment"] == 1
    assert "comments.0001_initial" in about["migrations"]
    assert set(about["files"]) == set(held) - {"manifest.json"}


def test_a_backup_holds_no_keys_no_address_in_clear_and_nobodys_session(folder, media, client):
    make_comment(make_post("Sleep"), email="canary-7f3a@secret.example")
    client.force_login(make_user("meg"))
    session = client.session.session_key
    (Path(django_settings.MEDIA_ROOT) / "link.env").symlink_to(folder / "elsewhere")
    held = members(back_up(folder))
    database = held[DATABASE]
    if ON_POSTGRESQL:
        (folder / DATABASE).write_bytes(database)
        dump = ["pg_restore", "--file=-", str(folder / DATABASE)]
        database = subprocess.run(dump, check=True, capture_output=True).stdout
    everything = database + b"".join(held.values())
    assert b"Thank you for this." in everything
    for secret in (django_settings.SECRET_KEY, *django_settings.EMAIL_KEYS.values(), "canary-7f3a", session):
        assert secret.encode() not in everything
    assert "django_session" not in json.loads(held["manifest.json"])["rows"]
    assert "media/link.env" not in held


def test_what_is_written_during_a_backup_is_in_it_wholly_or_not_at_all(folder):
    post = make_post("Sleep")
    begun, enough = threading.Event(), threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        try:
            while not enough.is_set():
                comment = make_comment(post, f"Reply {written}")
                make_comment(post, f"Answer {written}", parent=comment)
                written += 1
                begun.set()
        finally:
            begun.set()
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(30)
    try:
        file = back_up(folder)
    finally:
        enough.set()
        writer.join()
    before = Comment.objects.count()
    counted = json.loads(members(file)["manifest.json"])["rows"]["comments_comment"]
    assert 1 <= counted <= before == 2 * written
    make_comment(post, "After the backup.")
    restore(file, "--replace")
    in_order = [text for number in range(written) for text in (f"Reply {number}", f"Answer {number}")]
    assert list(Comment.objects.order_by("pk").values_list("source", flat=True)) == in_order[:counted]


@pytest.mark.parametrize("place", ["nowhere", "media"])
def test_a_folder_that_is_not_there_or_is_public_is_refused(place, folder, media):
    target = media if place == "media" else folder / "nowhere"
    sentence = refusal_of("back_up", target)
    assert ("can be read by everybody" if place == "media" else "There is no folder") in sentence
    assert list(folder.iterdir()) == []


def test_a_disk_that_is_full_is_told_and_nothing_is_left(tmp_path, folder):
    # No file may be larger than 64 KB.
    limited = f"ulimit -f 64; exec {sys.executable} manage.py back_up {folder}"
    env = environment(tmp_path, DATABASE_URL=database_of_tests())
    done = subprocess.run(["bash", "-c", limited], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: ")
    assert len(done.stderr.splitlines()) == 1
    assert list(folder.iterdir()) == []


def database_of_tests() -> str:
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])
    return url._replace(path=f"/{name}").geturl() if ON_POSTGRESQL else f"sqlite:///{name}"


def test_the_second_backup_of_a_second_leaves_the_first_alone(folder):
    with time_machine.travel("2027-03-01T12:00:00+00:00", tick=False):
        file = back_up(folder)
        before = file.read_bytes()
        assert "is there already" in refusal_of("back_up", folder)
    assert file.read_bytes() == before


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite needs no program")
def test_a_missing_pg_dump_is_told(folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))
    assert "apt-get install postgresql-client" in refusal_of("back_up", folder)


# Restoring


def test_a_backup_comes_up_on_another_machine(tmp_path, folder, media):
    post = make_post("Sleep", slug="sleep")
    make_comment(post, "Thank you.", email="rita@example.org")
    file = back_up(folder)
    other = tmp_path / "other"
    other.mkdir()
    keys = f"t1:{django_settings.EMAIL_KEYS['t1']}"
    with another_database(other) as url:
        env = environment(other, DATABASE_URL=url, EMAIL_KEYS=keys)
        done = run("manage.py", "restore", str(file), env=env)
        assert (done.returncode, done.stderr) == (0, "")
        assert " rows and 2 files of " in done.stdout
        assert done.stdout.endswith(" restored, 0 erasures applied again\n")
        assert select(url, "SELECT source FROM comments_comment") == [("Thank you.",)]
        assert (other / "media" / "site" / "ä logo.png").read_bytes() == b"a logo"
        again = run("manage.py", "restore", str(file), env=env)
        assert again.returncode == 1
        assert "add --replace" in again.stderr
        assert sorted(path.name for path in other.iterdir() if path.name[0] == ".") == []
        read = "from comments.models import Comment; print(Comment.objects.get().email)"
        assert run("manage.py", "shell", "-v0", "-c", read, env=env).stdout == "rita@example.org\n"


def test_a_restored_site_is_as_it_was_and_the_former_database_is_gone(folder, media):
    make_comment(make_post("Sleep", slug="sleep"), "Before.")
    file = back_up(folder)
    Comment.objects.update(source="After.")
    make_post("Pain")
    (media / "images" / "a.webp").unlink()
    (media / "images" / "b.webp").write_bytes(b"later")
    assert restore(file, "--replace").endswith(" restored, 0 erasures applied again\n")
    assert [comment.source for comment in Comment.objects.all()] == ["Before."]
    assert list(Post.objects.values_list("slug", flat=True)) == ["sleep"]
    assert (media / "images" / "a.webp").read_bytes() == b"a picture"
    assert (media / "images" / "b.webp").read_bytes() == b"later"
    make_comment(Post.objects.get(), "A new one gets a number of its own.")
    if not ON_POSTGRESQL:
        place = Path(connection.settings_dict["NAME"])
        assert list(place.parent.glob(f"{place.name}.*")) == []


def test_what_was_erased_since_the_backup_is_erased_again(folder):
    post = make_post("Sleep")
    first, second, third = (make_comment(post, f"Canary {number}") for number in (1, 2, 3))
    old = back_up(folder)
    erase(first)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        back_up(folder)
    erase(second)
    assert restore(old, "--replace").endswith(" restored, 2 erasures applied again\n")
    assert texts() == {first.pk: "", second.pk: "", third.pk: "Canary 3"}


def test_where_the_database_is_lost_the_file_beside_the_backups_tells_what_was_erased(folder):
    post = make_post("Sleep")
    first, second = make_comment(post, "Canary 1"), make_comment(post, "Canary 2")
    old = back_up(folder)
    erase(first)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        back_up(folder)
    lines = (folder / "erasures.jsonl").read_text().splitlines()
    entry = json.loads(lines[0])
    assert (len(lines), entry["ledger"], entry["entry"]["reply"]) == (1, "comments.ledger", first.pk)
    assert (folder / "erasures.jsonl").stat().st_mode & 0o777 == 0o600
    Comment.objects.all().delete()
    assert restore(old, "--replace").endswith(" restored, 1 erasures applied again\n")
    assert texts() == {first.pk: "", second.pk: "Canary 2"}
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        back_up(folder)
    assert (folder / "erasures.jsonl").read_text().splitlines() == lines


def test_an_odd_line_in_the_file_of_erasures_stops_the_restore(folder):
    make_post("Sleep")
    file = back_up(folder)
    (folder / "erasures.jsonl").write_text('{"ledger": "a", "entry": 1}\nnonsense\n')
    make_post("Pain")
    assert "Line 2 of" in refusal_of("restore", file, "--replace")
    assert Post.objects.count() == 2


def erase(comment) -> None:
    changes.withdraw(comment)


def texts() -> dict[int, str]:
    return dict(Comment.objects.values_list("pk", "source"))


def test_a_wrong_entry_brings_the_former_database_back(folder):
    make_comment(make_post("Sleep"), "Before.")
    file = back_up(folder)
    Comment.objects.update(source="After.")
    (folder / "erasures.jsonl").write_text('{"ledger": "comments.ledger", "entry": {"unknown": 1}}\n')
    assert "This is no entry of the ledger of erased replies. Look into erasures.jsonl" in refusal_of(
        "restore", file, "--replace"
    )
    # PostgreSQL has the backup by now; another restore erases what this one could not.
    assert Comment.objects.get().source == ("Before." if ON_POSTGRESQL else "After.")


# Refusing


@pytest.mark.parametrize("damage", ["cut", "cut short", "one bit", "no archive", "empty", "missing"])
def test_a_file_that_is_damaged_changes_nothing(damage, folder, media):
    (media / "images" / "large.webp").write_bytes(os.urandom(300_000))
    make_post("Sleep")
    file = back_up(folder)
    content = bytearray(file.read_bytes())
    if damage == "one bit":
        content[-150_000] ^= 1
    broken = {
        "cut": content[: len(content) // 2],
        "cut short": content[:-30],
        "one bit": content,
        "no archive": b"not an archive",
        "empty": b"",
    }
    other = folder / "other.tar.gz"
    if damage != "missing":
        other.write_bytes(broken[damage])
    make_post("Pain")
    (media / "images" / "a.webp").write_bytes(b"now")
    assert "othing was changed" in refusal_of("restore", other, "--replace")
    assert Post.objects.count() == 2
    assert (media / "images" / "a.webp").read_bytes() == b"now"


def test_a_backup_without_its_end_is_not_whole(folder):
    contents = members(back_up(folder))
    del contents["manifest.json"]
    assert "its manifest is missing" in refusal_of("restore", pack(folder / "x.tar.gz", contents), "--replace")


def link(target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo("media/link")
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../outside.txt", b"x"),
        ("media/../../outside.txt", b"x"),
        ("/tmp/outside.txt", b"x"),
        ("media//outside.txt", b"x"),
        ("keys.env", b"SECRET_KEY=x"),
        ("media/link", link("/etc/passwd")),
        ("media/link", link("../../keys.env")),
    ],
)
def test_a_file_that_would_go_elsewhere_is_refused(name, content, tmp_path, folder):
    contents = members(back_up(folder))
    about = contents.pop("manifest.json")
    file = pack(folder / "foreign.tar.gz", {**contents, name: content, "manifest.json": about})
    assert "This is no backup of ketablog" in refusal_of("restore", file, "--replace")
    assert not list(tmp_path.rglob("outside.txt"))


def test_a_file_that_its_manifest_does_not_tell_of_is_refused(folder, media):
    contents = members(back_up(folder))
    contents["media/images/a.webp"] = b"another"
    sentence = refusal_of("restore", pack(folder / "x.tar.gz", contents), "--replace")
    assert "media/images/a.webp is not what its manifest tells of" in sentence


def test_another_engine_a_newer_code_and_an_unknown_form_are_refused(folder):
    file = back_up(folder)
    about = json.loads(members(file)["manifest.json"])
    assert "DATABASE_URL is of" in refusal_of("restore", repack(file, engine="oracle"), "--replace")
    newer = repack(file, migrations=[*about["migrations"], "comments.0999_tomorrow"])
    assert "made by a newer ketablog: comments.0999_tomorrow" in refusal_of("restore", newer, "--replace")
    assert "another version of ketablog" in refusal_of("restore", repack(file, format=2), "--replace")
    assert "manifest of this backup cannot be read" in refusal_of("restore", repack(file, odd=1), "--replace")


def test_a_database_with_content_is_replaced_only_where_that_is_asked_for(folder):
    make_post("Sleep")
    file = back_up(folder)
    Post.objects.update(title="Pain")
    assert "add --replace" in refusal_of("restore", file)
    assert Post.objects.get().title == "Pain"


def test_a_database_in_use_is_left_alone(folder):
    make_post("Sleep")
    file = back_up(folder)
    Post.objects.update(title="Pain")
    with closing(connection.copy()) as server, server.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM posts_post")
        cursor.fetchall()
        assert "The database is in use. Stop" in refusal_of("restore", file, "--replace")
    assert Post.objects.get().title == "Pain"


@pytest.mark.skipif(ON_POSTGRESQL, reason="its files are not ours")
def test_a_database_that_cannot_be_read_is_replaced_and_what_that_means_is_told(tmp_path, folder):
    make_post("Sleep")
    file = back_up(folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "ketablog.sqlite3").write_bytes(b"no database at all" * 1000)
    refused = run("manage.py", "restore", str(file), env=environment(other))
    assert (refused.returncode, "add --replace" in refused.stderr) == (1, True)
    done = run("manage.py", "restore", str(file), "--replace", env=environment(other))
    assert done.returncode == 0, done.stderr
    assert "what readers had erased after the last backup may be back" in done.stderr
    with closing(sqlite3.connect(other / "ketablog.sqlite3")) as database:
        assert database.execute("SELECT title FROM posts_post").fetchall() == [("Sleep",)]
