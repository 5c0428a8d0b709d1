"""A question and answer comes to the article, and goes from it when the reader who asked takes the question back.

Staff put it into words of their own, but these may still be the reader's. So whatever ends the reader's consent
keeps it from readers until somebody of the staff confirms it, or it is deleted after a while (`comments/retention.py`).
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from comments import journal
from comments.models import Comment, QuestionOrigin
from comments.questions.models import OriginQuerySet
from ketablog.models import User
from posts import publishing, search
from posts.models import Post, Question

PERMISSIONS = ("comments.change_comment", "posts.change_post", "posts.add_question")


class CannotMake(Exception):
    """Raised with a sentence for the staff."""


def may_make(user: User) -> bool:
    """Whether somebody may change both replies and articles, and add what is asked about these."""
    return user.has_perms(PERMISSIONS)


def find_made(comment: Comment) -> Question | None:
    """What was made of a reply already."""
    return Question.objects.filter(pk__in=QuestionOrigin.objects.of_replies([comment.pk]).values("question")).first()


def find_answer(comment: Comment) -> Comment:
    """The public answer of the staff to a reader's public reply: the pinned one first, else the newest.

    Raises `CannotMake` where there is none.
    """
    if comment.is_withdrawn:
        raise CannotMake(_("Its writer took this reply back, so nothing can be made of it."))
    if comment.is_by_staff or not comment.is_approved:
        raise CannotMake(_("Only a reader's reply that is public can become a question and answer."))
    answer = Comment.objects.staff_answers_to(comment).select_related("user__person").first()
    if answer is None:
        raise CannotMake(
            _("There is no public answer by staff to this reply yet. Answer it first, then make something of both.")
        )
    return answer


def make(draft: Question, comment: Comment, *, seen: str, by: User) -> Question:
    """Add what was written to the end of the reply's article, where readers see it at once.

    Raises `CannotMake` where the reply or its answer is no longer as it was read, which `seen` stands for, or
    something was made of it already.
    """
    with transaction.atomic():
        # In the order in which a report takes both; then nobody withdraws or uses the reply before this holds.
        Post.objects.lock(comment.post_id)
        current = Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk=comment.pk).first()
        if current is None:
            raise CannotMake(_("This reply is no longer there, so nothing was made of it."))
        if find_made(current):
            raise CannotMake(_("Somebody made a question and answer of this reply already."))
        if version_of(current, find_answer(current)) != seen:
            raise CannotMake(
                _("The reply or its answer was changed while you wrote. Nothing is saved: please read both again.")
            )
        draft.post_id = current.post_id
        last = Question.objects.filter(post=current.post_id).aggregate(last=Max("position"))["last"]
        draft.position = (last or 0) + 1
        draft.save()
        QuestionOrigin.objects.create(question=draft, comment=current)
        publishing.settle(Post.objects.get(pk=current.post_id))
        journal.note(current, by=by, what=_("A question and answer of the article was made of it."))
    return draft


def articles_to_look_at() -> list[Post]:
    """The articles of which a question and answer was taken off, and nobody has confirmed or deleted it yet."""
    waiting = Question.objects.taken_off().values("post")
    return list(Post.objects.filter(pk__in=waiting).newest_first().in_brief())


def version_of(comment: Comment, answer: Comment) -> str:
    """Which texts of a reply and its answer somebody read."""
    return f"{comment.text_version}:{answer.pk}:{answer.text_version}"


def take_off_made_of(numbers: Collection[int]) -> int:
    """Keep from readers what was made of these replies. Returns how much that was.

    Whoever erases or empties replies, or lets their writers change them, calls it in the same transaction.
    """
    return _take_off(QuestionOrigin.objects.of_replies(numbers))


def take_off_made_of_deleted() -> int:
    """The same for replies that are no longer there. Whoever deletes replies calls it afterwards; the worker does so
    once a day."""
    return _take_off(QuestionOrigin.objects.of_deleted_replies())


def _take_off(origins: OriginQuerySet) -> int:
    with transaction.atomic():
        numbers = list(origins.values_list("question", flat=True))
        if not numbers:
            return 0
        Question.objects.filter(pk__in=numbers).take_off()
        # From now on the text is the staff's own, or it goes.
        QuestionOrigin.objects.filter(question__in=numbers).delete()
        # The search alone: to settle an article locks its row, which others hold while they wait for the reply.
        search.index(Post.objects.filter(pk__in=Question.objects.filter(pk__in=numbers).values("post")))
    return len(numbers)
