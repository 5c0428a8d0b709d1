from django.db import migrations

from ketablog import roles


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    """Writers may keep questions and answers."""

    dependencies = [("comments", "0011_questions")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
