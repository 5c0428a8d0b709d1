"""A site moves from SQLite to PostgreSQL by the commands of docs/operations.md, with all that is in it."""

import re

import pytest

from tests.databases import ON_POSTGRESQL, another_database
from tests.running import ROOT, environment, run

# A change of what is public is of the database that it was made in.
COUNT = (
    "from django.apps import apps; "
    "models = [model for model in apps.get_models() if model._meta.label not in "
    "('contenttypes.ContentType', 'ketablog.Change')]; "
    "print({model._meta.label: model._default_manager.count() for model in models})"
)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="there is no PostgreSQL to move to")
def test_all_that_was_on_sqlite_is_on_postgresql(tmp_path):
    before = environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/ketablog.sqlite3")
    manage(before, "migrate", "-v0")
    manage(before, "load_demo", "--quiet")
    text = (ROOT / "docs" / "operations.md").read_text().replace("\\\n", " ")
    dump = re.search(r"manage\.py (dumpdata .*)", text)[1]
    manage(before, *dump.replace("/var/lib/ketablog", str(tmp_path)).split())
    with another_database(tmp_path) as url:
        after = before | {"DATABASE_URL": url}
        loading = re.search(r"manage\.py (migrate && .*loaddata.*)", text)[1].replace(
            "/var/lib/ketablog", str(tmp_path)
        )
        for command in loading.replace("manage.py ", "").split(" && "):
            manage(after, *command.split())
        counted = manage(after, "shell", "--no-imports", "-c", COUNT)
        assert "'comments.Comment': 0" not in counted
        assert counted == manage(before, "shell", "--no-imports", "-c", COUNT)
        manage(after, "check", "--database", "default")


def manage(env: dict[str, str], *arguments: str) -> str:
    done = run("manage.py", *arguments, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout
