"""Readers' personal data: who looked at it, where it is, and how it is erased."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied

from comments.models import Comment, EmailLook, NoticeAddress, Original
from comments.notices import watching
from ketablog import secrets
from ketablog.batches import in_batches
from ketablog.models import User

VIEW_EMAIL = "comments.view_email"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a copy of a reader's words, name or address can be: a model, or files."""

    name: str
    holds: str
    erased_by: str


# A test holds this list against the models that point to a reply. Whoever adds a copy adds a line. What is not here: a
# copy that a reader downloads is the reader's own.
PLACES = (
    Place(
        "comments.Comment",
        "text, HTML, name, website, encrypted address, code of the writer's key, found fragments, staff's words on why",
        "`EMPTY`, when its writer withdraws it or it is old, or deleting the row; the address alone sooner",
    ),
    Place("comments.Decision", "a moderator's own words on why", "emptied or deleted with its reply"),
    Place(
        "comments.FormerState",
        "a moderator's own words on why, and the text where parts were taken out, for some seconds",
        "deleted with its reply, at the next decision, or within a day",
    ),
    Place(
        "comments.Report",
        "a reader's own words on what is wrong; a hash of one day",
        "deleted with its reply, or a while after staff settled it",
    ),
    Place(
        "comments.Ban",
        "the codes of the writer's key and address; staff's words on why",
        "the codes when it is lifted, the words with the reply; the rest stays, without the reply",
    ),
    Place("comments.RuleHit", "no copy: which rule hit", "stays for 90 days, without the reply"),
    Place(
        "comments.SpamTrace",
        "keyed hashes of a spam reply's text, link hosts and address",
        "deleted when it is taken out of the spam, or after a year; that of the address when its writer takes it back",
    ),
    Place("comments.QuestionOrigin", "no copy: of which reply a question was made", "deleted when the reply goes"),
    Place(
        "posts.Question",
        "a reader's question as staff reworded it, without a name",
        "taken off the page when the reply goes; deleted a while later unless staff confirmed the words as their own",
    ),
    Place(
        "comments.DataRequest",
        "an address, encrypted, of who asked for own replies, and its code",
        "deleted a day after it was asked",
    ),
    Place("comments.Erasure", "no copy: numbers and times of erased replies, neutral names", "nothing to erase"),
    Place("comments.DataAct", "no copy: how many replies, when", "nothing to erase"),
    Place(
        "comments.NoticeAddress",
        "encrypted address, its code and that of its owner's key; of a stopped one the codes alone",
        "`notices.forgetting`, once no reply is watched for it, or nobody confirmed it",
    ),
    Place("comments.Watch", "no copy: that its writer wants notices", "deleted with its reply or its address"),
    Place("comments.Notice", "no copy: that an address is told of a reply", "deleted with its reply or its address"),
    Place(
        "comments.Original",
        "name and text before staff changed them",
        "deleted when its writer withdraws the reply, with the reply, or a while after",
    ),
    Place("comments.Override", "no copy: who let which kind of thing through and when", "stays, without the reply"),
    Place(
        "comments.Lesson",
        "keyed hashes of its words, what the spam filter learned of it",
        "deleted with its reply or when that is emptied; unlearned when its writer withdraws it",
    ),
    Place(
        "comments.LearnedWord",
        "no copy: for keyed hashes of words and pairs, in how many replies they were",
        "less by one when a reply is withdrawn; rare ones after half a year",
    ),
    Place("comments.LearnedLine", "no copy: keyed hashes of lines that staff taught from a file", "nothing to erase"),
    Place("comments.Consent", "no copy: who would publish it, and when", "deleted with its reply"),
    Place("comments.EmailLook", "no copy: who looked and when", "stays, without the reply"),
    Place("ketablog.Tally", "keyed hashes of who sent, under a key of one day, and of texts", "deleted after a day"),
    Place("django_tasks_database.DBTaskResult", "no copy: ids of rows", "nothing to erase"),
    Place("admin.LogEntry", "no copy: the number of a deleted reply", "nothing to erase"),
    Place("the search", "the words of a `posts.Question`", "in the same transaction as the question is taken off"),
    Place(
        "stored pages",
        "what every reader sees of published replies",
        "dropped from memory with the first request after any change of what is public, from `pages/` within seconds",
    ),
    Place(
        "files of `back_up`",
        "all of the above, addresses encrypted",
        "with the file, as long as the clinic keeps it; `restore` erases again what is in the ledger",
    ),
    Place("erasures.jsonl", "no copy: the ledger, see `comments.Erasure`", "nothing to erase"),
)

# What stands in a reply's columns once everything that came from its writer, or was said of it, is erased.
EMPTY: dict[str, Any] = {
    "name": "",
    "email_encrypted": "",
    "email_index": "",
    "website": "",
    "writer": "",
    "user": None,
    "source": "",
    "html": "",
    "reasons": [],
    "help_rank": Comment.HelpRank.NONE,
    "decided_at": None,
    "decided_by": None,
    "decision_reason": "",
    "public_reason": "",
    "edited_at": None,
    "staff_edited_at": None,
    "opened_at": None,
    "opened_by": None,
}


def address_for_writer(comment: Comment) -> str | None:
    """The address in clear, for the writer of the reply alone; `None` where its key is missing."""
    try:
        return comment.email
    except secrets.CannotDecrypt:
        return None


def export(comment: Comment) -> dict[str, object]:
    """All that is stored of a reply and is its writer's own, for the writer to keep."""
    article = comment.post if comment.post.is_published else None
    original = Original.objects.filter(comment=comment).first()
    return {
        "number": comment.pk,
        "article": article.title if article else None,
        "article_address": settings.SITE_URL + article.get_absolute_url() if article else None,
        "in_answer_to": comment.parent_id,
        "state": comment.state,
        "reason": comment.public_reason,
        "written_at": comment.created_at,
        "edited_at": comment.edited_at,
        "withdrawn_at": comment.withdrawn_at,
        "name": comment.name,
        "email": address_for_writer(comment),
        "website": comment.website,
        "notices": watching.state(comment),
        "text": comment.source,
        **({"before_parts_were_taken_out": {"name": original.name, "text": original.source}} if original else {}),
    }


def look_at_email(comment: Comment, *, by: User) -> str:
    """The address in clear; the look is written down. Raises `PermissionDenied` and `secrets.CannotDecrypt`."""
    if not by.has_perm(VIEW_EMAIL):
        raise PermissionDenied
    address = comment.email
    EmailLook.objects.create(comment=comment, by=by)
    return address


def mask(address: str) -> str:
    """What tells two addresses apart at a glance and gives neither away: “r•••@e•••”."""
    if not address:
        return ""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain[:1]}•••"


@dataclass(frozen=True, slots=True)
class Rotation:
    renewed: int = 0
    unreadable: int = 0


def rotate_email_keys() -> Rotation:
    """Encrypt every address again that is not under the first of EMAIL_KEYS. Repeatable; what no key opens stays."""
    done = [_rotate(model) for model in (Comment, NoticeAddress)]
    return Rotation(sum(each.renewed for each in done), sum(each.unreadable for each in done))


def _rotate(model: type[Any]) -> Rotation:
    renewed = unreadable = 0
    first_key = next(iter(settings.EMAIL_KEYS))
    rows = model.objects.exclude(email_encrypted="").exclude(email_encrypted__startswith=f"{first_key}:")
    for batch in in_batches(rows.only("email_encrypted", "email_index")):
        for row in batch:
            stored = row.email_encrypted
            try:
                row.email = row.email
            except secrets.CannotDecrypt:
                unreadable += 1
                continue
            # Only where it is still what was read: an address that was erased meanwhile must not come back.
            renewed += model.objects.filter(pk=row.pk, email_encrypted=stored).update(
                email_encrypted=row.email_encrypted, email_index=row.email_index
            )
    return Rotation(renewed, unreadable)
