import math
import zlib
from datetime import timedelta
from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments import standing
from comments.classifier.models import LearnedLine, LearnedWord, Lesson
from comments.mydata.models import DataAct, DataRequest, Erasure
from comments.notices.models import Notice, NoticeAddress, Watch
from comments.querysets import CommentQuerySet
from comments.questions.models import QuestionOrigin
from comments.records import Consent, Decision, EmailLook
from comments.redaction.models import Original, Override
from comments.reply_counts import ReplyCount
from comments.reports.models import Report
from comments.rules.models import RuleHit, RuleSetting, SpamTrace, WordList
from comments.undoing.models import FormerState
from comments.writers.models import Ban
from ketablog import markup, secrets
from ketablog.site import SiteSettings

__all__ = [
    "Ban",
    "Comment",
    "Consent",
    "DataAct",
    "DataRequest",
    "Decision",
    "EmailLook",
    "Erasure",
    "FormerState",
    "LearnedLine",
    "LearnedWord",
    "Lesson",
    "Notice",
    "NoticeAddress",
    "Original",
    "Override",
    "QuestionOrigin",
    "ReplyCount",
    "Report",
    "RuleHit",
    "RuleSetting",
    "SpamTrace",
    "Watch",
    "WordList",
]


class Comment(models.Model):
    """A reply under an article. What it says changes only together with `text_version`."""

    Status: TypeAlias = standing.Status
    HelpRank: TypeAlias = standing.HelpRank

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="comments", verbose_name=_("article"))
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers", verbose_name=_("answers")
    )
    thread = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    name = models.CharField(_("name"), max_length=100)
    email_encrypted = models.CharField(max_length=600, blank=True, editable=False)
    email_index = models.CharField(max_length=90, blank=True, editable=False, db_index=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    # The same for all replies that came with the same key; what is typed has no part in it.
    writer = models.CharField(max_length=32, blank=True, editable=False, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("staff account"),
    )

    source = models.TextField(_("text"))
    html = models.TextField(editable=False)
    html_policy = models.PositiveSmallIntegerField(editable=False, default=0)
    text_version = models.PositiveIntegerField(_("text version"), default=1, editable=False)
    # Part of the private link: another number, and the link is dead.
    generation = models.PositiveIntegerField(default=secrets.new_generation, editable=False)

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PENDING)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    help_rank = models.PositiveSmallIntegerField(_("help signal"), choices=HelpRank.choices, default=HelpRank.NONE)
    created_at = models.DateTimeField(_("written at"), db_index=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision_reason = models.CharField(_("reason of the decision"), max_length=200, blank=True)
    public_reason = models.CharField(_("reason for the writer"), max_length=200, blank=True)
    # When somebody of the staff first read what may be a cry for help: until then they are reminded.
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("opened by"),
    )
    edited_at = models.DateTimeField(_("changed by its writer at"), null=True, blank=True, editable=False)
    staff_edited_at = models.DateTimeField(_("changed by staff at"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn by its writer at"), null=True, blank=True, editable=False)
    pinned_at = models.DateTimeField(_("pinned at"), null=True, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()
    _rendered_source: str | None = None
    # What a page reads along with its replies: those of the staff who wrote them.
    credentials: str | None
    # What the desk reads along with its replies.
    new_reports: list[Report]
    known_consents: list["Consent"]
    is_answered_by_staff: bool
    made_question: int | None

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("view_email", _("Can see the email address of a reply")),
            ("override_staff_guard", _("Can send a reply that may confirm that its reader is a patient")),
            ("edit_text", _("Can change the text of a reply")),
        ]
        indexes = [
            models.Index(fields=["post", "parent", "status", "created_at"], name="comment_of_post"),
            models.Index(fields=["post", "created_at", "id"], name="comment_tops", condition=Q(parent__isnull=True)),
            models.Index(fields=["status", "-created_at", "-id"], name="comment_newest"),
            models.Index(fields=["post", "status", "-created_at", "-id"], name="comment_newest_of_post"),
            models.Index(fields=["thread", "status", "created_at"], name="comment_of_thread"),
            models.Index(fields=["thread", "created_at", "id", "status", "pinned_at"], name="comment_place_in_thread"),
            models.Index(fields=["post", "status", "thread"], name="comment_by_staff", condition=Q(user__isnull=False)),
            models.Index(fields=["status", "-help_rank", "created_at"], name="comment_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "approved", "spam", "removed"]), name="comment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, thread__isnull=True) | Q(parent__isnull=False, thread__isnull=False),
                name="comment_answer_has_thread",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(status="removed", source="", html="", name="", website="", email_encrypted="", email_index=""),
                name="comment_withdrawn_is_empty",
            ),
            models.UniqueConstraint(
                fields=["thread"], condition=Q(pinned_at__isnull=False), name="comment_one_pinned_a_thread"
            ),
            models.CheckConstraint(
                condition=Q(pinned_at__isnull=True) | Q(thread__isnull=False), name="comment_pinned_is_an_answer"
            ),
        ]

    def __str__(self) -> str:
        if self.is_empty:
            return _("Reply %(number)s") % {"number": self.pk}
        return _("Reply %(number)s by %(name)s") % {"number": self.pk, "name": self.name}

    def save(self, *args, **kwargs) -> None:
        if self.parent is not None:
            self.thread_id = self.parent.thread_id or self.parent_id
        self.render()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("comment_detail", args=[self.pk])

    def get_own_url(self) -> str:
        """The writer's private page. Whoever has this address may change and withdraw the reply."""
        return reverse("own_reply", args=[secrets.own_token(self.pk, self.generation)])

    def render(self) -> None:
        """Make the safe HTML of the source, once for each source."""
        if self._rendered_source != self.source:
            self.html = markup.render_comment(self.source)
            self.html_policy = markup.POLICY_VERSION
            self._rendered_source = self.source

    @property
    def email(self) -> str:
        """The address in clear. Raises `secrets.CannotDecrypt`. Staff see it through `privacy.look_at_email` only."""
        return secrets.decrypt(self.email_encrypted)

    @email.setter
    def email(self, address: str) -> None:
        self.email_encrypted = secrets.encrypt(address)
        self.email_index = secrets.address_index(address)

    @property
    def writer_key(self) -> str:
        """What the writer's browser keeps to be known again. For the writer alone."""
        return secrets.writer_key(self.writer)

    @property
    def content(self) -> SafeString:
        """The text, for a template."""
        return markup.stored(self.html)

    @property
    def initials(self) -> str:
        """One or two letters for the avatar, from the shown name; its first sign where it has no letter."""
        letters = [letter for word in self.name.split() if (letter := next(filter(str.isalpha, word), ""))]
        return ("".join(letters[:2]) or self.name[:1]).upper()

    @property
    def hue(self) -> int:
        """Which of eight colors the avatar has, 0 to 7: from the shown name alone, so it gives nothing away."""
        return zlib.crc32(self.name.casefold().encode()) % 8

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED

    @property
    def is_by_staff(self) -> bool:
        return self.user_id is not None

    @property
    def is_the_answer(self) -> bool:
        """Whether staff pinned it as what answers its thread, and readers may see it."""
        return self.pinned_at is not None and self.is_by_staff and self.is_approved

    @property
    def is_urgent(self) -> bool:
        return self.help_rank == self.HelpRank.URGENT

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is left but its place: it was withdrawn, or erased after a while."""
        return not self.name

    @property
    def state(self) -> str:
        """What its writer is told: waiting, published, declined or withdrawn. Spam is as good as waiting."""
        if self.is_withdrawn:
            return "withdrawn"
        return {self.Status.APPROVED: "published", self.Status.REMOVED: "declined"}.get(
            self.Status(self.status), "waiting"
        )

    def is_editable(self, site: SiteSettings) -> bool:
        """Whether its writer may change it now. What a moderator declined stays as it was decided on."""
        is_in_time = self.minutes_to_edit(site) > 0
        return is_in_time and self.status != self.Status.REMOVED and self.post.accepts_replies(site)

    def minutes_to_edit(self, site: SiteSettings) -> int:
        """How many minutes a change may still take, one that has begun counted whole; 0 where the time is over."""
        left = self.created_at + timedelta(minutes=site.edit_minutes) - timezone.now()
        return max(0, math.ceil(left / timedelta(minutes=1)))
