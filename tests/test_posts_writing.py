"""Writers write, publish and take back articles in the admin."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from comments.models import Comment
from ketablog import roles
from posts.editorial import digest
from posts.models import Image, Person, Post, Reference, Review
from tests.base import make_comment, make_image, make_mo, make_person, make_post, make_site, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/posts/post/"
ADD = f"{LIST}add/"


@pytest.fixture
def ada(client):
    ada = make_user("ada", roles.WRITERS)
    make_person(user=ada)
    client.force_login(ada)
    return ada


def post_data(**fields: object) -> dict[str, object]:
    return {
        "title": "What an infusion is like",
        "standfirst": "An hour in a chair.",
        "body": "<p>You sit down.</p>",
        "key_points": "",
        "cover": "",
        "writer": Person.objects.first().pk,
        "category": "",
        "action_text": "",
        "action_label": "",
        "action_url": "",
        "published_at_0": "",
        "published_at_1": "",
        "withdrawn_at_0": "",
        "withdrawn_at_1": "",
        "slug": "",
        "replies_open": "on",
        **references(),
        "corrections-TOTAL_FORMS": 0,
        "questions-TOTAL_FORMS": 0,
        "questions-INITIAL_FORMS": 0,
        "corrections-INITIAL_FORMS": 0,
        "reviews-TOTAL_FORMS": 0,
        "reviews-INITIAL_FORMS": 0,
        "_continue": "1",
        **fields,
    }


def references(*rows: dict[str, object], first: int = 0) -> dict[str, object]:
    data = {"references-TOTAL_FORMS": len(rows), "references-INITIAL_FORMS": first, "references-MAX_NUM_FORMS": 1000}
    for number, row in enumerate(rows):
        row = {"title": "A trial", "source": "A journal", "year": 2019, "kind": "trial", **row}
        data |= {f"references-{number}-{name}": value for name, value in row.items()}
    return data


def change_page(post: Post) -> str:
    return f"{LIST}{post.pk}/change/"


def test_a_new_article_is_a_draft_that_staff_alone_can_read(client, ada):
    response = client.post(ADD, post_data(), follow=True)
    post = Post.objects.get()
    assert post.slug == "what-an-infusion-is-like"
    assert post.body_html == "<p>You sit down.</p>"
    assert not post.is_published
    assert f'href="{post.get_absolute_url()}" class="viewsitelink">Preview</a>' in response.text
    assert client.get(post.get_absolute_url()).status_code == 200
    client.logout()
    assert client.get(post.get_absolute_url()).status_code == 404


def test_a_slug_may_be_in_any_letters_and_is_unique(client, ada):
    client.post(ADD, post_data(title="Кетамин и сон"))
    client.post(ADD, post_data(title="Кетамин и сон"))
    assert {post.slug for post in Post.objects.all()} == {"кетамин-и-сон", "кетамин-и-сон-2"}
    assert "Article with this Slug already exists." in client.post(ADD, post_data(slug="кетамин-и-сон")).text


def test_an_emptied_slug_stays_as_it_was(client, ada):
    post = make_post("On sleep")
    response = client.post(change_page(post), post_data(title="On pain", slug="", action_label="Go"))
    assert "Write where the button leads." in response.text
    client.post(change_page(post), post_data(title="On pain", slug=""))
    post.refresh_from_db()
    assert (post.title, post.slug) == ("On pain", "on-sleep")


def test_nobody_signs_a_review_by_forging_the_article_s_form(client, ada):
    post = make_post()
    forged = {"reviewer": post.writer_id, "reviewed_on": "2026-01-01", "due_on": "2027-01-01", "digest": "0" * 64}
    rows = {"reviews-TOTAL_FORMS": 1} | {f"reviews-0-{name}": value for name, value in forged.items()}
    client.post(change_page(post), post_data(slug=post.slug, **rows))
    assert Review.objects.count() == 0


def test_what_is_dangerous_in_the_source_reaches_no_reader(client, ada):
    source = '<p onclick="x()">Text<script>alert(1)</script><a href="javascript:x()">link</a></p>'
    client.post(ADD, post_data(body=source))
    post = Post.objects.get()
    assert post.body == source
    assert "script" not in post.body_html
    assert "onclick" not in post.body_html


def test_an_image_of_the_library_stands_in_the_text_with_its_address_and_size(client, ada):
    image = make_image()
    client.post(ADD, post_data(body=f'<figure><img src="/images/{image.pk}/" alt=""></figure>'))
    assert f'src="{image.file.url}" alt="A quiet harbor" width="1600"' in Post.objects.get().body_html


def test_line_ends_of_a_browser_do_not_change_the_text(client, ada):
    post = make_post(body="<p>One</p>\n<p>Two</p>", key_points="First\nSecond", standfirst="A\nB")
    before = digest(post)
    changed = {name: getattr(post, name).replace("\n", "\r\n") for name in ("body", "key_points", "standfirst")}
    client.post(change_page(post), post_data(title=post.title, **changed))
    post.refresh_from_db()
    assert digest(post) == before


def test_what_an_article_lacks_is_told_but_never_keeps_it_from_being_saved(client, ada):
    body = '<p><img src="https://elsewhere.example/a.png"></p>'
    response = client.post(ADD, post_data(standfirst="", body=body), follow=True)
    assert Post.objects.count() == 1
    for sentence in (
        "There is no standfirst",
        "There are no references",
        "There is no cover image.",
        "An image in the text is not shown to readers, because it is not in the library.",
    ):
        assert sentence in response.text


def test_a_whole_article_is_saved_without_a_warning(client, ada):
    response = client.post(ADD, post_data(cover=make_image().pk, **references({})), follow=True)
    assert 'class="warning"' not in response.text
    assert "was added successfully" in response.text


def test_references_are_numbered_in_their_order_and_new_ones_come_last(client, ada):
    rows = [{"title": "B", "position": 2}, {"title": "C", "position": ""}, {"title": "A", "position": 1}]
    client.post(ADD, post_data(**references(*rows)))
    assert list(Reference.objects.values_list("position", "title")) == [(1, "A"), (2, "B"), (3, "C")]
    post = Post.objects.get()
    kept = [{"id": row.pk, "title": row.title, "position": row.position} for row in post.references.all()]
    kept[0]["DELETE"] = "on"
    client.post(change_page(post), post_data(**references(*kept, {"title": "D"}, first=3)))
    assert list(Reference.objects.values_list("position", "title")) == [(1, "B"), (2, "C"), (3, "D")]


def test_a_doi_may_be_pasted_as_an_address(client, ada):
    client.post(ADD, post_data(**references({"doi": "https://doi.org/10.1056/NEJMoa1"})))
    assert Reference.objects.get().doi == "10.1056/NEJMoa1"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"doi": "see journal"}, "A DOI begins with 10. and a number, such as 10.1000/182."),
        ({"pmid": "PMC12"}, "Digits only."),
        ({"url": "ftp://example.org"}, "Enter a valid URL."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"year": 1066}, "1066 cannot be the year of a source."),
        ({"year": 2999}, "2999 cannot be the year of a source."),
        ({"title": ""}, "This field is required."),
        ({"position": -1}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_a_reference_that_cannot_be_is_told_at_its_field(client, ada, row, sentence):
    response = client.post(ADD, post_data(**references(row)))
    assert sentence in response.text
    assert Post.objects.count() == 0


def test_the_same_source_twice_is_refused(client, ada):
    same = {"doi": "10.1056/NEJMoa1"}
    assert "This source is in the list already." in client.post(ADD, post_data(**references(same, same))).text
    assert Post.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"action_url": "javascript:alert(1)", "action_label": "Go"}, "Write it like /contact/"),
        ({"action_url": "//evil.example", "action_label": "Go"}, "Write it like /contact/"),
        ({"action_url": "/contact/"}, "Write what stands on the button."),
        ({"action_label": "Contact us"}, "Write where the button leads."),
    ],
)
def test_a_button_needs_its_words_and_a_safe_address(client, ada, fields, sentence):
    assert sentence in client.post(ADD, post_data(**fields)).text
    assert Post.objects.count() == 0


def test_an_address_that_was_refused_is_not_called_missing_too(client, ada):
    text = client.post(ADD, post_data(action_url="contact", action_label="Contact us")).text
    assert "Write it like /contact/" in text
    assert "Write where the button leads." not in text


def test_a_withdrawn_article_had_a_time_of_publication(client, ada):
    data = post_data(withdrawn_at_0="2026-01-01", withdrawn_at_1="10:00:00")
    assert "Only an article with a time of publication can be withdrawn." in client.post(ADD, data).text


def test_both_parts_of_a_time_have_a_name(client, ada):
    page = client.get(ADD).text
    assert 'aria-label="Published at: date"' in page
    assert 'aria-label="Published at: time"' in page


def test_times_are_those_of_the_clinic(client, ada):
    make_site(time_zone="America/New_York")
    client.post(ADD, post_data(published_at_0="2026-07-01", published_at_1="09:00:00"))
    assert Post.objects.get().published_at.isoformat() == "2026-07-01T13:00:00+00:00"


# The list


def make_one_of_each() -> dict[str, Post]:
    now, day = timezone.now(), timedelta(days=1)
    return {
        "Draft": make_post("Draft one", published=None),
        "Scheduled": make_post("Scheduled one", published=now + day),
        "Published": make_post("Published one"),
        "Withdrawn": make_post("Withdrawn one", withdrawn_at=now - timedelta(hours=1)),
    }


@pytest.mark.parametrize("state", ["Draft", "Scheduled", "Published", "Withdrawn"])
def test_the_list_tells_and_filters_where_an_article_stands(client, ada, state):
    make_one_of_each()
    everything = client.get(LIST).text
    assert f'<td class="field-state">{state}</td>' in everything
    some = client.get(LIST, {"state": state.lower()}).text
    assert f"{state} one" in some
    assert some.count(" one</a>") == 1


def places(page: str) -> list[str]:
    return sorted(["Draft", "Scheduled", "Published"], key=lambda state: page.index(f"{state} one</a>"))


def test_drafts_stand_first_in_the_list_and_whichever_way_its_times_are_sorted(client, ada):
    make_one_of_each()
    assert places(client.get(LIST).text) == ["Draft", "Scheduled", "Published"]
    assert places(client.get(LIST, {"o": "-5"}).text) == ["Draft", "Scheduled", "Published"]
    assert places(client.get(LIST, {"o": "5"}).text) == ["Published", "Scheduled", "Draft"]


def test_an_unknown_state_filters_nothing(client, ada):
    make_one_of_each()
    assert client.get(LIST, {"state": "eaten"}).text.count(" one</a>") == 4


def test_the_list_is_searched_by_words_of_the_text(client, ada):
    make_post("About sleep", body="<p>melatonin</p>")
    make_post("About pain")
    found = client.get(LIST, {"q": "melatonin"}).text
    assert "About sleep" in found
    assert "About pain</a>" not in found


def test_publish_now_makes_public_what_is_not_and_says_how_many(client, ada):
    posts = make_one_of_each()
    first_time = posts["Withdrawn"].published_at
    data = {"action": "publish_now", "_selected_action": [post.pk for post in posts.values()]}
    assert "3 articles are public now." in client.post(LIST, data, follow=True).text
    assert Post.objects.published().count() == 4
    posts["Withdrawn"].refresh_from_db()
    assert posts["Withdrawn"].published_at == first_time
    assert LogEntry.objects.filter(change_message="Published.").count() == 3
    assert "Nothing changed: what you chose is public already." in client.post(LIST, data, follow=True).text


def test_withdraw_takes_back_what_is_published_or_will_be(client, ada):
    posts = make_one_of_each()
    data = {"action": "withdraw", "_selected_action": [post.pk for post in posts.values()]}
    assert (
        "2 articles were withdrawn. Readers are told that they are gone." in client.post(LIST, data, follow=True).text
    )
    assert Post.objects.published().count() == 0
    posts["Draft"].refresh_from_db()
    assert posts["Draft"].withdrawn_at is None
    assert LogEntry.objects.filter(change_message="Withdrawn.").count() == 2
    assert "Nothing changed: what you chose is not published." in client.post(LIST, data, follow=True).text
    client.logout()
    assert client.get(posts["Published"].get_absolute_url()).status_code == 410
    assert client.get(posts["Scheduled"].get_absolute_url()).status_code == 404


def test_the_list_needs_the_same_queries_for_many_articles(client, ada, django_assert_max_num_queries):
    for _number in range(20):
        make_post()
    with django_assert_max_num_queries(14):
        client.get(LIST)


# Who may what


def test_writers_edit_every_article_and_delete_none(client, ada):
    other = make_post(writer=make_person(name="Bob", credentials=""))
    assert client.get(change_page(other)).status_code == 200
    assert client.post(f"{LIST}{other.pk}/delete/", {"post": "yes"}).status_code == 403


def test_moderators_read_articles_as_readers_do_and_change_nothing(client):
    client.force_login(make_mo())
    post = make_post(body="<p>Read <strong>me</strong></p>")
    page = client.get(change_page(post)).text
    assert "Read <strong>me</strong>" in page
    assert "data-editor" not in page
    assert client.post(change_page(post), post_data(title="Other")).status_code == 403
    client.post(LIST, {"action": "withdraw", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert post.title != "Other"
    assert post.is_published


def test_deleting_an_article_says_how_many_replies_go_with_it(client, meg):
    post = make_post()
    top = make_comment(post)
    make_comment(post, "An answer", parent=top, status="pending")
    post.reviews.create(reviewer=post.writer, digest="0" * 64)
    page = client.get(f"{LIST}{post.pk}/delete/").text
    assert "2 replies of readers go with this article, for good." in page
    assert "withdraw it instead" in page
    client.post(f"{LIST}{post.pk}/delete/", {"post": "yes"})
    assert (Post.objects.count(), Comment.objects.count(), Review.objects.count()) == (0, 0, 0)


def test_a_decided_reply_does_not_keep_an_article_from_being_deleted(client, meg):
    post = make_post()
    comment = make_comment(post)
    comment.decisions.create(before="pending", after="approved", text_version=1, by=meg)
    client.post(f"{LIST}{post.pk}/delete/", {"post": "yes"})
    assert Post.objects.count() == 0


def test_a_person_whom_an_article_names_cannot_be_deleted(client, meg):
    post = make_post("What an infusion is like")
    page = client.post(f"/admin/posts/person/{post.writer_id}/delete/", {"post": "yes"}).text
    assert "would require deleting the following protected related objects" in page
    assert "What an infusion is like" in page
    assert Person.objects.count() == 1


def test_an_image_that_is_a_cover_cannot_be_deleted(client, meg):
    post = make_post(cover=make_image())
    page = client.post(f"/admin/posts/image/{post.cover_id}/delete/", {"post": "yes"}).text
    assert "This image is in use, so it was not deleted." in page
    assert Image.objects.filter(pk=post.cover_id).exists()


# What else is written


@pytest.mark.parametrize("model", ["category", "tag"])
def test_a_topic_is_added(client, meg, model):
    client.post(f"/admin/posts/{model}/add/", {"name": "Chronic pain", "description": "", "slug": ""})
    assert client.get(f"/{model}/chronic-pain/").status_code == 200


def test_a_person_is_added_and_linked_to_an_account(client, meg):
    data = {
        "name": "Rita Reviewer",
        "credentials": "MD",
        "role": "",
        "bio": "",
        "photo": "",
        "slug": "",
        "user": meg.pk,
    }
    client.post("/admin/posts/person/add/", data)
    assert Person.objects.get().user == meg


@pytest.mark.parametrize("model", ["post", "page", "image", "attachment", "person", "category", "tag", "formeraddress"])
def test_every_form_and_list_works_under_the_strict_policy(client, meg, model):
    for page in (f"/admin/posts/{model}/", f"/admin/posts/{model}/add/", "/admin/"):
        response = client.get(page)
        assert response.status_code == 200
        policy = response.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= set(policy)
        assert "style=" not in response.text
        assert "<style" not in response.text
