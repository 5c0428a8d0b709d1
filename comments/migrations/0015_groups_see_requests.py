from django.db import migrations

from ketablog import roles


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    """Site managers may see how often readers erased what they wrote."""

    dependencies = [("comments", "0014_mydata")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
