from django.db import migrations, models
from PIL import Image


def measure(apps, schema_editor):
    """A logo that cannot be read keeps no size; the page then leaves it out."""
    for row in apps.get_model("ketablog", "SiteSettings").objects.exclude(logo=""):
        try:
            with row.logo.open() as file, Image.open(file) as picture:
                row.logo_width, row.logo_height = picture.size
        except (OSError, ValueError, SyntaxError):
            continue
        row.save(update_fields=["logo_width", "logo_height"])


class Migration(migrations.Migration):
    dependencies = [("ketablog", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="sitesettings",
            name="logo",
            field=models.FileField(
                blank=True,
                help_text="PNG, JPEG or WebP; shown at most 48 pixels high, beside the name.",
                upload_to="site/",
                verbose_name="logo",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="logo_width",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="logo_height",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(measure, migrations.RunPython.noop),
    ]
