"""What the environment may say, and the sentence for what it may not."""

import json
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import SystemCheckError

from ketablog import checks, env
from tests.running import ROOT, environment, run

NAME = "KETABLOG_TEST_VALUE"


@pytest.fixture
def say(monkeypatch):
    """Puts a text into the environment."""
    return lambda value: monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize(
    ("word", "meaning"), [("on", True), ("TRUE", True), ("1", True), ("off", False), ("No", False)]
)
def test_a_flag_is_one_of_eight_words(say, word, meaning):
    say(word)
    assert env.flag(NAME, default=not meaning) is meaning


@pytest.mark.parametrize("word", ["", "maybe", "2", "yes please"])
def test_any_other_word_for_a_flag_is_refused(say, word):
    say(word)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is {word!r}: write one of 1, true, yes, on"):
        env.flag(NAME, default=False)


@pytest.mark.parametrize("value", ["-1", "10", "two", "1.5", "", "٣"])
def test_a_number_has_its_bounds(say, value):
    say(value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is .*: write a whole number from 0 to 9"):
        env.number(NAME, 0, least=0, most=9)


def test_what_is_required_is_asked_for(monkeypatch):
    with pytest.raises(ImproperlyConfigured, match=f"Set {NAME}."):
        env.text(NAME)
    monkeypatch.setenv(NAME, "  ")
    with pytest.raises(ImproperlyConfigured, match=f"Set {NAME}."):
        env.text(NAME)


@pytest.mark.parametrize(
    "value", ["blog.example.org", "ftp://blog.example.org", "https://x.org/blog", "https://", "//x"]
)
def test_the_site_address_has_no_path(say, value):
    say(value)
    with pytest.raises(ImproperlyConfigured, match="write it like https:"):
        env.site_url(NAME, "")


def test_the_site_address_loses_its_last_slash(say):
    say("https://blog.example.org/")
    assert env.site_url(NAME, "") == "https://blog.example.org"


@pytest.mark.parametrize("value", ["short:abc", "nocolon" * 9, "UPPER:" + "x" * 40, "a:" + "x" * 40 + ",a:" + "y" * 40])
def test_keys_are_named_and_long(say, value):
    say(value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.keys(NAME)


def test_a_refused_key_is_not_repeated(say):
    say("k1:secret-but-short")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.keys(NAME)
    assert "secret-but-short" not in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("db", "mysql://u:hush@h/d"), ("cache", "memcache://h"), ("email", "http://u:hush@h"), ("db", "hush"), ("db", "")],
)
def test_an_unknown_service_is_refused_without_its_password(say, kind, value):
    say(value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be a URL that starts with one of") as refusal:
        env.service(NAME, "", kind)
    assert "hush" not in str(refusal.value)


def test_a_file_holds_lines_of_name_and_value(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# EMAIL_URL=no\nEMAIL_URL='smtp://mail:25'\n\nSECRET_KEY = a=b\nnonsense\n")
    assert env.read_file(path) == {"EMAIL_URL": "smtp://mail:25", "SECRET_KEY": "a=b"}
    assert env.read_file(tmp_path / "missing") == {}


def test_the_example_names_every_setting_and_is_read_as_empty():
    text = (ROOT / ".env.example").read_text()
    for name in (
        "SECRET_KEY SECRET_KEY_FALLBACKS EMAIL_KEYS DEBUG ALLOWED_HOSTS SITE_URL HOST PORT "
        "DATABASE_URL DATABASE_POOL CACHE_URL EMAIL_URL DATA_DIR STATIC_DIR WEB_WORKERS TRUSTED_PROXIES "
        "MEDIA_STORAGE S3_ACCESS_KEY_ID S3_SECRET_ACCESS_KEY"
    ).split():
        assert f"#{name}=" in text, name
    assert env.read_file(ROOT / ".env.example") == {}


def without_keys(data_dir: Path) -> dict[str, str]:
    return {name: value for name, value in environment(data_dir).items() if name not in ("SECRET_KEY", "EMAIL_KEYS")}


def test_keys_are_made_once_for_their_owner_only(tmp_path):
    here = without_keys(tmp_path / "data")
    assert run("-m", "ketablog.env", env=here).returncode == 0
    path = tmp_path / "data" / "keys.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_text()
    assert run("-m", "ketablog.env", env=here).returncode == 0
    assert path.read_text() == first
    assert sorted(env.read_file(path)) == ["EMAIL_KEYS", "SECRET_KEY"]


def test_lost_keys_are_told_and_not_replaced_beside_a_database(tmp_path):
    (tmp_path / "ketablog.sqlite3").write_text("written with other keys")
    done = run("-m", "ketablog.env", env=without_keys(tmp_path))
    assert done.returncode == 1
    assert "keys.env is missing" in done.stderr
    assert not (tmp_path / "keys.env").exists()


def test_keys_from_the_environment_are_enough(tmp_path):
    given = {"SECRET_KEY": "s" * 50, "EMAIL_KEYS": "k1:" + "e" * 40}
    assert run("-m", "ketablog.env", env=environment(tmp_path) | given).returncode == 0
    assert not (tmp_path / "keys.env").exists()


def test_keys_that_cannot_be_kept_are_told(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("-m", "ketablog.env", env=without_keys(tmp_path / "file"))
    assert done.returncode == 1
    assert done.stderr.startswith("The keys cannot be kept in DATA_DIR: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("program", [("manage.py", "check"), ("-m", "ketablog.webserver")])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps': write one of 1, true, yes, on, 0, false, no, off."),
        ({"PORT": "high"}, "PORT is 'high': write a whole number from 1 to 65535."),
        ({"SECRET_KEY": " "}, "Set SECRET_KEY. README.md and .env.example tell what it is for."),
    ],
)
def test_a_wrong_environment_is_one_sentence_and_no_start(tmp_path, program, wrong, sentence):
    done = run(*program, env=environment(tmp_path, **wrong))
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_any_host_is_no_host(tmp_path):
    done = run("manage.py", "check", env=environment(tmp_path, ALLOWED_HOSTS="*"))
    assert (done.returncode, done.stderr) == (
        1,
        "ALLOWED_HOSTS must name the hosts; * would let anybody forge our own address.\n",
    )


def test_the_address_follows_the_port_where_it_is_not_set(tmp_path):
    code = (
        "import json; from django.conf import settings as s;"
        "print(json.dumps([s.SITE_URL, s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS]))"
    )
    here = environment(tmp_path, PORT="9000", HOST="0.0.0.0", DJANGO_SETTINGS_MODULE="ketablog.settings")  # noqa: S104
    assert json.loads(run("-c", code, env=here).stdout) == [
        "http://127.0.0.1:9000",
        ["127.0.0.1", "localhost", "127.0.0.1", "[::1]"],
        ["http://127.0.0.1:9000"],
    ]
    here["SITE_URL"] = "https://blog.example.org"
    assert json.loads(run("-c", code, env=here).stdout)[0] == "https://blog.example.org"


def test_https_without_a_proxy_stops_the_start(tmp_path):
    done = run("manage.py", "check", env=environment(tmp_path, SITE_URL="https://blog.example.org"))
    assert done.returncode == 1
    assert "SITE_URL begins with https, and TRUSTED_PROXIES is 0: every page would redirect to itself." in done.stderr
    assert SystemCheckError.__name__ in done.stderr


def test_what_fits_together_is_not_complained_about(settings):
    settings.SITE_URL, settings.IS_HTTPS, settings.TRUSTED_PROXIES = "https://blog.example.org", True, 1
    settings.ALLOWED_HOSTS = [".example.org"]
    assert checks.https_needs_a_proxy() == checks.own_host_is_allowed() == []
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://[::1]:8000", ["[::1]"]
    assert checks.own_host_is_allowed() == []


def test_the_own_host_must_be_allowed(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://blog.example.org", ["www.example.org"]
    assert [complaint.id for complaint in checks.own_host_is_allowed()] == ["ketablog.E002"]


def test_mail_that_is_only_printed_is_told_before_deployment(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert [complaint.id for complaint in checks.mail_goes_out()] == ["ketablog.W001"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert checks.mail_goes_out() == []
