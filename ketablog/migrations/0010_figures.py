import django.core.validators
from django.db import migrations, models

import ketablog.site_moderators


def from_yes_or_no(apps, schema_editor):
    User = apps.get_model('ketablog', 'User')
    User.objects.filter(wants_reply_mail=False).update(reply_mail='none')


def to_yes_or_no(apps, schema_editor):
    User = apps.get_model('ketablog', 'User')
    User.objects.filter(reply_mail='none').update(wants_reply_mail=False)


class Migration(migrations.Migration):

    dependencies = [
        ('ketablog', '0009_writers'),
    ]

    operations = [
        migrations.AddField(
            model_name='sitesettings',
            name='answer_within_hours',
            field=models.PositiveSmallIntegerField(default=0, help_text='Of the hours above. Writers see on their private page when somebody will have looked, and moderators get a mail before it is too late. 0 promises nothing.', validators=[django.core.validators.MaxValueValidator(500)], verbose_name='hours until a reply is decided, at most'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='days_off',
            field=models.TextField(blank=True, help_text='Holidays, one a line: 2027-04-05, or 12-25 for every year, or 2027-12-24 – 2027-12-31. Words may follow, such as 12-25 Christmas.', max_length=5000, validators=[ketablog.site_moderators.check_days_off], verbose_name='days off'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='mail_buttons_without_login',
            field=models.BooleanField(default=False, help_text="The mail that a reply waits has links to approve it, to mark it as spam and to remove it; each asks once. On, whoever gets at the mail within three days can decide in its reader's name.", verbose_name='decide from a mail without signing in'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='moderation_hours',
            field=models.TextField(blank=True, help_text='For counting: a line for each day or several, such as Mon–Fri 9:00–12:30, 13:30–17:00. Empty: all hours count. What readers are told is what you write above.', max_length=1000, validators=[ketablog.site_moderators.check_week], verbose_name='when staff look at replies'),
        ),
        migrations.AddField(
            model_name='user',
            name='reply_mail',
            field=models.CharField(choices=[('at_once', 'At once'), ('daily', 'One mail a day'), ('none', 'No mails')], default='at_once', help_text='About those that wait for a decision, without their text and names. What may be a cry for help is told at once, but for who wants no mails at all.', max_length=7, verbose_name='mails about replies'),
        ),
        migrations.RunPython(from_yes_or_no, to_yes_or_no),
        migrations.RemoveField(
            model_name='user',
            name='wants_reply_mail',
        ),
    ]
