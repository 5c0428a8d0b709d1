from django.db import migrations

from ketablog import roles


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    """Moderators may ban writers, and close the replies of articles."""

    dependencies = [("comments", "0022_writers"), ("posts", "0006_writers")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
