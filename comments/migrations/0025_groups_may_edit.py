from django.db import migrations

from ketablog import roles


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    """Moderators may change the text of a reply."""

    dependencies = [("comments", "0024_desk")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
