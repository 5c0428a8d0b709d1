"""What is forgotten after a while, as the Site settings say. Each rule may run at any time, and again.

What a rule picked in one statement may be decided otherwise before the next one. So each batch is picked anew, and
locked, in the short transaction that erases it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments import erasing, privacy
from comments.models import Comment, DataRequest, FormerState, Lesson, Original, Report, RuleHit, SpamTrace
from comments.notices import forgetting
from comments.querysets import CommentQuerySet
from comments.questions import making
from comments.reports.models import ReportQuerySet
from comments.rules import memory
from comments.rules.models import WINDOW
from ketablog.batches import in_batches
from ketablog.site import SiteSettings
from posts.models import Question
from posts.models.questions import QuestionQuerySet

SPAM, REMOVED = Comment.Status.SPAM, Comment.Status.REMOVED


@dataclass(frozen=True, slots=True)
class Rules:
    """What may go, as one moment and one row of settings have it."""

    site: SiteSettings
    now: datetime

    @classmethod
    def of_today(cls) -> "Rules":
        """Raises `DatabaseError` where the settings cannot be read: the defaults might forget too early."""
        return cls(SiteSettings.objects.filter(pk=1).first() or SiteSettings(), timezone.now())

    def addresses(self) -> CommentQuerySet:
        """Decided replies that have an address still."""
        if self.site.keep_addresses_days == 0:
            return Comment.objects.none()
        decided = _decided_by(self._ago(self.site.keep_addresses_days))
        return decided.exclude(status=Comment.Status.PENDING).exclude(email_encrypted="")

    def spam(self) -> CommentQuerySet:
        """Spam that is not empty; what may be a cry for help only where a person decided so."""
        nobody_read_it = Q(help_rank=Comment.HelpRank.URGENT, decided_by__isnull=True)
        spam = _decided_by(self._ago(self.site.keep_spam_days)).filter(status=SPAM)
        return spam.exclude(nobody_read_it).not_empty()

    def removed(self) -> CommentQuerySet:
        """Removed replies that are not empty, as those are which their writers withdrew."""
        removed = _decided_by(self._ago(self.site.keep_removed_days)).filter(status=REMOVED)
        return removed.not_empty()

    def reports(self) -> ReportQuerySet:
        """Reports that staff settled."""
        return Report.objects.filter(settled_at__lte=self._ago(self.site.keep_removed_days))

    def memories(self) -> list[QuerySet]:
        """What the rules need no longer."""
        return [
            SpamTrace.objects.filter(at__lte=self.now - memory.KEPT_FOR),
            RuleHit.objects.filter(at__lte=self.now - WINDOW),
        ]

    def questions(self) -> QuestionQuerySet:
        """Questions and answers of articles whose reader took the reply back, and which nobody has confirmed since."""
        return Question.objects.taken_off_by(self._ago(self.site.keep_removed_days))

    def asked_until(self) -> datetime:
        """Who was asked until then whether notices are wanted, and said nothing, does not want them."""
        return self._ago(self.site.keep_unconfirmed_days)

    def originals(self) -> QuerySet[Original]:
        """What replies said before parts were taken out."""
        return Original.objects.filter(at__lte=self._ago(self.site.keep_removed_days))

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)


def apply() -> dict[str, int]:
    """Forget what is due. Returns how much of what that was. What goes with a reply is not counted apart."""
    rules = Rules.of_today()
    # What no setting says, and nobody counts.
    DataRequest.objects.old().delete()
    FormerState.objects.stale().delete()
    spam = removed = 0
    # Answers before what they answer, so that a whole thread can go.
    while (gone := (_in_each(rules.spam, _delete), _in_each(rules.removed, _delete))) != (0, 0):
        spam, removed = spam + gone[0], removed + gone[1]
    spam += _in_each(rules.spam, _empty)
    removed += _in_each(rules.removed, _empty)
    making.take_off_made_of_deleted()
    return {
        "addresses": _forget_addresses(rules),
        "spam": spam,
        "removed replies": removed,
        "reports": _delete_all(rules.reports),
        "former texts": _delete_all(rules.originals),
        "questions": rules.questions().delete()[0],
        "memories of rules": sum(rows.delete()[0] for rows in rules.memories()),
        "notice addresses": forgetting.forget(rules.asked_until()),
    }


def count() -> dict[str, int]:
    """What `apply` would do now."""
    rules = Rules.of_today()
    gone = [rules.spam().values("pk"), rules.removed().values("pk")]
    addresses, reports, originals = rules.addresses(), rules.reports(), rules.originals()
    for ids in gone:
        addresses, reports = addresses.exclude(pk__in=ids), reports.exclude(comment__in=ids)
        originals = originals.exclude(comment__in=ids)
    without_address = Q(pk__in=rules.addresses().values("pk")) | Q(pk__in=gone[0]) | Q(pk__in=gone[1])
    return {
        "addresses": addresses.count(),
        "spam": rules.spam().count(),
        "removed replies": rules.removed().count(),
        "reports": reports.count(),
        "former texts": originals.count(),
        "questions": rules.questions().count(),
        "memories of rules": sum(rows.count() for rows in rules.memories()),
        "notice addresses": forgetting.count(rules.asked_until(), Comment.objects.filter(without_address)),
    }


def _decided_by(moment: datetime) -> CommentQuerySet:
    """What was decided until then; of what no person decided, what was written until then."""
    return Comment.objects.alias(settled=Coalesce("decided_at", "created_at")).filter(settled__lte=moment)


def _in_each(rows: Callable[[], CommentQuerySet], act: Callable[[Collection[int]], int]) -> int:
    done = 0
    for batch in in_batches(rows().only("pk")):
        with transaction.atomic():
            picked = rows().filter(pk__in=[row.pk for row in batch]).order_by("pk").select_for_update(no_key=True)
            done += act(list(picked.values_list("pk", flat=True)))
    return done


def _delete(ids: Collection[int]) -> int:
    """Those that nothing answers: what stands below would go along, and may wait or be public."""
    _all, by_model = Comment.objects.filter(pk__in=ids, answers__isnull=True).delete()
    return by_model.get(Comment._meta.label, 0)


def _empty(ids: Collection[int]) -> int:
    """As withdrawing does; the private link is another one from then on."""
    erasing.drop_copies(ids)
    Lesson.objects.filter(comment__in=ids).delete()
    return Comment.objects.filter(pk__in=ids).update(
        **privacy.EMPTY, text_version=F("text_version") + 1, generation=F("generation") + 1
    )


def _forget_addresses(rules: Rules) -> int:
    done = 0
    for batch in in_batches(rules.addresses().only("pk")):
        done += rules.addresses().filter(pk__in=[row.pk for row in batch]).update(email_encrypted="")
    return done


def _delete_all(rows: Callable[[], QuerySet]) -> int:
    done = 0
    for batch in in_batches(rows().only("pk")):
        done += rows().filter(pk__in=[row.pk for row in batch]).delete()[0]
    return done
