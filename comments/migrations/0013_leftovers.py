from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_the_present_version(apps, schema_editor) -> None:
    Comment, Report = apps.get_model("comments", "Comment"), apps.get_model("comments", "Report")
    present = Comment.objects.filter(pk=OuterRef("comment")).values("text_version")
    Report.objects.update(text_version=Subquery(present))


class Migration(migrations.Migration):
    """A report is about one version of a reply's text."""

    dependencies = [("comments", "0012_groups_may_ask")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="text_version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="text version"),
        ),
        migrations.RemoveConstraint(model_name="report", name="report_once_a_day"),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("comment", "client", "text_version"), name="report_once_a_day"),
        ),
        migrations.RunPython(take_the_present_version, migrations.RunPython.noop),
    ]
