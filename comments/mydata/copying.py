"""A copy of all that is stored of an address, for its owner to keep."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import privacy
from comments.mydata.opening import Opened


def document(opened: Opened) -> dict[str, object]:
    """As JSON can hold it. Whatever else is stored of an address is a line here."""
    return {
        "site": settings.SITE_URL,
        "email": opened.address,
        "made_at": timezone.now(),
        "replies": [privacy.export(comment) for comment in opened.replies.for_its_writer()],
        "reports": _("Reports about replies are stored without anything that tells who sent them."),
    }
