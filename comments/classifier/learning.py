"""Learning from what staff decide: approved is ham, spam is spam; what is removed or waits says neither.

A decision queues a task, and the task makes what is learned follow how the reply stands by then. So it may run twice,
late, or in two workers at once: each reply counts once, as what it was decided to be last.
"""

from array import array
from collections.abc import Mapping

from django.db import transaction

from comments import clinic
from comments.classifier import counts
from comments.classifier.features import Written, features
from comments.classifier.model import Counts, shipped
from comments.classifier.models import Lesson
from comments.models import Comment
from ketablog import site
from ketablog.tasks import AFTER_MAIL, task

KINDS = {Comment.Status.APPROVED: False, Comment.Status.SPAM: True}


@task(priority=AFTER_MAIL)
def follow(comment_ids: list[int]) -> None:
    """Make what is learned of replies follow what was decided; nothing where it does already."""
    for comment_id in comment_ids:
        _follow(comment_id)


def _follow(comment_id: int) -> None:
    with transaction.atomic():
        comment = Comment.objects.select_for_update(no_key=True).filter(pk=comment_id).first()
        if comment is None:
            return
        lesson = Lesson.objects.filter(comment=comment).first()
        is_spam = kind_of(comment)
        if lesson is not None:
            if (lesson.is_spam, lesson.text_version) == (is_spam, comment.text_version):
                return
            counts.take_away(_codes_of(lesson), is_spam=lesson.is_spam)
            lesson.delete()
        if is_spam is not None:
            _learn(comment, is_spam)


def kind_of(comment: Comment) -> bool | None:
    """Whether staff decided that the present text is spam; `None` where they decided neither, or wrote it."""
    # A decision that was taken back may leave a reply about which nobody decided.
    if comment.is_empty or comment.is_by_staff or comment.decided_at is None or comment.status not in KINDS:
        return None
    last = comment.decisions.first()
    if last is None or (last.after, last.text_version) != (comment.status, comment.text_version):
        return None
    return KINDS[Comment.Status(comment.status)]


def codes_to_learn(found: Mapping[str, bool]) -> list[int]:
    """The codes of features. What may be somebody's name is left out, where it is not a word that we know."""
    known = shipped().entries
    return [counts.code_of(name) for name, is_name in found.items() if name in known or not is_name]


def _learn(comment: Comment, is_spam: bool) -> None:
    written = Written(comment.source, comment.name, comment.website)
    codes = codes_to_learn(features(written, clinic.known(site.current())))
    one = Counts(spam=int(is_spam), ham=int(not is_spam))
    counts.add(dict.fromkeys(codes, one), one)
    Lesson.objects.create(
        comment=comment, is_spam=is_spam, text_version=comment.text_version, codes=array("q", codes).tobytes()
    )


def _codes_of(lesson: Lesson) -> list[int]:
    return array("q", bytes(lesson.codes)).tolist()
