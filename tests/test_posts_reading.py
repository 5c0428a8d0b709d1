"""An article is read: what stands on its page, for whom, and at what cost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from ketablog import roles
from ketablog.secrets import sign_id
from posts.editorial import current_review
from posts.models import Attachment, Post, Reference, Tag
from tests.base import (
    make_category,
    make_comment,
    make_image,
    make_post,
    make_review,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post("Ketamine and sleep", slug="sleep", standfirst="What is known, in plain words.")


@pytest.fixture
def writer(client):
    user = make_user("ada", roles.WRITERS)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return user


def test_the_page_tells_who_wrote_what_and_when(client, post):
    make_site(disclaimer="This is not advice.")
    post.category = make_category("Depression")
    post.key_points = "It may disturb sleep.\nFor a night or two."
    post.cover = make_image(alt="A bed by a window", caption="A quiet room", credit="Our own")
    post.action_text, post.action_label, post.action_url = "Questions?", "Contact us", "/contact/"
    post.save()
    text = client.get("/posts/sleep/").text
    for words in (
        '<h1 id="title">Ketamine and sleep</h1>',
        "What is known, in plain words.",
        'href="/category/depression/"',
        "Ada Writer</a>, MD",
        "1 minute to read",
        "<li>It may disturb sleep.</li>",
        'alt="A bed by a window" width="1600" height="900"',
        "A quiet room · Our own",
        "What we know, and what we do not.",
        'href="/contact/">Contact us</a>',
        "This is not advice.",
        "Share this post",
        "No replies yet",
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked",
    ):
        assert words in text


def test_references_are_numbered_linked_and_say_their_kind_of_evidence(client, post):
    Reference.objects.create(
        post=post, position=1, title="Sleep in a trial", source="Pain", year=2020, doi="10.1/x", kind="trial"
    )
    Reference.objects.create(post=post, position=2, title="A label", source="FDA", year=2021, kind="regulator")
    text = client.get("/posts/sleep/").text
    assert '<li id="ref-1">' in text
    assert '<li id="ref-2">' in text
    assert 'href="https://doi.org/10.1/x" rel="noopener"' in text
    assert "Randomized trial" in text


def test_a_reference_of_no_kind_in_particular_says_nothing_of_its_kind(client, post):
    Reference.objects.create(post=post, position=1, title="A page", source="Clinic", year=2020, kind="other")
    text = client.get("/posts/sleep/").text
    assert "Clinic, 2020" in text
    assert 'class="kind"' not in text


def test_a_review_of_exactly_this_text_is_named_with_its_dates(client, post):
    today = timezone.localdate()
    make_review(post, reviewed_on=today, due_on=today + timedelta(days=90))
    text = client.get("/posts/sleep/").text
    assert "Medically reviewed by" in text
    assert "Jonas Weber, PhD" in text
    assert "next review due" in text


def test_an_overdue_review_says_so(client, post):
    make_review(post, due_on=timezone.localdate() - timedelta(days=1))
    assert "the next review has been overdue since" in client.get("/posts/sleep/").text


def test_a_text_changed_since_its_review_claims_none(client, post):
    make_review(post)
    post.body = "<p>Another claim.</p>"
    post.save()
    assert "Medically reviewed" not in client.get("/posts/sleep/").text


def test_corrections_stand_under_the_references_the_newest_first(client, post):
    post.corrections.create(corrected_on=date(2026, 3, 1), text="It said one hour; it is two.")
    post.corrections.create(corrected_on=date(2026, 5, 9), text="The year of the trial was wrong.")
    text = client.get("/posts/sleep/").text
    assert 'id="corrections">Corrections<' in text
    text = text[text.index('id="corrections"') :]
    assert text.index("May 9, 2026") < text.index("The year of the trial was wrong.") < text.index("March 1, 2026")
    assert "<p>It said one hour; it is two.</p>" in text


def test_a_correction_after_the_review_ends_the_review(client, post):
    make_review(post)
    post.corrections.create(text="It said one hour; it is two.")
    assert "Medically reviewed by" not in client.get("/posts/sleep/").text


def test_help_lines_stand_at_the_end_of_articles_marked_for_them(client, post):
    make_site(help_lines="A friendly line | tel:988")
    heading = "If you need somebody to talk to now"
    assert heading not in client.get("/posts/sleep/").text
    post.shows_help_lines = True
    post.save()
    text = client.get("/posts/sleep/").text
    assert text.index("What we know") < text.index(heading) < text.index("Share this post")
    assert '<a href="tel:988">A friendly line</a>' in text


def test_no_empty_help_lines_where_the_clinic_named_none(client, post):
    make_site(help_lines="")
    Post.objects.update(shows_help_lines=True)
    assert "If you need somebody to talk to now" not in client.get("/posts/sleep/").text


def test_updated_is_told_when_the_text_changed_and_only_then(client, post):
    published = timezone.now() - timedelta(days=40)
    Post.objects.update(published_at=published, revised_at=published)
    post.refresh_from_db()
    post.featured = True
    post.save()
    assert "Updated" not in client.get("/posts/sleep/").text
    post.body = "<p>We know more now.</p>"
    post.save()
    assert "Updated" in client.get("/posts/sleep/").text


def test_an_article_knows_all_that_belongs_to_it_from_its_own_query(post, django_assert_num_queries):
    post.tags.set([Tag.objects.create(name="Sleep"), Tag.objects.create(name="Dreams")])
    for position in (2, 1):
        Reference.objects.create(
            post=post,
            position=position,
            title=f"Source {position}",
            source="A journal",
            year=2020,
            checked_on="2026-01-31",
        )
    post.attachments.add(Attachment.objects.create(title="A leaflet", file="leaflets/a.pdf", size=5))
    post.corrections.create(text='It said "one" \\ hour.')
    signed = make_review(post)
    separate = Post.objects.prefetch_related("tags", "references", "attachments", "corrections", "reviews").get()
    with django_assert_num_queries(1):
        together = Post.objects.for_page().get()
        for name in ("tags", "references", "attachments", "corrections", "reviews"):
            expected, found = list(getattr(separate, name).all()), list(getattr(together, name).all())
            assert found == expected
            for one, other in zip(expected, found, strict=True):
                for field in one._meta.concrete_fields:
                    assert getattr(other, field.attname) == getattr(one, field.attname)
        assert current_review(together) == signed
        assert together.reviews.all()[0].reviewer.name == "Jonas Weber"


def test_the_head_gives_one_address_and_a_picture(client, post):
    post.cover = make_image()
    post.save()
    text = client.get("/posts/sleep/?utm_source=x&fbclid=y").text
    assert '<link rel="canonical" href="http://testserver/posts/sleep/">' in text
    assert '<meta property="og:title" content="Ketamine and sleep">' in text
    assert '<meta property="og:image" content="http://testserver/posts/sleep/card-' in text
    assert '<meta name="description" content="What is known, in plain words.">' in text


def test_markup_in_a_title_stays_words(client):
    make_post('<script>alert("x")</script>', slug="odd")
    text = client.get("/posts/odd/").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize("slug", ["schlaf-und-ketamin", "сон-и-кетамин", "睡眠"])
def test_an_address_may_be_in_any_letters(client, slug):
    make_post("Sleep", slug=slug)
    assert client.get(f"/posts/{slug}/").status_code == 200


# Who may read


def test_a_draft_is_not_there_for_the_public(client):
    make_post("Not yet", slug="draft", published=None)
    response = client.get("/posts/draft/")
    assert response.status_code == 404
    assert "Not yet" not in response.text


def test_an_article_of_tomorrow_is_not_there_today(client):
    make_post("Soon", slug="soon", published=-timedelta(days=1))
    assert client.get("/posts/soon/").status_code == 404


def test_a_withdrawn_article_says_when_it_was_taken_back_and_offers_others(client, post):
    make_site(time_zone="America/New_York")
    make_post(
        "Old advice",
        slug="old",
        withdrawn_at=datetime(2026, 3, 2, 1, tzinfo=UTC),
        published=datetime(2025, 1, 1, tzinfo=UTC),
    )
    response = client.get("/posts/old/")
    assert response.status_code == 410
    assert "This article was taken back" in response.text
    assert "we withdrew it on March 1, 2026" in response.text
    assert "Old advice" not in response.text
    assert "Ketamine and sleep" in response.text
    assert '<meta name="robots" content="noindex">' in response.text


def test_a_withdrawn_article_offers_its_own_subject_first(client):
    pain, tag = make_category("Pain"), Tag.objects.create(name="Infusion")
    old = make_post(slug="old", category=pain, withdrawn_at=timezone.now())
    old.tags.add(tag)
    make_post("Same category", category=pain, published=timedelta(days=9))
    make_post("Same tag", published=timedelta(days=8)).tags.add(tag)
    make_post("Not public", category=pain, published=None)
    for number in range(5):
        make_post(f"Other {number}")
    text = client.get("/posts/old/").text
    subject, newest = text.index("On the same subject"), text.index("Newest articles")
    assert subject < text.index("Same tag") < text.index("Same category") < newest < text.index("Other 4")
    assert "Not public" not in text
    assert text.count("Same category") == 1


def test_a_withdrawn_article_of_no_subject_offers_the_newest(client, post):
    make_post(slug="old", withdrawn_at=timezone.now())
    text = client.get("/posts/old/").text
    assert "On the same subject" not in text
    assert text.count("Ketamine and sleep") == 1


def test_the_page_of_a_withdrawn_article_costs_the_same_with_many_others(client, django_assert_max_num_queries):
    pain = make_category("Pain")
    make_post(slug="old", category=pain, withdrawn_at=timezone.now())
    for _number in range(20):
        make_post(category=pain, cover=make_image())
    with django_assert_max_num_queries(5):
        client.get("/posts/old/")


@pytest.mark.parametrize(
    "address", ["/comments/feed/", "/feed/", "/posts/old/comments/", "/comments/{pk}/", "/sitemap.xml"]
)
def test_nothing_of_a_withdrawn_article_is_told_elsewhere(client, address):
    post = make_post("Old advice", slug="old", body="<p>Take two.</p>", withdrawn_at=timezone.now())
    comment = make_comment(post, "I took three.")
    text = client.get(address.format(pk=comment.pk), follow=True).text
    for words in ("Old advice", "Take two.", "I took three.", "/posts/old/"):
        assert words not in text


def test_an_article_withdrawn_before_anybody_saw_it_was_never_there(client):
    make_post(slug="never", published=-timedelta(days=1), withdrawn_at=timezone.now())
    assert client.get("/posts/never/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"published": None}, "Draft – only staff can see this"),
        ({"published": -timedelta(days=1)}, "Scheduled for"),
        ({"withdrawn_at": timezone.now()}, "Withdrawn – only staff can see this"),
    ],
)
def test_staff_read_what_the_public_cannot_and_see_why(client, writer, fields, words):
    post = make_post(slug="own", **fields)
    response = client.get("/posts/own/")
    assert response.status_code == 200
    assert words in response.text
    assert f'href="/admin/posts/post/{post.pk}/change/"' in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert 'id="reply-form"' not in response.text


def test_somebody_signed_in_without_the_right_reads_no_draft(client):
    client.force_login(make_user("new"), "django.contrib.auth.backends.ModelBackend")
    make_post(slug="draft", published=None)
    assert client.get("/posts/draft/").status_code == 404


def test_two_anonymous_readers_get_the_same_bytes_and_no_cookie(client, post):
    make_comment(post)
    one, other = client.get("/posts/sleep/"), client.get("/posts/sleep/", headers={"accept-language": "es"})
    assert one.content == other.content
    assert not one.cookies
    assert "Cookie" not in one.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in one.text


def test_a_cookie_that_another_site_on_this_host_left_is_answered_with_none(client, post):
    plain = client.get("/posts/sleep/")
    client.cookies["csrftoken"] = "not-of-this-site"
    other = client.get("/posts/sleep/")
    assert not other.cookies
    assert other.headers == plain.headers
    assert other.content == plain.content


# Replies on the page


def test_own_held_reply_is_shown_by_its_token_alone_and_kept_by_no_cache(client, post):
    held = make_comment(post, "still waiting", status="pending")
    assert "still waiting" not in client.get("/posts/sleep/").text
    response = client.get("/posts/sleep/", {"mine": sign_id("mine", held.pk)})
    assert "still waiting" in response.text
    assert "Your reply is awaiting moderation." in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("token", ["", "1", "MQ:forged", "x" * 5000])
def test_a_forged_token_shows_nothing(client, post, token):
    make_comment(post, "still waiting", status="pending")
    response = client.get("/posts/sleep/", {"mine": token})
    assert response.status_code == 200
    assert "still waiting" not in response.text


def test_a_name_keeps_its_direction_to_itself(client, post):
    make_comment(post, name="محمد")
    assert "<bdi>محمد</bdi>" in client.get("/posts/sleep/").text


def test_staff_are_marked_with_their_credentials(client, post):
    user = make_user("ada", first_name="Ada", last_name="Writer")
    post.writer.user = user
    post.writer.save()
    make_comment(post, name="Ada Writer", user=user)
    assert '<span class="badge">Staff, MD</span>' in client.get("/posts/sleep/").text


def test_closed_replies_leave_no_form(client):
    make_comment(make_post(slug="closed", replies_open=False))
    text = client.get("/posts/closed/").text
    assert "Replies to this article have been closed since" in text
    assert 'id="reply-form"' not in text
    assert "reply-link" not in text


@pytest.mark.parametrize("number", ["abc", "0", "-1", "2", "9" * 21, "9" * 5000, ""])
def test_a_page_of_replies_that_does_not_exist_is_answered_in_words(client, post, number):
    response = client.get("/posts/sleep/", {"comments": number})
    assert response.status_code == 404
    assert "This article has no such page of replies." in response.text


def test_a_page_with_all_that_an_article_can_have_takes_six_queries(client, post, django_assert_num_queries):
    post.tags.add(Tag.objects.create(name="Sleep"))
    post.references.create(title="A trial", source="A journal", year=2024)
    post.corrections.create(text="A year was wrong.")
    post.category, post.cover = make_category(), make_image()
    post.save()
    make_review(post)
    for days in (2, 3, 0):
        make_post(category=post.category, published=timedelta(days=days)).tags.set(post.tags.all())
    top = make_comment(post)
    for number in range(40):
        make_comment(post, f"Reply {number}", parent=top if number % 2 else None)
    with django_assert_num_queries(6):
        text = client.get("/posts/sleep/").text
    for words in (
        "A trial",
        "A year was wrong.",
        "Medically reviewed",
        "Related articles",
        "Next article",
        "41 replies",
    ):
        assert words in text


# Images


def test_an_image_leads_the_editor_to_its_file_and_nobody_else(client):
    image = make_image()
    assert client.get(f"/images/{image.pk}/").status_code == 404
    client.force_login(make_user("ada", "Writers"))
    response = client.get(f"/images/{image.pk}/")
    assert response.status_code == 302
    assert response.headers["Location"] == image.file.url


@pytest.mark.parametrize("address", ["/images/999/", f"/images/{'9' * 30}/", "/images/abc/", "/nobody/", "/tag/x/"])
def test_what_is_not_there_is_answered_with_404(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/", "/posts/sleep/", "/feed/", "/sitemap.xml", "/robots.txt"])
def test_reading_pages_take_no_post(client, post, address):
    assert client.post(address).status_code == 405
