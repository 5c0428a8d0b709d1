"""Who sends a request: as much as the flood rule and the sign-in need, and no more."""

import io

import pytest

from ketablog.clients import address, client_key


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "expected"),
    [
        (0, "6.6.6.6", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.7", "127.0.0.1", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "127.0.0.1", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.1", "127.0.0.1", "198.51.100.7"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (1, "nonsense", "127.0.0.1", None),
        (0, "", "", None),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(rf, settings, proxies, forwarded, remote, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert address(request) == expected


def test_a_household_of_ipv6_is_one_client_and_two_ipv4_addresses_are_two(rf):
    def key(remote):
        return client_key(rf.get("/", REMOTE_ADDR=remote))

    assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9") != key("2001:db8:1:3::1")
    assert key("192.0.2.1") != key("192.0.2.2")
    assert key("::ffff:192.0.2.1") == key("192.0.2.1")
    assert "192.0.2.1" not in key("192.0.2.1")


def ask(path: str, content_type: str, method: str = "GET", query: str = "") -> int:
    """The status the whole program answers with, as its server would ask."""
    from ketablog.wsgi import without_page_cache

    statuses = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": "0",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    response = without_page_cache(environ, lambda status, headers, *_: statuses.append(int(status.split()[0])))
    if hasattr(response, "close"):
        response.close()
    return statuses[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type",
    ["a/b; a*=foo'x'%41", "a/b; charset=hex", "multipart/form-data; boundary=x; charset=idna", ";" * 500, "\xff"],
)
def test_a_content_type_that_means_nothing_breaks_no_page(content_type):
    assert ask("/healthz", content_type) == 200
    assert ask("/", content_type, query="page=%c3%a9") == 404
    assert ask("/posts/sleep/comments/", content_type, method="POST") == 400
