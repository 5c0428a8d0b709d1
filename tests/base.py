"""The cast and its things: Ada writes, Jonas reviews, Mo moderates, Rita reads."""

import itertools
from datetime import datetime, timedelta

from django.utils import timezone

from comments.models import Comment
from ketablog import roles
from ketablog.models import SiteSettings, User
from ketablog.secrets import form_token
from posts.editorial import digest
from posts.models import Category, Image, Page, Person, Post, Review

ADA = {"name": "Ada Writer", "credentials": "MD"}
RITA = {"name": "Rita", "email": "rita@example.org"}
PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def make_user(username: str, *groups: str, **fields) -> User:
    """A member of staff in these groups, who signs in with `PASSWORD`."""
    fields.setdefault("email", f"{username}@clinic.example")
    user = User.objects.create_user(username, password=PASSWORD, is_staff=True, **fields)
    user.groups.set(roles.groups(list(groups)))
    return user


def make_mo() -> User:
    return make_user("mo", roles.MODERATORS, first_name="Mo", last_name="Moderator")


def make_site(**fields) -> SiteSettings:
    site = SiteSettings.objects.filter(pk=1).first() or SiteSettings()
    for name, value in fields.items():
        setattr(site, name, value)
    site.save()
    return site


def make_person(**fields) -> Person:
    return Person.objects.create(**{**ADA, **fields})


def make_category(name: str = "Depression", **fields) -> Category:
    return Category.objects.create(name=name, **fields)


def make_image(**fields) -> Image:
    """A row without its file, for whom the file does not matter."""
    return Image.objects.create(
        **{"file": f"images/{next(_numbers)}.webp", "alt": "A quiet harbor", "width": 1600, "height": 900, **fields}
    )


def make_post(
    title: str | None = None, *, published: datetime | timedelta | None = timedelta(days=1), **fields
) -> Post:
    """An article; published that long ago, or then, or not at all."""
    title = title or f"Article {next(_numbers)}"
    published_at = timezone.now() - published if isinstance(published, timedelta) else published
    fields.setdefault("body", "<p>What we know, and what we do not.</p>")
    if "writer" not in fields:
        fields["writer"] = Person.objects.filter(**ADA).first() or make_person()
    return Post.objects.create(title=title, published_at=published_at, **fields)


def make_review(post: Post, **fields) -> Review:
    """Jonas signs the text as it is stored."""
    fields.setdefault("reviewer", make_person(name="Jonas Weber", credentials="PhD"))
    return Review.objects.create(post=post, digest=digest(Post.objects.get(pk=post.pk)), **fields)


def make_page(path: str = "about", **fields) -> Page:
    return Page.objects.create(path=path, **{"title": "About us", "body": "<p>Who we are.</p>", **fields})


def make_comment(post: Post, source: str = "Thank you for this.", *, status: str = "approved", **fields) -> Comment:
    """A reply, approved unless said otherwise, written by Rita a minute ago."""
    fields = {**RITA, "created_at": timezone.now() - timedelta(minutes=1), **fields}
    return Comment.objects.create(post=post, source=source, status=status, **fields)


def reply_data(post: Post, **fields) -> dict[str, object]:
    """What a browser posts when Rita replies; a field given as `None` is left out."""
    data = {"comment": "I had the same question.", **RITA, "website": "", "token": form_token(post.pk), **fields}
    return {name: value for name, value in data.items() if value is not None}
