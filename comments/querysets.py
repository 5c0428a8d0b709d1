"""The verbs that pick replies."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, When, Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate
from django.db.models.lookups import In
from django.utils import timezone

from comments.reply_counts import ReplyCount
from ketablog.secrets import CannotDecrypt, address_indexes, read_own_token

if TYPE_CHECKING:
    from comments.models import Comment
    from comments.reports.models import ReportQuerySet
    from ketablog.models import User
    from ketablog.prepared import Given

FOR_STAFF = [
    *("source", "email_encrypted", "email_index", "writer", "html_policy", "reasons"),
    *("decided_at", "decided_by", "decision_reason", "opened_at", "opened_by"),
]


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> CommentQuerySet:
        return self.filter(status=self.model.Status.APPROVED)

    def hidden(self) -> CommentQuerySet:
        return self.filter(status__in=[status for status in self.model.Status if status != self.model.Status.APPROVED])

    def visible(self) -> CommentQuerySet:
        """What the public may read: approved, under an article that is published."""
        return self.approved().of_public_articles()

    def of_public_articles(self) -> CommentQuerySet:
        return self.filter(post__published_at__lte=timezone.now(), post__withdrawn_at__isnull=True)

    def awaiting(self) -> CommentQuerySet:
        """What a moderator has to decide, the most urgent and then the oldest first."""
        return self.filter(status=self.model.Status.PENDING).order_by("-help_rank", "created_at", "pk")

    def unopened(self) -> CommentQuerySet:
        """What may be a cry for help, waits, and was opened by nobody."""
        return self.awaiting().filter(help_rank=self.model.HelpRank.URGENT, opened_at__isnull=True)

    def urgent(self, is_urgent: bool) -> CommentQuerySet:
        """Those that may be a cry for help, or the others."""
        urgent = Q(help_rank=self.model.HelpRank.URGENT)
        return self.filter(urgent if is_urgent else ~urgent)

    def waiting_since(self) -> list[datetime]:
        """Since when each of these has been waiting as it is, the longest first."""
        rows = self.order_by().values_list("created_at", "edited_at", "decided_at")
        return sorted(max(filter(None, moments)) for moments in rows)

    def written_since(self, moment: datetime) -> CommentQuerySet:
        return self.filter(created_at__gte=moment)

    def a_day(self) -> list[tuple[date, int, int]]:
        """Each day on which any of these were written, in the time zone in force: how many, and how much is spam."""
        spam = Q(status=self.model.Status.SPAM)
        days = self.order_by().values_list(TruncDate("created_at")).order_by(TruncDate("created_at"))
        return list(days.annotate(n=Count("pk"), n_spam=Count("pk", filter=spam)))

    def changed_since(self, moment: datetime, *, or_is: int) -> CommentQuerySet:
        """Those written, changed or decided after a moment, and this one."""
        return self.filter(Q(created_at__gt=moment) | Q(edited_at__gt=moment) | Q(decided_at__gt=moment) | Q(pk=or_is))

    def heard_by(self, user: User, *, may_decide: bool) -> CommentQuerySet:
        """Of all, or of the user's own articles; never what the user wrote."""
        others = self.exclude(user=user)
        return others if may_decide else others.filter(post__writer__user=user)

    def reported_by(self, reports: ReportQuerySet) -> CommentQuerySet:
        return self.filter(pk__in=reports.order_by().values("comment"))

    def decided(self) -> CommentQuerySet:
        """What does not wait."""
        return self.exclude(status=self.model.Status.PENDING)

    def numbered(self, number: str) -> CommentQuerySet:
        """The one reply of this number, as it came with a request; none for what is no number."""
        return self.filter(pk=int(number)) if number.isdecimal() and len(number) <= 18 else self.none()

    def opened_by(self, token: str) -> CommentQuerySet:
        """The one reply that this private link is for; none for any other text, and for a link that is dead."""
        opened = read_own_token(token)
        return self.filter(pk=opened[0], generation=opened[1]) if opened else self.none()

    def for_its_writer(self) -> CommentQuerySet:
        """With its article, but for the text of that, and with who of the staff wrote it."""
        return self.select_related("post__category", "user").defer("post__body", "post__body_html", "post__contents")

    def of_address(self, address: str) -> CommentQuerySet:
        """All replies of a mail address, whichever key encrypted it."""
        return self.filter(email_index__in=address_indexes(address))

    def of_writer(self, comment: Comment) -> CommentQuerySet:
        """Replies that came with the same key; none for one that came before there were keys."""
        return self.filter(writer=comment.writer) if comment.writer else self.none()

    def by_same(self, comment: Comment) -> CommentQuerySet:
        """Replies that came with the same key, or from the same address as it was typed."""
        same_address = Q(email_index=comment.email_index) if comment.email_index else Q(pk__in=[])
        return self.filter(Q(pk__in=self.of_writer(comment).values("pk")) | same_address)

    def speak_well(self, enough: int, *, since: datetime) -> bool:
        """Whether so many of them were approved by people, and none was declined since then."""
        status = self.model.Status
        approved = Q(status=status.APPROVED, decided_at__isnull=False)
        declined = Q(status__in=[status.SPAM, status.REMOVED], decided_at__gte=since)
        counts = self.aggregate(approved=Count("pk", filter=approved), declined=Count("pk", filter=declined))
        return counts["approved"] >= enough and not counts["declined"]

    def watch(self, comment: Comment) -> None:
        """Raise the help rank of a reply to “watch”; a higher one stays."""
        self.filter(pk=comment.pk, help_rank__lt=self.model.HelpRank.WATCH).update(help_rank=self.model.HelpRank.WATCH)

    def not_empty(self) -> CommentQuerySet:
        """Those that hold something: neither withdrawn, nor erased after a while."""
        return self.exclude(name="")

    def standings(self, comments: Iterable[Comment]) -> list[tuple[str, str, str, int]]:
        """How many replies there are of each key, address and status, of those who wrote these. One query."""
        comments = list(comments)
        writers = {comment.writer for comment in comments} - {""}
        addresses = {comment.email_index for comment in comments} - {""}
        same = self.filter(Q(writer__in=writers) | Q(email_index__in=addresses), user__isnull=True)
        return list(same.order_by().values_list("writer", "email_index", "status").annotate(Count("pk")))

    def known_by_more_than(self, name: str) -> CommentQuerySet:
        """Those that bear another name, or hold an address, a website or an account."""
        nothing_else = {"email_encrypted": "", "email_index": "", "website": "", "writer": "", "user__isnull": True}
        return self.exclude(name=name, **nothing_else)

    def names_among(self, names: Iterable[str]) -> set[str]:
        """Which of these names are taken."""
        return set(self.order_by().filter(name__in=names).values_list("name", flat=True).distinct())

    def beside_those_of(self, replies: CommentQuerySet) -> CommentQuerySet:
        """All replies under the articles of these."""
        return self.filter(post__in=replies.order_by().values("post"))

    def lock(self) -> list[tuple[int, datetime]]:
        """Hold these rows until the transaction ends, but not answers to them, which hold the number of replies.
        Returns their ids and when they were written.
        """
        return list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", "created_at"))

    def lock_unless_empty(self, comment: Comment) -> bool:
        """Hold the row until the transaction ends. Returns whether there is anything left of its writer in it."""
        return self.not_empty().select_for_update(no_key=True).filter(pk=comment.pk).exists()

    def reported(self) -> CommentQuerySet:
        """What readers reported and nobody of the staff has settled yet."""
        return self.filter(reports__isnull=False, reports__settled_at__isnull=True).distinct()

    def counts(self) -> dict[str, int]:
        """How many there are of each status, zeros included."""
        found = dict(self.order_by().values_list("status").annotate(Count("pk")))
        return {status: found.get(status, 0) for status in self.model.Status.values}

    def of_same_writer(self, comment: Comment) -> CommentQuerySet:
        """All replies of whoever wrote this one: of the same member of staff, or with the same key or address,
        whichever key encrypted that."""
        if comment.user_id is not None:
            return self.filter(user=comment.user_id)
        indexes: list[str] = []
        # Without its key, the code that is stored with it is all there is.
        with suppress(CannotDecrypt):
            indexes = address_indexes(comment.email)
        known = Q(pk__in=self.by_same(comment).values("pk")) | Q(email_index__in=indexes)
        return self.filter(Q(pk=comment.pk) | known)

    def tops_of(self, post_id: int | Given, *, also: int | Given | None = None) -> CommentQuerySet:
        """What heads an article's threads: public, or the one reply `also`, or with such an answer below it."""
        tops = self.filter(post=post_id, parent__isnull=True)
        shown_below = self.model.objects.filter(thread=OuterRef("pk")).filter(self._shown(also))
        return tops.filter(self._shown(also) | self._hidden_above(tops, shown_below))

    def public_tops_of(self, post_id: int | Given) -> CommentQuerySet:
        """Those of `tops_of` that are public."""
        return self.filter(post=post_id, parent__isnull=True).approved()

    def hidden_tops_of(self, post_id: int | Given, *, also: int | Given | None = None) -> CommentQuerySet:
        """Those of `tops_of` that are not public."""
        tops = self.filter(post=post_id, parent__isnull=True)
        shown_below = self.model.objects.filter(thread=OuterRef("pk")).filter(self._shown(also))
        hidden = tops.hidden().filter(Exists(shown_below))
        return (
            self.filter(Q(pk__in=hidden.values("pk")) | Q(pk=also, post=post_id, parent__isnull=True, name__gt=""))
            if also
            else hidden
        )

    def answers_in(self, top_ids: Iterable[int | Given], *, also: int | Given | None = None) -> CommentQuerySet:
        """The answers in these threads: public ones, the one reply `also`, and whatever has answers itself."""
        answers = self.filter(In(F("thread"), list(top_ids)))
        below = self.model.objects.filter(parent=OuterRef("pk"))
        return answers.filter(self._shown(also) | self._hidden_above(answers, below))

    def _shown(self, also: int | Given | None) -> Q:
        approved = Q(status=self.model.Status.APPROVED)
        return approved | Q(pk=also, name__gt="") if also else approved

    def _hidden_above(self, replies: CommentQuerySet, below: CommentQuerySet) -> Q:
        """Those replies that are not public and have such a one `below`.

        Picked on their own: they are few, and asked beside all others PostgreSQL would read the whole table for it.
        """
        return Q(pk__in=replies.hidden().filter(Exists(below)).values("pk"))

    def heading_threads(self) -> CommentQuerySet:
        return self.filter(parent__isnull=True)

    def with_counts(self, post_id: int | Given, *, also: int | Given | None = None) -> CommentQuerySet:
        """With the public `answers_in_all` of each top, and the `threads_in_all` and `public_in_all` of its article."""
        kept = ReplyCount.objects.filter(post=post_id)
        threads = Coalesce(Subquery(kept.values("threads")), 0)
        return self.annotate(
            answers_in_all=number_of(self.model.objects.approved().filter(thread=OuterRef("pk")), "thread"),
            # A held reply may head a thread that only its writer sees.
            threads_in_all=number_of(self.model.objects.tops_of(post_id, also=also), "post") if also else threads,
            public_in_all=Coalesce(Subquery(kept.values("replies")), 0),
        )

    def first_of_each_thread(self, most: int) -> CommentQuerySet:
        """Of each thread the oldest, so many at most, and the one that is pinned."""
        place = Window(RowNumber(), partition_by=F("thread"), order_by=[F("created_at").asc(), F("pk").asc()])
        wanted = self.order_by().annotate(place=place).filter(Q(place__lte=most) | Q(pinned_at__isnull=False))
        # Places are told by an index alone; whole rows are read of those that are wanted.
        return self.model.objects.filter(pk__in=wanted.values("pk"))

    def beside(self, answers: Iterable[Comment], top: Comment) -> CommentQuerySet:
        """What these answers of a thread answer and is not among them, and the one that is pinned."""
        here = {top.pk, *(answer.pk for answer in answers)}
        answered = {answer.parent_id for answer in answers} - here
        return self.filter(Q(pk__in=answered) | Q(thread=top, pinned_at__isnull=False))

    def pinned_in(self, thread_id: int | None) -> CommentQuerySet:
        """The answer that is pinned in a thread, if there is one."""
        return self.filter(thread=thread_id, pinned_at__isnull=False)

    def staff_answers_to(self, comment: Comment) -> CommentQuerySet:
        """The public answers of the staff to a reply, the pinned one of the thread it heads first, then the newest."""
        return (
            self.approved()._answering(comment.pk).order_by(F("pinned_at").desc(nulls_last=True), "-created_at", "-pk")
        )

    def for_desk(self) -> CommentQuerySet:
        """With whether staff answered a reader's reply in public, and which question and answer was made of it."""
        answers = self.model.objects.approved()._answering(OuterRef("pk"))
        return self.annotate(is_answered_by_staff=Exists(answers), made_question=F("question_origin__question"))

    def _answering(self, number: int | OuterRef) -> CommentQuerySet:
        pinned = Q(thread=number, pinned_at__isnull=False)
        return self.filter(Q(parent=number) | pinned, user__isnull=False)

    def oldest_first(self) -> CommentQuerySet:
        return self.order_by("created_at", "pk")

    def newest_first(self) -> CommentQuerySet:
        return self.order_by("-created_at", "-pk")

    def staff_first(self, post_id: int | Given) -> CommentQuerySet:
        """An article's threads in which somebody of the staff wrote, then the others; each oldest first."""
        by_staff = self.model.objects.approved().filter(post=post_id, user__isnull=False)
        with_staff = Q(pk__in=by_staff.filter(thread__isnull=False).values("thread")) | Q(
            pk__in=by_staff.filter(thread__isnull=True).values("pk")
        )
        return self.order_by(Case(When(with_staff, then=0), default=1), "created_at", "pk")

    def before_place(self, at: Given, pk: Given) -> CommentQuerySet:
        """Those that stand before the reply of this moment and number, oldest first."""
        return self.filter(Q(created_at__lt=at) | Q(pk__lt=pk), created_at__lte=at)

    def from_place(self, at: Given, pk: Given) -> CommentQuerySet:
        """That reply, and those that stand behind it."""
        return self.filter(Q(created_at__gt=at) | Q(pk__gte=pk), created_at__gte=at)

    def for_page(self) -> CommentQuerySet:
        """With what a reader sees of each, and nothing of what only staff may see."""
        return self.annotate(credentials=F("user__person__credentials")).defer(*FOR_STAFF)

    def with_article(self) -> CommentQuerySet:
        """With the article of each, without its long columns."""
        return self.select_related("post__category").defer("post__body", "post__body_html", "post__contents")


def number_of(rows: CommentQuerySet, of: str) -> Coalesce:
    """How many of these rows have the same `of`, as a subquery; they must all have it, or that of an outer row."""
    numbers = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(numbers), 0, output_field=IntegerField())
