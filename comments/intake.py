"""Taking in a reply: the order of all checks, the judging, the saving.

What refuses stands before what judges. Nothing that judges ever refuses: signs of spam hold a reply,
no rule bins one, and a rule that fails holds it too.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import cached_property

from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from comments import guard, notifications, opening, proof, refusals, second_look, threads
from comments.forms import CommentForm, PreviewForm
from comments.models import Comment
from comments.notices import telling, watching
from comments.redaction import letting
from comments.repetition import first_like
from comments.rules import Judgment, Reason, help, judge, knowledge, staff_guard, table
from comments.rules.knowledge import UNKNOWN, Sent
from comments.second_look import Answer
from comments.writers import policies
from ketablog import markup, site
from ketablog.accounts import User
from ketablog.clients import client_key
from ketablog.counters import count, in_passing
from ketablog.pagecache import freshness
from ketablog.site import SiteSettings
from ketablog.staff import signed_in
from posts import addresses
from posts.models import Post

logger = logging.getLogger("ketablog.replies")

# A ward behind one address can talk; a script cannot flood.
FLOOD_LIMITS = ((5, timedelta(minutes=1)), (30, timedelta(hours=1)))
PREVIEW_LIMITS = ((30, timedelta(minutes=1)), (300, timedelta(hours=1)))


class Attempt:
    """One try to leave a reply: what was read of it so far is kept, so that a refusal can give it back."""

    def __init__(self, request: HttpRequest, slug: str) -> None:
        self.request = request
        self.slug = slug
        self.typed: dict[str, str] = {}
        self.user: User | None = None
        self.post: Post | None = None
        self.form: CommentForm | None = None

    def read(self) -> None:
        """Read what was sent. Raises `Refused` where there is nothing to read."""
        self.typed = guard.read_body(self.request)
        if "keep" in self.typed:
            # A later refusal of the same text does not ask again.
            self.typed["asked"] = self.typed.pop("keep")

    @cached_property
    def is_urgent(self) -> bool:
        """Whether what was typed sounds like a cry for help; for the page that gives it back."""
        return help.rank(self.typed.get("comment", "")) == Comment.HelpRank.URGENT

    @property
    def is_preview(self) -> bool:
        """Whether the reader only asks to see how the text will look."""
        return not second_look.LOOKS.isdisjoint(self.typed)

    def take(self) -> Comment:
        """The reply, saved. Raises `Refused` by the first check that fails."""
        with _refused_without_database():
            post = self._find_post()
            form = self._check_form(CommentForm, post)
            parent = self._find_parent(post)
            comment = form.draft(parent)
            signals = help.examine_reply(comment)
            if self.user is None and help.highest(signals) != Comment.HelpRank.URGENT:
                check_flood(self.request, "reply", FLOOD_LIMITS)
            return receive(
                comment,
                signals=signals,
                site_settings=site.of(self.request),
                sent=Sent(
                    honeypot=form.cleaned_data.get("topic", ""),
                    seconds=form.typed_in,
                    client="" if self.user else client_key(self.request),
                ),
                answer=Answer.of(self.typed),
                notify=form.cleaned_data.get("notify", False),
            )

    def preview(self) -> SafeString:
        """The text as it will look, rewritten first where that is asked for. Nothing is stored.

        Raises `Refused` by the first check that fails.
        """
        with _refused_without_database():
            form = self._check_form(PreviewForm, self._find_post())
            if self.user is None:
                check_flood(self.request, "preview", PREVIEW_LIMITS)
            text = form.cleaned_data["comment"]
            if rewritten := second_look.rewritten(self.typed, form, site.of(self.request)):
                self.typed.update(rewritten)
                self.form, text = form.renewed(self.typed), self.typed["comment"]
            return markup.stored(markup.render_comment(text))

    def _find_post(self) -> Post:
        self.user = signed_in(self.request)
        post = addresses.published_post(self.slug)
        if post is None:
            raise refusals.not_here()
        if not post.accepts_replies(site.of(self.request)):
            raise refusals.closed()
        self.post = post
        return post

    def _check_form(self, kind: type[CommentForm], post: Post) -> CommentForm:
        self.form = kind(self.typed, post=post, site=site.of(self.request), user=self.user)
        guard.check_origin(self.request)
        guard.check_token(self.typed.get("token", ""), post)
        if self.user is not None:
            guard.check_staff_token(self.request)
        if not self.form.is_valid():
            raise refusals.fields_are_wrong()
        return self.form

    def _find_parent(self, post: Post) -> Comment | None:
        number = self.typed.get("parent", "").strip()
        if not number:
            return None
        parent = post.comments.approved().numbered(number).first()
        if parent is None:
            self.typed["parent"] = ""
            raise refusals.parent_gone()
        return parent


@contextmanager
def _refused_without_database() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        logger.exception("a reply could not be saved")
        raise refusals.not_saved() from error


def check_flood(
    request: HttpRequest,
    what: str,
    limits: Iterable[tuple[int, timedelta]],
    refusal: Callable[[int], refusals.Refused] = refusals.too_fast,
) -> None:
    """Count one more of `what` from this sender. Raises the `refusal` (429) where that is too many."""
    key = client_key(request)
    wait = None
    # Written once, and before any refusal: that counts too.
    with in_passing():
        for most, span in limits:
            number, rest = count(f"{what}:{span.total_seconds():.0f}:{key}", span)
            if number > most:
                wait = int(rest.total_seconds()) + 1
                break
    if wait is not None:
        raise refusal(wait)


def assess(
    comment: Comment,
    *,
    by: User | None,
    site_settings: SiteSettings,
    signals: list[help.Signal] | None = None,
    sent: Sent = UNKNOWN,
) -> Judgment:
    """Judge a reply as it reads now: its help rank, the reasons, and the status that follows from them.

    Nothing holds what somebody who may decide about replies wrote: `by` is who is signed in. What may be a cry for help
    is never spam, whatever the rules say.
    """
    signals = help.examine_reply(comment) if signals is None else signals
    comment.help_rank = help.highest(signals)
    # What is urgent is never refused, so here it waits for a second look.
    is_confirming = comment.user is not None and comment.is_urgent and bool(staff_guard.find(comment.source))
    if second_look.may_decide(by) and not is_confirming:
        comment.decided_by, comment.decided_at = by, timezone.now()
        comment.reasons, comment.status = [], Comment.Status.APPROVED
        return Judgment([])
    judgment = judge(knowledge.gather(comment, site_settings, sent), table.outcomes())
    held = help.reasons(signals)
    if is_confirming:
        held.append(Reason("staff_guard", points=0, outcome="hold"))
    whole = Judgment([*judgment.reasons, *held, *policies.reasons(comment, site_settings)])
    comment.reasons = whole.as_stored()
    if whole.outcome == "spam" and not comment.help_rank:
        comment.status = Comment.Status.SPAM
    elif whole.outcome in ("hold", "spam"):
        comment.status = Comment.Status.PENDING
    else:
        comment.status = Comment.Status.APPROVED
    return judgment


def receive(
    comment: Comment,
    *,
    site_settings: SiteSettings,
    signals: list[help.Signal] | None = None,
    sent: Sent = UNKNOWN,
    answer: Answer = second_look.NO_ANSWER,
    notify: bool = False,
) -> Comment:
    """Judge and save a reply; moderators are told where it is held, and where it is public, who wishes to hear of it.
    With `notify` that is its writer too.

    Raises `Refused`: 404 where its article was deleted meanwhile, 409 for a repetition, 422 for what is asked first
    and has no `answer` yet.
    """
    comment.created_at = timezone.now()
    judgment = assess(comment, by=comment.user, site_settings=site_settings, signals=signals, sent=sent)
    question = second_look.question(comment, answer, site_settings)
    with transaction.atomic():
        # One at a time under an article, so that a double click cannot slip through.
        if not Post.objects.lock(comment.post_id):
            raise refusals.not_here()
        first = first_like(comment)
        if first is not None:
            raise refusals.duplicate(_address_of_first(first))
        question = question or proof.ask(comment, judgment, answer, site_settings)
        if question is not None:
            raise question
        with freshness.unseen() if not comment.is_approved else nullcontext():
            comment.save()
        table.write_down(comment, judgment, comment.created_at)
        knowledge.count_in(comment, sent)
        letting.note_own(comment)
        if notify:
            watching.begin(comment)
        if comment.is_approved:
            telling.tell(comment)
        elif comment.status == Comment.Status.PENDING:
            notifications.tell_held(comment)
            if comment.is_urgent:
                opening.alert(comment, site_settings)
    return comment


def _address_of_first(first: Comment) -> str:
    """Where the reply stands that was sent twice.

    Whose first answer was lost, or who pressed twice, still gets to the own page: who sends a text that nobody else has
    seen, from the same address and just now, wrote it.
    """
    is_held = not first.is_approved
    is_new = is_held and bool(first.email_index) and first.created_at > timezone.now() - threads.NEW_FOR
    return threads.address_on_page(first, own=is_held, new=is_new)
