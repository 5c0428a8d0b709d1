"""What moderators decided with a press of a button: read from the form, done, and told in plain words."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from comments import consent, moderation
from comments.admin import undoing
from comments.models import Comment
from comments.redaction.parts import found_in
from ketablog.markup import one_line
from ketablog.models import User

# The version of a reply's text that was on the page, the newest report of it, and its status.
SEEN = rf"(\d{{1,9}})(?::(\d{{1,18}}))?(?:@({'|'.join(Comment.Status.values)}))?"
# A verb, the number of a reply, and what was seen of it.
ONE = re.compile(rf"({'|'.join(moderation.VERBS)}):(\d{{1,18}}):({SEEN})", re.ASCII)
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
MOST = 200
REASON_LENGTH = 200

DONE = {
    "approve": gettext_lazy("Approved: readers of the article see it now."),
    "redact": gettext_lazy("Published without the marked parts. What it said is kept here for a while, for you alone."),
    "as_is": gettext_lazy("Published as it is, with the marked parts. That you let them through has been noted."),
    "spam": gettext_lazy("Marked as spam: readers do not see it."),
    "remove": gettext_lazy("Removed: readers do not see it."),
    "restore": gettext_lazy("It waits for a decision again."),
}
SEVERAL_DONE = {
    "approve": ngettext_lazy("%(count)d reply was approved.", "%(count)d replies were approved.", "count"),
    "spam": ngettext_lazy("%(count)d reply was marked as spam.", "%(count)d replies were marked as spam.", "count"),
    "remove": ngettext_lazy("%(count)d reply was removed.", "%(count)d replies were removed.", "count"),
    "restore": ngettext_lazy("%(count)d reply waits again.", "%(count)d replies wait again.", "count"),
}
ALREADY_BY = {
    "approve": gettext_lazy("%(who)s already approved this reply (%(time)s)."),
    "redact": gettext_lazy("%(who)s already approved this reply (%(time)s)."),
    "as_is": gettext_lazy("%(who)s already approved this reply (%(time)s)."),
    "spam": gettext_lazy("%(who)s already marked this reply as spam (%(time)s)."),
    "remove": gettext_lazy("%(who)s already removed this reply (%(time)s)."),
    "restore": gettext_lazy("%(who)s already put this reply back to wait (%(time)s)."),
}
ALREADY = {
    "approve": gettext_lazy("This reply is approved already."),
    "redact": gettext_lazy("This reply is approved already."),
    "as_is": gettext_lazy("This reply is approved already."),
    "spam": gettext_lazy("This reply is marked as spam already."),
    "remove": gettext_lazy("This reply is removed already."),
    "restore": gettext_lazy("This reply is waiting already."),
}
# The verb that tells of a status.
TOLD_BY = {"approved": "approve", "spam": "spam", "removed": "remove", "pending": "restore"}
# Of what may be a cry for help.
NOT_IN_BULK = {
    "approve": gettext_lazy("This may be a cry for help, so it is approved on its own, after it was read."),
    "remove": gettext_lazy("This may be a cry for help, so it is removed on its own, after it was read."),
}


class Unreadable(Exception):
    """The form does not say what was decided about which reply."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood on the page of a reply when somebody decided."""

    text_version: int
    newest_report: int
    status: str = ""

    @classmethod
    def read(cls, text: str) -> "Seen":
        """Raises `Unreadable`."""
        parts = re.fullmatch(SEEN, text, re.ASCII)
        if parts is None:
            raise Unreadable
        return cls(int(parts[1]), int(parts[2] or 0), parts[3] or "")

    def is_decided_since(self, comment: Comment) -> bool:
        """Whether the reply stands otherwise than the page showed it: what is decided now was meant for another."""
        return bool(self.status) and comment.status != self.status


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be decided: a verb, and the replies with what was seen of each."""

    verb: str
    seen: dict[int, Seen]
    reason: str = ""
    public_reason: str = ""
    is_bulk: bool = False


def read(data: QueryDict) -> Wanted:
    """What a posted form decides: `decide` for one reply, `decide_selected` for those that are ticked.

    Raises `Unreadable`.
    """
    if one := ONE.fullmatch(data.get("decide", "")):
        said = (data.get("decision_reason", ""), data.get("public_reason") or data.get(f"public_reason-{one[2]}", ""))
        reason, public = (one_line(words)[:REASON_LENGTH] for words in said)
        return Wanted(one[1], {int(one[2]): Seen.read(one[3])}, reason, public if one[1] == "remove" else "")
    verb, numbers = data.get("decide_selected", ""), data.getlist("selected")
    versions = {number: data.get(f"version-{number}", "") for number in numbers[:MOST] if NUMBER.fullmatch(number)}
    if verb not in moderation.IN_BULK or len(versions) != len(numbers):
        raise Unreadable
    return Wanted(verb, {int(number): Seen.read(seen) for number, seen in versions.items()}, is_bulk=True)


def carry_out(request: HttpRequest, by: User) -> None:
    """Do what the form says, and leave a message on what was done and what was not."""
    try:
        wanted = read(request.POST)
    except Unreadable:
        messages.error(
            request, _("That decision could not be read, so nothing was changed. Please press one of the buttons.")
        )
        return
    if not wanted.seen:
        messages.warning(request, _("No reply was ticked, so nothing was changed."))
        return
    transition, _after = moderation.VERBS[wanted.verb]
    words = {"reason": wanted.reason}
    if wanted.public_reason:
        words["public_reason"] = wanted.public_reason
    comments = Comment.objects.in_bulk(list(wanted.seen))
    done, problems = [], []
    for number, seen in wanted.seen.items():
        comment = comments.get(number)
        if comment and comment.is_urgent and wanted.is_bulk and wanted.verb in NOT_IN_BULK:
            problems.append((number, str(NOT_IN_BULK[wanted.verb])))
        elif comment and seen.is_decided_since(comment):
            problem = why_not(number, wanted.verb, seen, by)
            # It may have left the list that the next page shows.
            problems.append((number, problem if wanted.is_bulk else _with_link(problem, number)))
        elif comment and transition(
            comment, by=by, text_version=seen.text_version, newest_report=seen.newest_report, **words
        ):
            done.append(comment)
        else:
            problems.append((number, why_not(number, wanted.verb, seen, by)))
    if done:
        undoing.make_offer(request, done, by=by)
    _tell(request, wanted, done, problems)


def why_not(number: int, verb: str, seen: Seen, by: User) -> str:
    """Why nothing was decided about a reply, as it stands now."""
    comment = Comment.objects.select_related("decided_by").filter(pk=number).first()
    _transition, after = moderation.VERBS[verb]
    if comment is None:
        return _("This reply is no longer there, so nothing was decided.")
    if comment.is_withdrawn:
        return _("Its writer withdrew this reply, and nothing of it is left; nothing was decided.")
    if comment.is_empty:
        return _("This reply was erased because of its age, and nothing of it is left; nothing was decided.")
    if comment.text_version != seen.text_version:
        return _("The text was changed after you opened this page; nothing was decided. Please read it again.")
    if comment.status != after and seen.is_decided_since(comment):
        already = _already(TOLD_BY[comment.status], comment, by)
        return _("%(already)s Nothing was changed; you can still decide otherwise.") % {"already": already}
    if comment.status != after and verb == "spam" and comment.is_urgent:
        return _("This may be a cry for help, so it cannot be marked as spam. You can approve or remove it.")
    if comment.status != after and verb == "redact" and not found_in(comment):
        return _("There is nothing to take out of this reply any more; nothing was decided. You can approve it.")
    if comment.status != after and verb == "approve" and (parts := found_in(comment)):
        return _(
            "It seems to hold %(what)s, so nothing was decided. Publish it redacted, or open it to publish it as it is."
        ) % {"what": ", ".join(parts.words)}
    if comment.status != after == Comment.Status.APPROVED and comment.is_urgent:
        return consent.missing(comment, for_whom=by)
    if comment.status != after:
        return _("Somebody else decided at the same moment; nothing was decided. Please look again.")
    return _already(verb, comment, by)


def _already(verb: str, comment: Comment, by: User) -> str:
    """Who brought a reply to the status that `verb` leads to, and when."""
    if comment.decided_by is None or comment.decided_at is None:
        return str(ALREADY[verb])
    who = _("You") if comment.decided_by == by else comment.decided_by.shown_name
    local = timezone.localtime(comment.decided_at)
    is_today = local.date() == timezone.localdate()
    time = date_format(local, "TIME_FORMAT" if is_today else "DATETIME_FORMAT")
    return ALREADY_BY[verb] % {"who": who, "time": time}


def _tell(request: HttpRequest, wanted: Wanted, done: list[Comment], problems: list[tuple[int, str]]) -> None:
    if done:
        sentence = SEVERAL_DONE[wanted.verb] % {"count": len(done)} if wanted.is_bulk else DONE[wanted.verb]
        messages.success(request, sentence)
    for comment in Comment.objects.decided().reported().filter(pk__in=[comment.pk for comment in done]):
        messages.warning(request, _reported_meanwhile(comment))
    # A page of cries for help would otherwise say the same 25 times.
    numbers: dict[str, list[int]] = {}
    for number, problem in problems:
        numbers.setdefault(problem, []).append(number)
    for problem, of in numbers.items():
        words = ngettext("Reply %(number)s: %(problem)s", "Replies %(number)s: %(problem)s", len(of))
        named = words % {"number": ", ".join(map(str, of)), "problem": problem}
        messages.warning(request, named if wanted.is_bulk else problem)


def _with_link(sentence: str, number: int) -> SafeString:
    address = reverse("admin:comments_comment_change", args=[number])
    return format_html('{} <a href="{}">{}</a>', sentence, address, _("Reply %(number)s") % {"number": number})


def _reported_meanwhile(comment: Comment) -> SafeString:
    address = reverse("admin:comments_comment_change", args=[comment.pk])
    sentence = _("Reply %(number)s was reported after you opened this page. Please read what was reported.")
    return format_html('<a href="{}">{}</a>', address, sentence % {"number": comment.pk})
