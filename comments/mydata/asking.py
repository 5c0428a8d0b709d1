"""Asking by address. Whether we know it changes nothing that the request does; only its mailbox hears of it."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.urls import reverse

from comments import guard, refusals
from comments.intake import check_flood
from comments.models import Comment, DataRequest
from comments.mydata import opening
from comments.mydata.forms import AddressForm
from ketablog.mail import compose, send_later
from ketablog.secrets import CannotDecrypt

logger = logging.getLogger("ketablog.mydata")

LIMITS = ((5, timedelta(minutes=1)), (20, timedelta(hours=1)))
MAILS_A_DAY = 3
BUILDER = "comments.mydata.asking.link_mail"


def take(request: HttpRequest, form: AddressForm) -> None:
    """Write down who asks, and queue the mail. Raises `Refused` by the first check that fails."""
    guard.check_origin(request)
    if not form.is_valid():
        raise refusals.fields_are_wrong()
    try:
        check_flood(request, "my-data", LIMITS, refusals.too_many_asked)
        with transaction.atomic():
            asked = DataRequest()
            asked.email = form.cleaned_data["email"]
            asked.save(force_insert=True)
            send_later(BUILDER, asked.pk)
    except DatabaseError as error:
        logger.exception("a request for own data could not be saved")
        raise refusals.asking_not_saved() from error


def link_mail(request_id: int) -> EmailMessage | None:
    """The mail with the link; `None` where nothing is stored of the address, where three mails were asked for on that
    day before, and where the request was used or is a day old."""
    asked = DataRequest.objects.unused().young().filter(pk=request_id).first()
    try:
        if asked is None or DataRequest.objects.before_on_its_day(asked).count() >= MAILS_A_DAY:
            return None
        address = asked.email
    except CannotDecrypt:
        return None
    if not Comment.objects.of_address(address).exists():
        return None
    link = settings.SITE_URL + reverse("my_data_link", args=[opening.token_for(asked)])
    return compose("my_data", _mailbox(address), link=link)


def _mailbox(address: str) -> str:
    """Where mail to the address goes. What is stored is found by the folded address, and another one that folds to the
    same may be the mailbox of somebody else: it hears nothing."""
    return address if address.isascii() else address.casefold()
