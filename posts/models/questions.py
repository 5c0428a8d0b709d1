from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ketablog import markup


class QuestionQuerySet(models.QuerySet["Question"]):
    def shown(self) -> QuestionQuerySet:
        """What readers see of it with its article. `Question.is_shown` says the same of one."""
        return self.filter(taken_off_at__isnull=True)

    def take_off(self) -> int:
        """Keep them from readers until somebody of the staff confirms them. Returns how many changed."""
        return self.shown().update(taken_off_at=timezone.now())

    def taken_off(self) -> QuestionQuerySet:
        """What waits for somebody of the staff to confirm it."""
        return self.filter(taken_off_at__isnull=False)

    def taken_off_by(self, moment: datetime) -> QuestionQuerySet:
        """What was taken off until then, and nobody has confirmed since."""
        return self.filter(taken_off_at__lte=moment)


class Question(models.Model):
    """A question of readers with the clinic's answer, beside the article and not part of what a review signs."""

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("number"), default=1)
    question = models.CharField(
        _("question"),
        max_length=400,
        help_text=_("In words of your own, without anything that tells who asked."),
    )
    answer = models.TextField(
        _("answer"),
        max_length=5000,
        help_text=_("An empty line begins a paragraph; **bold**, *italic*, lists with - and web addresses work."),
    )
    answer_html = models.TextField(editable=False)
    answer_policy = models.PositiveSmallIntegerField(editable=False, default=0)
    answered_by = models.ForeignKey(
        "posts.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_questions",
        verbose_name=_("answered by"),
        help_text=_("Shown with credentials under the answer."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    taken_off_at = models.DateTimeField(_("taken off the page at"), null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        # By its number: the admin's log keeps this, and an entry may hold a reader's words.
        return _("Question %(number)s") % {"number": self.pk}

    def save(self, *args, **kwargs) -> None:
        self.render()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"{self.post.get_absolute_url()}#{self.anchor}"

    def render(self) -> None:
        """Make the safe HTML of the answer."""
        self.answer_html = markup.render_comment(self.answer)
        self.answer_policy = markup.POLICY_VERSION

    @property
    def anchor(self) -> str:
        return f"question-{self.pk}"

    @property
    def is_shown(self) -> bool:
        return self.taken_off_at is None

    @property
    def content(self) -> SafeString:
        """The answer, for a template."""
        return markup.stored(self.answer_html)

    @property
    def plain_answer(self) -> str:
        """The words of the answer, a line for each block."""
        return markup.plain_text(self.answer_html)
