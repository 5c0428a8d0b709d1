from django.db import migrations

from ketablog import roles


def make_groups(apps, schema_editor) -> None:
    roles.make_groups()


class Migration(migrations.Migration):
    """Reviewers may insist on a reply that the guard refused; moderators see what was let through."""

    dependencies = [("comments", "0017_personal_data")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
