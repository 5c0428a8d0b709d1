"""The groups of staff and what each may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    from ketablog.accounts import User

# The groups bear these names in every language; the admin translates them where it shows them.
WRITERS = gettext_noop("Writers")
REVIEWERS = gettext_noop("Reviewers")
MODERATORS = gettext_noop("Moderators")
SITE_MANAGERS = gettext_noop("Site managers")

_WRITE = [
    *(
        f"posts.{verb}_{model}"
        for verb in ("view", "add", "change")
        for model in ("post", "image", "attachment", "tag", "correction")
    ),
    *(f"posts.{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in ("reference", "question")),
    "posts.view_person",
    "posts.view_category",
    "posts.view_review",
]
_REVIEW = [
    "posts.view_post",
    "posts.view_image",
    "posts.view_attachment",
    "posts.view_reference",
    "posts.view_person",
    "posts.view_correction",
    "posts.view_question",
    "posts.view_review",
    "posts.add_review",
    "comments.override_staff_guard",
]
_MODERATE = [
    "comments.view_comment",
    "comments.change_comment",
    "comments.edit_text",
    "comments.view_decision",
    "comments.view_report",
    "comments.view_rulesetting",
    *(f"comments.{verb}_ban" for verb in ("view", "add", "change")),
    *(f"comments.{verb}_wordlist" for verb in ("view", "add", "change", "delete")),
    "comments.view_override",
    "posts.view_post",
    "posts.close_replies",
]
_MANAGE = [
    *(
        f"posts.{verb}_{model}"
        for verb in ("view", "add", "change", "delete")
        for model in ("post", "page", "person", "category", "tag", "image", "attachment", "correction", "formeraddress")
    ),
    "ketablog.view_sitesettings",
    "ketablog.change_sitesettings",
    "ketablog.view_user",
    "ketablog.add_user",
    "ketablog.change_user",
    "comments.view_email",
    "comments.view_emaillook",
    "comments.change_rulesetting",
    "comments.view_dataact",
    "comments.delete_comment",
]

PERMISSIONS = {
    WRITERS: _WRITE,
    REVIEWERS: _REVIEW,
    MODERATORS: _MODERATE,
    SITE_MANAGERS: sorted({*_WRITE, *_REVIEW, *_MODERATE, *_MANAGE}),
}


def make_groups() -> None:
    """Make the groups, or bring their permissions up to date. A migration calls it whenever the table changes."""
    for label in ("ketablog", "posts", "comments"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, wanted in PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(by_name[permission] for permission in wanted)


def may_do_more(user: User, *, than: User) -> bool:
    """Whether a user holds, or would hold once active, a right that the other one has not."""
    if than.is_superuser or user.is_superuser:
        return not than.is_superuser
    return _rights(user).exclude(pk__in=_rights(than).values("pk")).exists()


def _rights(user: User) -> QuerySet[Permission]:
    return Permission.objects.filter(Q(user=user) | Q(group__user=user))


def groups(names: list[str]) -> list[Group]:
    """The groups of these names, made first where they are missing."""
    if Group.objects.filter(name__in=PERMISSIONS).count() < len(PERMISSIONS):
        make_groups()
    return list(Group.objects.filter(name__in=names))
