from django.db import migrations

from ketablog import roles


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("ketablog", "0001_initial"),
        ("posts", "0001_initial"),
        ("comments", "0002_initial"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
