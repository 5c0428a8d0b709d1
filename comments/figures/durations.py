"""How long something took, in words that fit a table."""

from datetime import timedelta

from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def in_words(time: timedelta) -> str:
    """Minutes, or hours and minutes, or from two days on days and hours."""
    if time < HOUR:
        return _("%(minutes)d min") % {"minutes": time // MINUTE}
    if time < 2 * DAY:
        return _("%(hours)d h %(minutes)d min") % {"hours": time // HOUR, "minutes": time % HOUR // MINUTE}
    return _("%(days)d d %(hours)d h") % {"days": time // DAY, "hours": time % DAY // HOUR}
