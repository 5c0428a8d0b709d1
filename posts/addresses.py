"""Which addresses of this site are in use, and where those lead that something public had before.

No former address ever leads to another one: chains are straightened when they are written, so that one
look is enough and nothing goes round in circles.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone

from ketablog.prepared import Given, Prepared
from posts.models import Category, FormerAddress, Page, Person, Post, Tag
from posts.querysets import PostQuerySet

# What WordPress calls its pages where nobody chose better addresses: /?p=123
ASKED_AT_HOME = ("p", "page_id", "cat", "tag", "author")


def path_of(row: models.Model) -> str:
    """The address of a row as a request brings it, in its own letters."""
    return unquote(row.get_absolute_url())  # type: ignore[attr-defined]


def known_address(row: models.Model) -> str:
    """The address under which the public may know this row as it is stored; empty where it never was public.

    Holds the row until the transaction ends.
    """
    stored = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    return path_of(stored) if stored is not None and _is_known(stored) else ""


def keep(row: models.Model, before: str) -> None:
    """Let the address that a row had `before` it was stored lead to the one it has; empty if there was none."""
    now = path_of(row)
    if before and before != now:
        moved(before, now)
    elif not before and _is_known(row):
        FormerAddress.objects.filter(path=now).delete()


def moved(old: str, new: str) -> None:
    """Let `old`, and whatever led to `old`, lead to `new`, which is itself no former address any more."""
    if old == new:
        return
    with transaction.atomic():
        FormerAddress.objects.filter(path=new).delete()
        FormerAddress.objects.filter(target=old).update(target=new)
        FormerAddress.objects.update_or_create(path=old, defaults={"target": new})


def lead_on(request: HttpRequest) -> str:
    """Where that is now which a request did not find; empty where nothing is known of it. One query.

    What stands below an article's former address, such as its feed, has moved along with it.
    """
    path = request.path_info
    match = request.resolver_match
    owner = "/".join(path.split("/")[:3]) + "/" if match is not None and "slug" in match.kwargs else path
    targets = _targets([path, owner])
    if path in targets:
        return targets[path]
    target = targets.get(owner, "")
    return target + path.removeprefix(owner) if target.endswith("/") else ""


def asked_at_home(query: Mapping[str, str]) -> str:
    """Where that is now which the home address was asked for, as in /?p=123; empty, without a query, for any other."""
    asked = [f"/?{name}={query[name]}" for name in ASKED_AT_HOME if name in query]
    return next(iter(_targets(asked).values()), "") if asked else ""


def followed(path: str) -> str:
    """Where a former address leads; any other is given back as it is."""
    return _targets([path]).get(path, path)


def is_served(path: str) -> bool:
    """Whether readers find something at this path now."""
    try:
        match = resolve(path)
    except Resolver404:
        return not path.endswith("/") and is_served(f"{path}/")
    rows: dict[str | None, models.QuerySet] = {
        "post_detail": Post.objects.published(),
        "category_detail": Category.objects.all(),
        "tag_detail": Tag.objects.all(),
        "author_detail": Person.objects.all(),
        "page_detail": Page.objects.all(),
    }
    return match.url_name not in rows or rows[match.url_name].filter(**match.kwargs).exists()


def leading_nowhere(links: Iterable[str]) -> list[str]:
    """Those of the links to this site at which readers find nothing."""
    paths = {link: unquote(urlsplit(link).path) for link in links}
    return [link for link, path in paths.items() if not is_served(path) and followed(path) == path]


def is_reserved(path: str) -> bool:
    """Whether a page with this path would never be shown, because something else answers there."""
    address = f"/{path}/"
    try:
        return address.startswith(settings.STATIC_URL) or resolve(address).url_name != "page_detail"
    except Resolver404:
        return False


def published_post(slug: str) -> Post | None:
    """The public article that has this slug, or had it before it was given another one; with its category."""
    now = timezone.now()
    found = next(iter(_with_slug(slug, now)), None)
    if found is None:
        target = followed(f"/posts/{slug}/")
        found = next(iter(_with_slug(target.removeprefix("/posts/").strip("/"), now)), None)
    return found


@Prepared
def _with_slug(slug: Given, now: Given) -> PostQuerySet:
    return Post.objects.published(now).select_related("category").filter(slug=slug)


def _is_known(row: models.Model) -> bool:
    return not isinstance(row, Post) or row.is_published or row.is_gone


def _targets(paths: list[str]) -> dict[str, str]:
    asked = {path for path in paths if "\0" not in path}  # PostgreSQL takes none.
    return dict(FormerAddress.objects.filter(path__in=asked).values_list("path", "target"))
