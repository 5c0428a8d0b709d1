"""More than a hundred forged and broken posts: each gets a plain answer, none an error of the server."""

import itertools

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.models import Comment
from ketablog.secrets import form_token
from tests.base import make_post, reply_data

pytestmark = pytest.mark.django_db
FIELDS = ("comment", "name", "email", "website", "parent", "token", "topic")
POISON = {
    "nul": "a\x00b",
    "half a pair": "\ud83d".encode("utf-16-le", "surrogatepass").decode("latin-1"),
    "overrides": "\u202eevil\u2066",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "script": "</textarea><script>alert(1)</script>",
    "sql": "'; DROP TABLE comments_comment; --",
    "header": "a\r\nSet-Cookie: x=1",
    "huge number": "9" * 300,
    "long": "x" * 20_000,
    "nested": "> " * 2_000 + "x",
    "brackets": "[" * 5_000,
    "percent": "%s%n%00%zz",
    "emoji": "👩\u200d⚕️" * 50,
    "format": "%(name)s {0} {name!r}",
    "markdown link": "[x](javascript:alert(1)) ![y](data:text/html,z)",
}
ANSWERS = {303, 400, 403, 409, 413, 422, 429}


@pytest.fixture
def post():
    return make_post(slug="sleep")


@pytest.mark.parametrize(("field", "poison"), list(itertools.product(FIELDS, POISON)), ids=str)
def test_poison_in_a_field_gets_a_plain_answer(client, post, field, poison):
    response = client.post("/posts/sleep/comments/", reply_data(post, **{field: POISON[poison]}), follow=False)
    assert response.status_code in ANSWERS
    assert "<script>alert" not in response.text
    assert "Set-Cookie" not in response.headers
    if response.status_code == 303:
        page = client.get(response["Location"].partition("#")[0])
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "javascript:alert" not in page.text.replace("[x](javascript:alert(1))", "")
    else:
        assert not Comment.objects.exists()


BODIES = [
    b"",
    b"&&&&==",
    b"%",
    b"comment=%ff%fe%00",
    b"\xff\xfe\x00c",
    b"comment[]=x&comment[]=y",
    b"comment=" + b"%F0%9F" * 2_000,
    b"a=1&" * 1_900,
    b"--x\r\nContent-Disposition: form-data; name=comment\r\n\r\nhello",
    b"--x\r\nContent-Disposition: form-data; name=comment; filename=a\r\n\r\nhello\r\n--x--",
]
TYPES = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/x-www-form-urlencoded; charset=nonsense",
    "text/html",
    "",
]


@pytest.mark.parametrize(("body", "content_type"), list(itertools.product(BODIES, TYPES)))
def test_a_broken_body_gets_a_plain_answer(client, post, body, content_type):
    response = client.generic("POST", "/posts/sleep/comments/", body, content_type=content_type)
    assert response.status_code in ANSWERS
    assert not Comment.objects.exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=200)))
def test_any_text_in_any_field_gets_a_plain_answer(client, post, fields):
    data = QueryDict(mutable=True)
    data.update({"token": form_token(post.pk), **fields})
    body = data.urlencode()
    response = client.generic("POST", "/posts/sleep/comments/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in ANSWERS


@pytest.mark.parametrize(
    "address",
    [
        "/posts/%00/",
        "/posts/a%00b/comments/",
        "/posts/../admin/",
        "/posts/sleep/?comments=%00",
        "/posts/sleep/?mine=%00%ff",
        "/posts/sleep/comments/?parent=%00",
        "/posts/sleep/comments/?parent=%F0%9F",
        "/comments/99999999999999999999999/",
        "/images/99999999999999999999999/",
        "/category/%E2%80%AE/",
        "/?page=%00",
        "/?page=1e3",
        "/%00/",
        "/" + "a/" * 500,
        "/theme-000000000000.css",
        "/media/%00",
        "/media/" + "a" * 300,
        "/media/..%2f..%2fkeys.env",
    ],
)
def test_a_broken_address_is_answered_with_a_sentence(client, post, address):
    assert client.get(address).status_code in {200, 400, 404}
