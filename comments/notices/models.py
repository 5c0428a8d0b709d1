from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ketablog import secrets

# A mail that asks goes to one address once in so long, whoever typed it and however often.
ASKING = timedelta(days=1)


class NoticeAddressQuerySet(models.QuerySet["NoticeAddress"]):
    def of(self, address: str) -> NoticeAddressQuerySet:
        """The row of a mail address, whichever key it is under."""
        return self.filter(email_index__in=secrets.address_indexes(address))

    def opened_by(self, token: str) -> NoticeAddressQuerySet:
        """The one row that the link in a mail is for; none for any other text, and for a link that is dead."""
        opened = secrets.read_notices_token(token)
        return self.filter(pk=opened[0], generation=opened[1]) if opened else self.none()

    def not_stopped(self) -> NoticeAddressQuerySet:
        return self.filter(stopped_at__isnull=True)

    def unconfirmed(self) -> NoticeAddressQuerySet:
        return self.not_stopped().filter(confirmed_at__isnull=True)

    def unwatched(self) -> NoticeAddressQuerySet:
        """Those for which nothing is watched."""
        return self.filter(~Exists(Watch.objects.filter(address=OuterRef("pk"))))

    def asked_lately(self) -> NoticeAddressQuerySet:
        return self.filter(asked_at__gt=timezone.now() - ASKING)

    def hold(self) -> NoticeAddress | None:
        """The one of these, held until the transaction ends. Whatever changes its notices or wishes holds it first, so
        what is read of them afterwards stays so."""
        return self.select_for_update(of=("self",)).first()

    def let_go(self, ids: Collection[int]) -> int:
        """Erase those of these for which nothing is watched any longer. Returns how many went.

        A stop stays. So does, for a day, the code of an address that was asked: or it would be asked again too soon.
        """
        # Locked first and looked at afterwards, so that whoever begins to watch meanwhile keeps the row.
        locked = list(self.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk", flat=True))
        left = self.model.objects.filter(pk__in=locked).not_stopped().unwatched()
        left.asked_lately().update(email_encrypted="", confirmed_at=None, writer="", pace=NoticeAddress.Pace.EACH)
        lately = left.asked_lately().values_list("pk", flat=True)
        _all, by_model = left.exclude(pk__in=list(lately)).delete()
        return by_model.get(self.model._meta.label, 0)


class NoticeAddress(models.Model):
    """A mail address that notices are for. Nothing but the question whether they are wanted is sent before its owner
    said so; after the owner said stop, nothing is, and the address itself is erased."""

    class Pace(models.TextChoices):
        EACH = "each", _("One mail for each answer")
        DAILY = "daily", _("One mail a day, if there are answers")

    email_index = models.CharField(max_length=90, unique=True, editable=False)
    email_encrypted = models.CharField(max_length=600, blank=True, editable=False)
    # The writer that the owner of the address is known as, from whichever browser the link in a mail was opened.
    writer = models.CharField(max_length=32, blank=True, editable=False)
    pace = models.CharField(max_length=5, choices=Pace.choices, default=Pace.EACH)
    # Part of the link in each mail: another number, and the link is dead.
    generation = models.PositiveIntegerField(default=secrets.new_generation, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)

    objects = NoticeAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address for notices")
        verbose_name_plural = _("addresses for notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(email_encrypted=""), name="notice_stopped_has_no_address"
            ),
        ]

    def __str__(self) -> str:
        return _("Address for notices %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        """The page that the link in each mail leads to. Whoever has its address may change what is sent."""
        return reverse("notices", args=[secrets.notices_token(self.pk, self.generation)])

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.get_absolute_url()

    @property
    def email(self) -> str:
        """The address in clear, to write to. Raises `secrets.CannotDecrypt`."""
        return secrets.decrypt(self.email_encrypted)

    @email.setter
    def email(self, address: str) -> None:
        self.email_encrypted = secrets.encrypt(address)
        self.email_index = secrets.address_index(address)

    @property
    def writer_key(self) -> str:
        """What a browser keeps to be known as this writer. For the owner of the address alone, who said yes."""
        return secrets.writer_key(self.writer) if self.is_confirmed else ""

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None and bool(self.email_encrypted) and not self.is_stopped

    @property
    def may_be_asked(self) -> bool:
        """Whether a mail may ask it now if notices are wanted."""
        if self.is_stopped or self.confirmed_at is not None or not self.email_encrypted:
            return False
        return self.asked_at is None or self.asked_at <= timezone.now() - ASKING


class WatchQuerySet(models.QuerySet["Watch"]):
    def for_page(self) -> WatchQuerySet:
        """The newest first, with what tells them apart: the article of each reply, and its own date."""
        articles = ("comment__post__body", "comment__post__body_html", "comment__post__contents")
        rows = self.select_related("comment__post").defer("comment__source", "comment__html", *articles)
        return rows.order_by("-comment__created_at", "-pk")


class Watch(models.Model):
    """The writer of this reply wants to hear of it, at this address."""

    comment = models.OneToOneField("comments.Comment", on_delete=models.CASCADE, related_name="watch")
    address = models.ForeignKey(NoticeAddress, on_delete=models.CASCADE, related_name="watches")
    begun_at = models.DateTimeField(auto_now_add=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for notices")
        verbose_name_plural = _("wishes for notices")

    def __str__(self) -> str:
        return _("Notices for reply %(number)s") % {"number": self.comment_id}

    def was_confirmed_by(self, moment: datetime | None) -> bool:
        """Whether a confirmation at this moment was given with this wish in sight."""
        return moment is not None and moment >= self.begun_at


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unsent(self) -> NoticeQuerySet:
        return self.filter(sent_at__isnull=True)

    def about_answers(self) -> NoticeQuerySet:
        """Those that answers came, where these and what they answer are public and still watched."""
        return self.filter(
            kind=Notice.Kind.ANSWER,
            comment__status="approved",
            comment__parent__status="approved",
            comment__parent__watch__address=models.F("address"),
        ).filter(_is_public())

    def that_ones_own_is_public(self) -> NoticeQuerySet:
        """Those that the own reply is public, where it is so and still watched."""
        return self.filter(
            kind=Notice.Kind.PUBLISHED,
            comment__status="approved",
            comment__watch__address=models.F("address"),
        ).filter(_is_public())

    def to_send(self) -> NoticeQuerySet:
        """What is not sent yet, with all that a mail tells of each."""
        rows = self.unsent().select_related("comment__post").order_by("pk")
        return rows.defer("comment__post__body", "comment__post__body_html", "comment__post__contents")


def _is_public() -> Q:
    return Q(comment__post__published_at__lte=timezone.now(), comment__post__withdrawn_at__isnull=True)


class Notice(models.Model):
    """What one address is told of one reply: a row for each, so that nothing is told twice."""

    class Kind(models.TextChoices):
        PUBLISHED = "published", _("The own reply is public")
        ANSWER = "answer", _("Somebody answered")

    address = models.ForeignKey(NoticeAddress, on_delete=models.CASCADE, related_name="notices")
    comment = models.ForeignKey("comments.Comment", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["address", "comment", "kind"], name="notice_once")]
        indexes = [models.Index(fields=["address"], name="notice_unsent", condition=Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return _("Notice %(number)s") % {"number": self.pk}
