"""What every answer carries, and what is refused before a page is asked."""

import json

import pytest

from tests.base import make_post
from tests.running import environment, run

PAGES = ["/", "/posts/a-quiet-harbor/", "/nothing-here/", "/admin/login/", "/healthz"]


@pytest.fixture
def _post(db):
    make_post("A quiet harbor", slug="a-quiet-harbor")


@pytest.mark.usefixtures("_post")
@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_guarded(client, path):
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "http:" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Cache-Control" in headers
    assert "Strict-Transport-Security" not in headers


@pytest.mark.django_db
def test_images_may_be_shown_by_feed_readers(client, settings):
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.MEDIA_ROOT / "harbor.webp").write_bytes(b"RIFF")
    response = client.get("/media/harbor.webp")
    assert b"".join(response.streaming_content) == b"RIFF"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/media/../keys.env", "/media/%2e%2e/keys.env", "/media/", "/media/none.webp"])
def test_nothing_outside_the_uploads_is_given_out(client, settings, path):
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.MEDIA_ROOT.parent / "keys.env").write_text("SECRET_KEY=hush")
    response = client.get(path)
    assert response.status_code in (400, 404)
    assert b"hush" not in response.content


@pytest.mark.usefixtures("_post")
@pytest.mark.parametrize("path", [*PAGES[:2], "/healthz", "/readyz", "/feed/"])
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "BREW"])
def test_methods_that_a_page_does_not_know_are_refused(client, path, method):
    response = client.generic(method, path)
    assert response.status_code == 405
    assert "Content-Security-Policy" in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b", "[::1"])
def test_a_forged_host_is_refused_with_a_sentence(client, host):
    response = client.get("/", headers={"host": host})
    assert response.status_code == 400
    assert "This request could not be read." in response.text
    assert "evil" not in response.text
    assert "Content-Security-Policy" in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/%00", "/%ff", "/posts/%00/", "/?page=%00", "/?page=%ff", "/" + "a/" * 900, "//evil.example"]
)
def test_odd_addresses_are_no_failure(client, path):
    assert client.get(path).status_code in (200, 301, 400, 404)


ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
plain, secure = Client(), Client(headers={"x-forwarded-proto": "https"})
print(json.dumps({
    "redirect": [plain.get("/some/page/?q=1", headers={"host": "blog.example.org"}).status_code,
                 plain.get("/some/page/?q=1", headers={"host": "blog.example.org"}).headers["Location"]],
    "probe": plain.get("/healthz", headers={"host": "localhost"}).status_code,
    "hsts": secure.get("/healthz", headers={"host": "blog.example.org"}).headers.get("Strict-Transport-Security"),
    "cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,
                settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY],
}))
"""


def test_a_site_with_https_insists_on_it(tmp_path):
    here = environment(
        tmp_path,
        SITE_URL="https://blog.example.org",
        TRUSTED_PROXIES="1",
        DJANGO_SETTINGS_MODULE="ketablog.settings",
    )
    done = run("-c", ASK, env=here)
    assert json.loads(done.stdout or done.stderr) == {
        "redirect": [301, "https://blog.example.org/some/page/?q=1"],
        "probe": 200,
        "hsts": "max-age=31536000",
        "cookies": [True, True, True, True],
    }


def test_without_a_trusted_proxy_nobody_can_claim_https(tmp_path):
    here = environment(tmp_path, SITE_URL="http://blog.example.org", DJANGO_SETTINGS_MODULE="ketablog.settings")
    code = (
        "import django; django.setup(); from django.test import RequestFactory;"
        "print(RequestFactory().get('/', headers={'x-forwarded-proto': 'https'}).is_secure())"
    )
    assert run("-c", code, env=here).stdout == "False\n"
