"""The demo's articles, pages, people and images, from the files beside this module."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import timezone

from ketablog import site
from ketablog.accounts import User
from ketablog.demo import Loader
from posts import editorial, publishing, renditions
from posts.demo.covers import draw_cover
from posts.models import Category, Correction, Image, Page, Person, Post, Reference, Review, Tag

FOLDER = Path(__file__).parent
COVER_SIZE = (1600, 900)


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def draw_covers(loader: Loader, say: Callable[[str], None]) -> dict[str, bytes]:
    """The covers that are still missing, as WebP, by the slugs of their articles. Takes half a second each."""
    missing = [row for row in read("articles.json") if loader.find(f"image:{row['slug']}") is None]
    drawn = {}
    for number, row in enumerate(missing, start=1):
        say(f"drawing cover {number} of {len(missing)}")
        file = io.BytesIO()
        draw_cover(row["cover"]["seed"], row["cover"]["motif"], COVER_SIZE).save(file, "WEBP", quality=82)
        drawn[row["slug"]] = file.getvalue()
    return drawn


def load(loader: Loader, accounts: dict[str, User], covers: dict[str, bytes]) -> None:
    """Everything but replies. `accounts` maps the keys of people to their users."""
    _load_site(loader)
    people = {row["key"]: _person(loader, row, accounts.get(row["key"])) for row in read("people.json")}
    categories = {row["slug"]: _topic(loader, Category, row) for row in read("categories.json")}
    tags = {row["slug"]: _topic(loader, Tag, row) for row in read("tags.json")}
    for row in read("pages.json"):
        _page(loader, row)
    for row in read("articles.json"):
        cover = loader.row(f"image:{row['slug']}", partial(_cover, row, covers))
        post = loader.row(
            f"post:{row['slug']}",
            partial(_post, row, people[row["writer"]], categories[row["category"]], cover),
        )
        post.tags.set(tags[slug] for slug in row["tags"])
        publishing.settle(post)
        if row["review"]:
            loader.row(f"review:{row['slug']}", partial(_review, row["review"], post, people))


def _load_site(loader: Loader) -> None:
    """Site settings are filled in only where nobody saved any yet."""
    if not site.SiteSettings.objects.exists():
        loader.row("site", _site)


def _site() -> site.SiteSettings:
    settings_row = site.SiteSettings(pk=1, **_site_fields())
    settings_row.full_clean(validate_unique=False)
    settings_row.save()
    return settings_row


def is_demo_site(settings_row: site.SiteSettings) -> bool:
    """Whether nobody changed the Site settings that the demo made."""
    return all(getattr(settings_row, name) == value for name, value in _site_fields().items())


def _site_fields() -> dict[str, str]:
    row = read("site.json")
    return dict(
        **{
            name: row[name]
            for name in ("name", "tagline", "accent", "disclaimer", "contact", "clinic_phone", "opening_hours")
        },
        time_zone=row.get("time_zone", "America/New_York"),
        help_lines=row["help_lines"],
        navigation=_lines(row["navigation"]),
        footer_links=_lines(row["footer_links"]),
        form_links=_lines(row["form_links"]),
    )


def _lines(links: list[dict[str, str]]) -> str:
    return "\n".join(f"{link['label']} | {link['url']}" for link in links)


def _person(loader: Loader, row: dict[str, Any], user: User | None) -> Person:
    fields = {name: row[name] for name in ("name", "credentials", "role", "bio")}
    return loader.row(f"person:{row['key']}", lambda: Person.objects.create(**fields, user=user))


def _topic(loader: Loader, model: type[Category] | type[Tag], row: dict[str, Any]) -> Any:
    """The topic of this slug; one that the clinic made itself is used as it is, and stays the clinic's."""
    key = f"{model._meta.model_name}:{row['slug']}"
    own = None if loader.find(key) else model.objects.filter(Q(slug=row["slug"]) | Q(name=row["name"])).first()
    return own or loader.row(key, lambda: model.objects.create(**row))


def _page(loader: Loader, row: dict[str, Any]) -> None:
    """The page at this address, unless the clinic has one of its own there."""
    key = f"page:{row['path']}"
    if loader.find(key) is None and not Page.objects.filter(path=row["path"]).exists():
        body = (FOLDER / "pages" / row["body"]).read_text(encoding="utf-8")
        loader.row(key, lambda: Page.objects.create(path=row["path"], title=row["title"], body=body))


def _cover(row: dict[str, Any], covers: dict[str, bytes]) -> Image:
    cover = row["cover"]
    image = Image.objects.create(
        file=ContentFile(covers[row["slug"]], name=f"demo-{row['slug']}.webp"),
        width=COVER_SIZE[0],
        height=COVER_SIZE[1],
        **{name: cover[name] for name in ("alt", "caption", "credit")},
    )
    renditions.make_later(image)
    return image


def _post(row: dict[str, Any], writer: Person, category: Category, cover: Image) -> Post:
    days = row["published"]
    action = row["call_to_action"]
    post = Post.objects.create(
        slug="" if Post.objects.filter(slug=row["slug"]).exists() else row["slug"],
        title=row["title"],
        standfirst=row["standfirst"],
        body=(FOLDER / "articles" / row["body"]).read_text(encoding="utf-8"),
        key_points="\n".join(row["key_points"]),
        writer=writer,
        category=category,
        cover=cover,
        featured=row["featured"],
        share_title=row.get("share_title", ""),
        shows_help_lines=row.get("shows_help_lines", False),
        action_text=action.get("text", ""),
        action_label=action.get("label", ""),
        action_url=action.get("url", ""),
        published_at=None if days is None else timezone.now() - timedelta(days=days),
    )
    Reference.objects.bulk_create(
        Reference(post=post, position=number, checked_on=reference.pop("checked"), **reference)
        for number, reference in enumerate(row["references"], start=1)
    )
    today = timezone.localdate()
    Correction.objects.bulk_create(
        Correction(post=post, corrected_on=today - timedelta(days=correction["days_ago"]), text=correction["text"])
        for correction in row.get("corrections", [])
    )
    if post.published_at:
        Post.objects.filter(pk=post.pk).update(updated_at=post.published_at, revised_at=post.published_at)
    return post


def _review(row: dict[str, Any], post: Post, people: dict[str, Person]) -> Review:
    today = timezone.localdate()
    return Review.objects.create(
        post=post,
        reviewer=people[row["reviewer"]],
        reviewed_on=today - timedelta(days=row["days_ago"]),
        due_on=today + timedelta(days=row["due_in_days"]),
        digest=editorial.digest(post),
    )
