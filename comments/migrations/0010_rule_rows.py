from django.db import migrations

from comments.rules import RULES
from ketablog import roles


def make_rows(apps, schema_editor) -> None:
    rows = apps.get_model("comments", "RuleSetting").objects
    rows.bulk_create([rows.model(name=rule.name, outcome=rule.outcome) for rule in RULES], ignore_conflicts=True)


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    """A row for each rule, and who may change them."""

    dependencies = [("comments", "0009_rules")]

    operations = [
        migrations.RunPython(make_rows, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
