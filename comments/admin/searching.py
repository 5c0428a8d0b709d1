"""Looking for replies. A mail address comes by POST and goes no further: addresses of pages stand in logs and
histories, so from there on the writer is named by the number of a reply."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from comments import privacy
from comments.admin.filters import ALL
from comments.models import Comment

FIELD = "search"
PARAMETERS = ("status", "q", "article", "reason", "reported", "age", "writer")


def lead_on(request: HttpRequest) -> HttpResponse:
    """To the list of what was asked for, with nothing of a mail address on the way."""
    asked = {name: value for name in PARAMETERS if (value := request.POST.get(name, "").strip())}
    if "@" in asked.get("q", ""):
        address = asked.pop("q")
        asked.pop("writer", None)
        found = _find(request, address)
        if found is not None:
            asked |= {"status": ALL, "writer": str(found.pk)}
    return redirect(f"{request.path}{'?' if asked else ''}{urlencode(asked)}")


def _find(request: HttpRequest, address: str) -> Comment | None:
    if not request.user.has_perm(privacy.VIEW_EMAIL):
        messages.warning(request, _("Only who may see mail addresses can look for one. Nothing was looked for."))
        return None
    found = Comment.objects.of_address(address).newest_first().first()
    if found is None:
        messages.warning(
            request, _("No reply came from that address. An address is found only where it is typed in full.")
        )
    return found
