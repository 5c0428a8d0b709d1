from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _


class OriginQuerySet(models.QuerySet["QuestionOrigin"]):
    def of_replies(self, numbers: Collection[int]) -> OriginQuerySet:
        return self.filter(comment__in=numbers)

    def of_deleted_replies(self) -> OriginQuerySet:
        return self.filter(comment__isnull=True)


class QuestionOrigin(models.Model):
    """Which reply a question and answer was made of, for as long as its reader lets the reply stand."""

    question = models.OneToOneField("posts.Question", on_delete=models.CASCADE, related_name="+")
    # Without its reply the row stays until what was made of that is taken off the page.
    comment = models.OneToOneField(
        "comments.Comment", on_delete=models.SET_NULL, null=True, related_name="question_origin"
    )

    objects = OriginQuerySet.as_manager()

    class Meta:
        verbose_name = _("origin of a question")
        verbose_name_plural = _("origins of questions")

    def __str__(self) -> str:
        return _("Question %(number)s") % {"number": self.question_id}
