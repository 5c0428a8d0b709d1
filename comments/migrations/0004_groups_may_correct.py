from django.db import migrations

from ketablog import roles


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    """Writers may add corrections, site managers may keep former addresses."""

    dependencies = [("posts", "0002_readers_page"), ("comments", "0003_groups")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
