from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PostsConfig(AppConfig):
    name = "posts"
    verbose_name = _("Articles")
    # Models whose rows no reader ever sees, so that writing to them leaves stored pages as they are.
    never_shown = {
        "SearchEntry",
        "SearchWord",
    }

    def ready(self) -> None:
        from posts.search import checks

        checks.register_all()
        post_migrate.connect(prepare_search, sender=self)
        post_migrate.connect(set_anew_what_is_old, sender=self)


def prepare_search(using: str, apps: Apps = installed_apps, **kwargs: object) -> None:
    """After each migration: SQLite loses its triggers when a table is altered, and what is new is not indexed yet."""
    from posts import search
    from posts.search.engine import engine_of

    if using == DEFAULT_DB_ALIAS and _is_current(apps):
        engine_of(connections[using]).prepare(connections[using])
        search.bring_up_to_date()


def set_anew_what_is_old(using: str, apps: Apps = installed_apps, **kwargs: object) -> None:
    """After an upgrade: the worker renders what an older version rendered, and makes the sizes that images lack."""
    from posts import appearances, renditions

    if using == DEFAULT_DB_ALIAS and _is_current(apps):
        if appearances.any_is_old():
            appearances.render_all_again_later()
        renditions.make_missing_later()


def _is_current(migrated: Apps) -> bool:
    """Whether the tables are those of this code, not those of an older migration."""
    for name in ("post", "page", "tag", "image", "searchentry", "searchword"):
        model = installed_apps.get_model("posts", name)
        try:
            columns = {field.column for field in migrated.get_model("posts", name)._meta.local_concrete_fields}
        except LookupError:
            return False
        if columns != {field.column for field in model._meta.local_concrete_fields}:
            return False
    return True
