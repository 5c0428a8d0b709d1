"""A clinician signs exactly the text that readers get; the badge lives as long as that text."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ketablog import roles
from posts.editorial import Standing, review_standing
from posts.models import Image, Person, Post, Reference, Review
from tests.base import make_image, make_page, make_person, make_post, make_review, make_user

pytestmark = pytest.mark.django_db
BADGE = "Medically reviewed by"


@pytest.fixture
def post():
    return make_post("On ketamine", body="<p>It helps <strong>some</strong>.</p>", standfirst="What is known")


@pytest.fixture
def rhea(client):
    """The reviewer, signed in."""
    user = make_user("rhea", roles.REVIEWERS)
    client.force_login(user)
    return make_person(name="Rhea Reviewer", credentials="MD", user=user)


def page_of(post: Post) -> str:
    return f"/admin/posts/post/{post.pk}/review/"


def review_data(client, post: Post, **fields: object) -> dict[str, object]:
    """What the form on the page sends, as it was shown."""
    shown = client.get(page_of(post)).context["form"].shown
    today = timezone.localdate()
    return {"digest": shown, "reviewed_on": today, "due_on": today + timedelta(days=365), "note": "", **fields}


def sign(client, post: Post, **fields: object):
    return client.post(page_of(post), review_data(client, post, **fields), follow=True)


def reads_badge(client, post: Post) -> bool:
    """Whether an anonymous reader sees the badge."""
    return BADGE in type(client)().get(post.get_absolute_url()).text


def test_the_page_shows_the_text_as_readers_see_it_with_its_references(client, rhea, post):
    post.references.create(title="A trial", source="A journal", year=2019, doi="10.1056/NEJMoa1")
    Post.objects.filter(pk=post.pk).update(cover=make_image())
    assert f'href="{page_of(post)}">Review this text</a>' in client.get(f"/admin/posts/post/{post.pk}/change/").text
    page = client.get(page_of(post)).text
    assert "It helps <strong>some</strong>." in page
    assert "What is known" in page
    assert 'href="https://doi.org/10.1056/NEJMoa1"' in page
    assert 'alt="A quiet harbor"' in page
    today = timezone.localdate()
    assert f'value="{today:%Y-%m-%d}"' in page
    assert f'value="{today + timedelta(days=365):%Y-%m-%d}"' in page


def test_the_badge_is_shown_from_the_signature_on(client, rhea, post):
    assert not reads_badge(client, post)
    response = sign(client, post, note="Checked the doses")
    assert "Your review is signed." in response.text
    review = Review.objects.get()
    assert (review.reviewer, review.note, review.post) == (rhea, "Checked the doses", post)
    assert reads_badge(client, post)
    assert "Checked the doses" not in type(client)().get(post.get_absolute_url()).text
    assert "covers this text" in client.get(f"/admin/posts/post/{post.pk}/change/").text


def change_title(post: Post) -> None:
    post.title = "On ketamine, again"
    post.save()


def change_body(post: Post) -> None:
    post.body += "<p>It harms nobody.</p>"
    post.save()


def change_standfirst(post: Post) -> None:
    post.standfirst = "All is known"
    post.save()


def change_references(post: Post) -> None:
    post.references.create(title="Another", source="A journal", year=2020)


def change_year(post: Post) -> None:
    Reference.objects.update(year=2001)


def change_words_of_the_cover(post: Post) -> None:
    Image.objects.update(caption="It heals everybody")


def change_button(post: Post) -> None:
    post.action_label = "Get well for good"
    post.save()


def add_leaflet(post: Post) -> None:
    post.attachments.create(title="Home doses", file="leaflets/x.pdf", size=1)


@pytest.mark.parametrize(
    "change",
    [
        change_title,
        change_body,
        change_standfirst,
        change_references,
        change_year,
        change_words_of_the_cover,
        change_button,
        add_leaflet,
    ],
    ids=lambda c: c.__name__,
)
def test_the_badge_is_gone_once_anything_medical_changes(client, rhea, post, change):
    post.references.create(title="A trial", source="A journal", year=2019)
    Post.objects.update(cover=make_image())
    sign(client, post)
    assert reads_badge(client, post)
    change(Post.objects.get())
    assert not reads_badge(client, post)
    assert "the text was changed since" in client.get(f"/admin/posts/post/{post.pk}/change/").text


def test_the_badge_comes_back_with_the_very_text(client, rhea, post):
    sign(client, post)
    body = post.body
    change_body(post)
    Post.objects.update(body=body)
    assert reads_badge(client, post)


def test_what_is_not_medical_leaves_the_badge(client, rhea, post):
    sign(client, post)
    Post.objects.update(featured=True, slug="on-ketamine-2", replies_open=False)
    assert reads_badge(client, Post.objects.get())


def test_a_text_that_changed_meanwhile_is_not_signed_and_the_note_is_kept(client, rhea, post):
    data = review_data(client, post, note="Checked the doses")
    change_body(post)
    response = client.post(page_of(post), data)
    assert response.status_code == 422
    assert "The text was changed while you read it." in response.text
    assert "Checked the doses" in response.text
    assert "It harms nobody." in response.text
    assert Review.objects.count() == 0
    again = {**data, "digest": response.context["form"].shown}
    assert "Your review is signed." in client.post(page_of(post), again, follow=True).text
    assert reads_badge(client, post)


@pytest.mark.parametrize("forged", ["", "0" * 64])
def test_a_forged_digest_signs_nothing(client, rhea, post, forged):
    response = sign(client, post, digest=forged)
    assert "The text was changed while you read it." in response.text
    assert Review.objects.count() == 0


def refused(client, post: Post, sentence: str) -> bool:
    shown = client.get(page_of(post))
    assert 'type="submit" class="default"' not in shown.text
    response = sign(client, post, note="My note")
    assert response.status_code == 422
    assert "My note" in response.text
    assert Review.objects.count() == 0
    assert not reads_badge(client, post)
    return sentence in shown.text and sentence in response.text


def test_an_account_without_a_person_cannot_sign(client, rhea, post):
    Person.objects.filter(pk=rhea.pk).update(user=None)
    assert refused(client, post, "Your account is not linked to a person.")


def test_a_person_without_credentials_cannot_sign(client, rhea, post):
    Person.objects.filter(pk=rhea.pk).update(credentials="")
    assert refused(client, post, "You are listed without credentials.")


def test_the_writer_cannot_sign(client, rhea, post):
    Post.objects.update(writer=rhea)
    assert refused(client, post, "You wrote this article, so somebody else has to review it.")


@pytest.mark.parametrize(
    ("field", "days", "sentence"),
    [("reviewed_on", 1, "This day is still to come."), ("due_on", 0, "The next review comes after this one.")],
)
def test_dates_that_cannot_be_are_told_at_their_field(client, rhea, post, field, days, sentence):
    response = sign(client, post, note="Kept", **{field: timezone.localdate() + timedelta(days=days)})
    assert response.status_code == 422
    assert sentence in response.text
    assert "Kept" in response.text
    assert Review.objects.count() == 0


def test_only_reviewers_may_sign(client, rhea, post):
    data = review_data(client, post)
    for user in (make_user("ada", roles.WRITERS), make_user("mo", roles.MODERATORS)):
        client.force_login(user)
        assert client.get(page_of(post)).status_code == 403
        assert client.post(page_of(post), data).status_code == 403
        assert "Review this text" not in client.get(f"/admin/posts/post/{post.pk}/change/").text
    client.logout()
    assert client.post(page_of(post), data).status_code == 302
    assert Review.objects.count() == 0


def test_an_article_that_is_not_there_cannot_be_reviewed(client, rhea):
    assert client.get("/admin/posts/post/999/review/").status_code == 404


def test_a_writer_who_changes_a_reviewed_text_is_told(client, rhea, post):
    sign(client, post)
    client.force_login(make_user("ada", roles.WRITERS))
    data = {
        "title": "Another title",
        "body": post.body,
        "writer": post.writer_id,
        "slug": post.slug,
        "references-TOTAL_FORMS": 0,
        "references-INITIAL_FORMS": 0,
        "corrections-TOTAL_FORMS": 0,
        "questions-TOTAL_FORMS": 0,
        "questions-INITIAL_FORMS": 0,
        "corrections-INITIAL_FORMS": 0,
        "reviews-TOTAL_FORMS": 0,
        "reviews-INITIAL_FORMS": 0,
    }
    response = client.post(f"/admin/posts/post/{post.pk}/change/", data, follow=True)
    assert "The text was changed since its medical review." in response.text


# What readers are told


DAY = timedelta(days=1)
STATES = [
    ({"due_on": 31}, "reviewed", "next review due"),
    ({"due_on": 30}, "due", "the next review is due soon, by"),
    ({"due_on": 0}, "due", "the next review is due soon, by"),
    ({"due_on": -1}, "overdue", "the next review has been overdue since"),
]


def reviewed(post: Post, **days: int) -> Review:
    today = timezone.localdate()
    dates = {name: today + number * DAY for name, number in days.items()}
    return make_review(post, **dates)


@pytest.mark.parametrize(("days", "state", "words"), STATES)
def test_a_review_tells_readers_when_it_has_to_be_done_again(client, post, days, state, words):
    reviewed(post, reviewed_on=-400, **days)
    assert review_standing(Post.objects.get()).state == state
    page = client.get(post.get_absolute_url()).text
    assert BADGE in page
    assert words in page
    assert "Not yet medically reviewed" not in page


def test_an_article_without_a_review_says_so(client, post):
    assert review_standing(post) == Standing("none")
    page = client.get(post.get_absolute_url()).text
    assert "Not yet medically reviewed" in page
    assert BADGE not in page


def test_a_text_that_was_changed_says_that_its_review_no_longer_holds(client, post):
    reviewed(post, due_on=100)
    change_body(post)
    assert review_standing(Post.objects.get()) == Standing("changed")
    page = client.get(post.get_absolute_url()).text
    assert "The text was changed after its last medical review; it has not been reviewed again." in page
    assert "Jonas Weber" not in page
    assert BADGE not in page


def test_an_older_review_of_this_very_text_still_counts(post):
    review = reviewed(post, reviewed_on=-10, due_on=100)
    later = reviewed(post, reviewed_on=-5, due_on=200)
    Review.objects.filter(pk=later.pk).update(digest="0" * 64)
    assert review_standing(Post.objects.get()) == Standing("reviewed", review)


def test_a_page_is_no_article_and_needs_no_review(client):
    make_page("about")
    assert "reviewed" not in client.get("/about/").text


def test_the_standing_asks_the_database_for_nothing(post, django_assert_num_queries):
    reviewed(post, due_on=100)
    fetched = Post.objects.for_page().get()
    with django_assert_num_queries(0):
        assert review_standing(fetched).state == "reviewed"
