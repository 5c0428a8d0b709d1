"""What was public moves to another address: its old one leads to the new one, for good."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comments.models import Comment
from ketablog import roles
from posts import addresses
from posts.models import FormerAddress, Post, Tag
from tests.base import make_category, make_page, make_person, make_post, make_user, reply_data
from tests.test_posts_writing import change_page, post_data

pytestmark = pytest.mark.django_db
LIST = "/admin/posts/formeraddress/"


@pytest.fixture
def reader(client):
    """Somebody who is not signed in."""
    return type(client)()


def rename(client, post: Post, slug: str, **fields: object) -> None:
    stored = Post.objects.get(pk=post.pk)
    times = {}
    for name in ("published_at", "withdrawn_at"):
        moment = getattr(stored, name)
        times |= {f"{name}_0": moment.date() if moment else "", f"{name}_1": moment.time() if moment else ""}
    data = post_data(title=post.title, slug=slug, writer=post.writer_id, body=post.body, **times, **fields)
    assert client.post(change_page(post), data).status_code == 302


def leads(reader, address: str) -> str:
    """Where an address leads by a permanent redirect; empty where it does not."""
    response = reader.get(address)
    return unquote(response.headers["Location"]) if response.status_code == 301 else ""


def test_an_article_s_old_address_leads_to_its_new_one(client, meg, reader):
    post = make_post("On sleep")
    rename(client, post, "sleep-and-ketamine")
    assert leads(reader, "/posts/on-sleep/") == "/posts/sleep-and-ketamine/"
    assert leads(reader, "/posts/on-sleep/?comments=2&utm_source=x") == "/posts/sleep-and-ketamine/"
    assert reader.head("/posts/on-sleep/").status_code == 301
    assert "On sleep" in reader.get("/posts/on-sleep/", follow=True).text


def test_an_address_of_two_moves_ago_leads_straight_to_the_present_one(client, meg, reader):
    post = make_post(slug="one")
    for slug in ("two", "three"):
        rename(client, post, slug)
    assert leads(reader, "/posts/one/") == leads(reader, "/posts/two/") == "/posts/three/"


def test_an_address_that_is_in_use_again_is_no_former_one(client, meg, reader):
    post = make_post(slug="one")
    rename(client, post, "two")
    rename(client, post, "one")
    assert reader.get("/posts/one/").status_code == 200
    assert leads(reader, "/posts/two/") == "/posts/one/"
    assert [row.path for row in FormerAddress.objects.all()] == ["/posts/two/"]


def test_another_article_may_take_a_former_address(client, meg, reader):
    first, second = make_post("First", slug="one"), make_post("Second", slug="other")
    rename(client, first, "two")
    rename(client, second, "one")
    assert "Second" in reader.get("/posts/one/").text
    assert leads(reader, "/posts/other/") == "/posts/one/"
    assert set(FormerAddress.objects.values_list("path", "target")) == {("/posts/other/", "/posts/one/")}


def test_a_draft_at_a_former_address_hides_nothing_until_it_is_public(client, meg, reader):
    rename(client, make_post(slug="one"), "two")
    draft = make_post("Written anew", slug="one", published=None)
    assert leads(reader, "/posts/one/") == "/posts/two/"
    Post.objects.filter(pk=draft.pk).publish_now()
    assert "Written anew" in reader.get("/posts/one/").text


@pytest.mark.parametrize("fields", [{"published": None}, {"published": -timedelta(days=1)}])
def test_what_was_never_public_keeps_no_history(client, meg, fields):
    rename(client, make_post(slug="one", **fields), "two")
    assert not FormerAddress.objects.exists()


def test_a_withdrawn_article_s_old_address_says_gone_in_the_end(client, meg, reader):
    post = make_post(slug="one", withdrawn_at=timezone.now())
    rename(client, post, "two")
    assert reader.get("/posts/one/", follow=True).status_code == 410


def test_addresses_in_any_letters_lead_on(client, meg, reader):
    post = make_post(slug="сон")
    rename(client, post, "кетамин-и-сон")
    assert leads(reader, "/posts/сон/") == "/posts/кетамин-и-сон/"
    assert reader.get("/posts/сон/", follow=True).status_code == 200


def test_the_form_and_what_else_stands_below_an_article_move_along(client, meg, reader):
    rename(client, make_post(slug="one"), "two")
    assert leads(reader, "/posts/one/comments/?parent=7") == "/posts/two/comments/"
    assert reader.get("/posts/one/nothing/").status_code == 404


def test_a_reply_from_a_page_of_before_the_move_is_taken(client, meg, reader):
    post = make_post(slug="one")
    data = reply_data(post)
    rename(client, post, "two")
    response = reader.post("/posts/one/comments/", data, headers={"sec-fetch-site": "same-origin"})
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/posts/two/?mine=")
    assert Comment.objects.get().post == post


def test_topics_people_and_pages_move_too(client, meg, reader):
    pain, sleep, ada, about = make_category("Pain"), Tag.objects.create(name="Sleep"), make_person(), make_page("about")
    client.post(f"/admin/posts/category/{pain.pk}/change/", {"name": "Pain", "slug": "chronic-pain"})
    client.post(f"/admin/posts/tag/{sleep.pk}/change/", {"name": "Sleep", "slug": "insomnia"})
    client.post(f"/admin/posts/person/{ada.pk}/change/", {"name": "Ada", "slug": "ada"})
    client.post(f"/admin/posts/page/{about.pk}/change/", {"title": "Us", "path": "clinic/about", "body": "<p>Us.</p>"})
    for old, new in (
        ("/category/pain/", "/category/chronic-pain/"),
        ("/tag/sleep/", "/tag/insomnia/"),
        ("/author/ada-writer/", "/author/ada/"),
        ("/about/", "/clinic/about/"),
    ):
        assert leads(reader, old) == new
        assert reader.get(old, follow=True).status_code == 200


def test_a_new_page_at_a_former_address_ends_the_redirect(client, meg, reader):
    FormerAddress.objects.create(path="/about/", target="/clinic/")
    client.post("/admin/posts/page/add/", {"title": "Us again", "path": "about", "body": "<p>Us.</p>"})
    assert "Us again" in reader.get("/about/").text
    assert not FormerAddress.objects.exists()


def test_saving_without_a_change_of_address_keeps_nothing(client, meg):
    post = make_post(slug="one")
    rename(client, post, "one")
    assert not FormerAddress.objects.exists()


def test_the_form_says_that_old_links_lead_to_the_new_address(client, meg):
    page = client.get("/admin/posts/post/add/").text
    assert "where an article was public, old links lead to the new one" in page


# What an import writes


@pytest.mark.parametrize("address", ["/?p=12", "/?p=12&utm_source=x", "/?page_id=3", "/?utm_source=x&cat=4"])
def test_wordpress_s_own_addresses_lead_on(reader, address):
    for path in ("/?p=12", "/?page_id=3", "/?cat=4"):
        FormerAddress.objects.create(path=path, target="/about/")
    assert leads(reader, address) == "/about/"


@pytest.mark.parametrize("address", ["/?p=13", "/?p=", "/?p=%00", "/?m=12", "/?page=1"])
def test_home_stays_home_for_any_other_question(reader, address):
    FormerAddress.objects.create(path="/?p=12", target="/about/")
    assert reader.get(address).status_code == 200


def test_an_old_address_of_many_parts_leads_on(reader):
    addresses.moved("/2019/05/on-sleep/", "/posts/on-sleep/")
    addresses.moved("/2019/05/on-sleep.html", "/posts/on-sleep/")
    for address in ("/2019/05/on-sleep/", "/2019/05/on-sleep.html", "/2019/05/on-sleep.html?x=1"):
        assert leads(reader, address) == "/posts/on-sleep/"
    assert leads(reader, "/2019/05/on-sleep") == "/2019/05/on-sleep/"


def test_the_table_is_asked_once_and_only_for_what_is_not_here(reader):
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            reader.get(address)
        return sum("formeraddress" in query["sql"] for query in captured)

    make_post(slug="one", category=make_category("Pain"))
    addresses.moved("/posts/old/", "/posts/one/")
    here = ("/", "/?utm_source=x", "/?page=9", "/posts/one/", "/category/pain/", "/category/pain/?page=9", "/feed/")
    assert [asked(address) for address in here] == [0] * len(here)
    assert [asked(address) for address in ("/nothing/", "/posts/old/", "/posts/none/comments/", "/?p=3")] == [1] * 4


def test_nobody_is_led_on_by_a_post(reader):
    addresses.moved("/old/", "/new/")
    assert reader.post("/old/").status_code == 405


# The list in the admin


def add(client, path: str, target: str):
    return client.post(f"{LIST}add/", {"path": path, "target": target}, follow=True)


def test_site_managers_add_search_and_delete_former_addresses(client, meg, reader):
    make_post(slug="on-sleep")
    assert "was added successfully" in add(client, "/our-old-blog/sleep", "/posts/on-sleep/").text
    assert leads(reader, "/our-old-blog/sleep") == "/posts/on-sleep/"
    assert "/our-old-blog/sleep" in client.get(LIST, {"q": "old-blog"}).text
    assert "/our-old-blog/sleep" not in client.get(LIST, {"q": "elsewhere"}).text
    row = FormerAddress.objects.get()
    client.post(LIST, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert reader.get("/our-old-blog/sleep", follow=True).status_code == 404


def test_writers_do_not_see_the_list(client):
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("path", "target", "sentence"),
    [
        ("old/", "/new/", "Write it like /about/team/"),
        ("/old/", "new/", "Write it like /about/team/"),
        ("/old/", "https://evil.example/", "Write it like /about/team/"),
        ("/old/", "//evil.example/", "Write it like /about/team/"),
        ("/old/", "/%2Fevil.example/", "Write it like /about/team/"),
        ("/old/", "/\\evil.example/", "Write it like /about/team/"),
        ("/old/", "/%5Cevil.example/", "Write it like /about/team/"),
        ("/old/", "/new/%0d%0aX: y", "Write it like /about/team/"),
        ("/old/", "javascript:alert(1)", "Write it like /about/team/"),
        ("/old/", "/old/", "An address cannot lead to itself."),
        ("/%D1%81/", "/с/", "An address cannot lead to itself."),
        ("/about/", "/new/", "Readers find something at this address now"),
        ("/about", "/new/", "Readers find something at this address now"),
        ("/", "/new/", "Readers find something at this address now"),
        ("/feed/", "/new/", "Readers find something at this address now"),
        ("/old/?x=1", "/new/", "With a question mark, only addresses such as /?p=123 can be followed."),
        ("/?x=1", "/new/", "With a question mark, only addresses such as /?p=123 can be followed."),
        ("/taken/", "/new/", "already exists"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(client, meg, path, target, sentence):
    make_page("about")
    addresses.moved("/taken/", "/about/")
    assert sentence in add(client, path, target).text
    assert FormerAddress.objects.count() == 1


def test_one_that_leads_to_a_former_address_is_straightened(client, meg, reader):
    make_page("new")
    addresses.moved("/old/", "/new/")
    add(client, "/older/", "/old/")
    assert leads(reader, "/older/") == "/new/"


def test_one_that_would_go_round_in_circles_is_refused(client, meg):
    addresses.moved("/b/", "/a/")
    assert "An address cannot lead to itself." in add(client, "/a/", "/b/").text


def test_what_led_to_an_added_address_leads_on(client, meg, reader):
    make_page("new")
    addresses.moved("/oldest/", "/old/")
    add(client, "/old/", "/new/")
    assert leads(reader, "/oldest/") == leads(reader, "/old/") == "/new/"


@pytest.mark.parametrize("address", ["/?p=12", "/2019/05/on-sleep.html"])
def test_addresses_of_another_system_can_be_added(client, meg, reader, address):
    make_page("new")
    add(client, address, "/new/")
    assert leads(reader, address) == "/new/"


class AnyMoves(TestCase):
    """Whatever moves in whatever order."""

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=25))
    def test_every_address_ever_used_leads_in_one_step_to_who_had_it_last(self, moves):
        FormerAddress.objects.all().delete()
        at = {number: f"/{number}/" for number in range(4)}
        last_at = {address: number for number, address in at.items()}
        for number, place in moves:
            new = f"/{place}/"
            if new in at.values():
                continue
            addresses.moved(at[number], new)
            at[number] = new
            last_at[new] = number
        expected = {address: at[number] for address, number in last_at.items() if address not in at.values()}
        assert dict(FormerAddress.objects.values_list("path", "target")) == expected
