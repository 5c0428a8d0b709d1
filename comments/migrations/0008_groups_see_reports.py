from django.db import migrations

from ketablog import roles


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    """Moderators may see what readers report."""

    dependencies = [("comments", "0007_reports")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
