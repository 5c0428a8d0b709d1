from importlib import import_module

from django.db import migrations

make_rows = import_module("comments.migrations.0010_rule_rows").make_rows


class Migration(migrations.Migration):
    """Rows for the rules that came since."""

    dependencies = [("comments", "0019_classifier")]

    operations = [migrations.RunPython(make_rows, migrations.RunPython.noop)]
