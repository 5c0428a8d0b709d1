"""Replies on a page. A template takes a third of a millisecond for one, and a page shows hundreds: those that differ
in nothing but their words are set from a mold of that template.
"""

from types import SimpleNamespace
from typing import NamedTuple

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comments.models import Comment
from comments.tree import ShownReply, Thread
from ketablog.markup.molds import NUMBERS, Mold, joined, kept, place
from ketablog.moments import in_words
from ketablog.paths import path_of

register = template.Library()

REPLY, MORE = "comments/_reply.html", "comments/_more_answers.html"


class Around(NamedTuple):
    """What all replies of a page have in common."""

    language: str | None
    can_reply: bool
    reply_url: str


class Kind(NamedTuple):
    """All that makes one reply's HTML another than the next one's, but for its words."""

    language: str | None
    depth: int
    has_website: bool
    is_by_staff: bool
    has_credentials: bool
    edited: str
    answers: str
    can_reply: bool


@register.simple_tag(takes_context=True)
def replies_of(context: Context, threads: list[Thread], *, can_reply: object) -> SafeString:
    """The replies of these threads, each by `comments/_reply.html`. Uses `post` and `own`."""
    around = Around(get_language(), bool(can_reply), path_of("comment_create", context["post"].slug))
    shown: list[SafeString] = []
    for thread in threads:
        with context.push(thread=thread, can_reply=around.can_reply, reply_url=around.reply_url):
            shown.extend([_set(context, around, thread, reply) for reply in thread.replies])
            if thread.more:
                shown.append(_render(MORE, context))
    return joined(shown)


def _set(context: Context, around: Around, thread: Thread, reply: ShownReply) -> SafeString:
    """From a mold, where there is nothing about the reply that most do not have."""
    comment, is_top = reply.comment, reply.comment.pk == thread.top.pk
    is_one_of_few = reply.is_mine or reply.is_placeholder or comment.is_the_answer or comment.pk == context.get("own")
    if is_one_of_few or (is_top and thread.answer):
        with context.push(reply=reply, comment=comment, is_top=is_top, written=_written(comment)):
            return _render(REPLY, context)
    return _mold(_kind(around, reply)).fill(_words(around, reply))


def _render(name: str, context: Context) -> SafeString:
    return context.template.engine.get_template(name).render(context)  # type: ignore[union-attr]  # (it renders now)


def _kind(around: Around, reply: ShownReply) -> Kind:
    comment = reply.comment
    return Kind(
        language=around.language,
        depth=reply.depth,
        has_website=bool(comment.website),
        is_by_staff=comment.is_by_staff,
        has_credentials=bool(comment.credentials),
        edited="by staff" if comment.staff_edited_at else "by its writer" if comment.edited_at else "",
        answers="" if reply.answers is None else "here" if reply.answered_is_here else "elsewhere",
        can_reply=around.can_reply,
    )


def _words(around: Around, reply: ShownReply) -> dict[str, object]:
    comment = reply.comment
    return {
        "number": comment.pk,
        "name": comment.name,
        "initials": comment.initials,
        "hue": comment.hue,
        "website": comment.website,
        "credentials": comment.credentials,
        "written": _written(comment),
        "other_number": reply.answers.pk if reply.answers else "",
        "other_name": reply.answers.name if reply.answers else "",
        "content": comment.content,
        "reply_url": around.reply_url,
    }


def _written(comment: Comment) -> str:
    """In words alone: what a machine reads of a reply's time stands in the feeds."""
    return in_words(comment.created_at, "DATETIME_FORMAT")


@kept
def _mold(kind: Kind) -> Mold:
    """The reply of this kind that has a place wherever others have words."""
    comment = SimpleNamespace(
        pk=NUMBERS["number"],
        name=place("name"),
        initials=place("initials"),
        hue=place("hue"),
        website=place("website") if kind.has_website else "",
        user_id=NUMBERS["number"] if kind.is_by_staff else None,
        credentials=place("credentials") if kind.has_credentials else "",
        staff_edited_at=kind.edited == "by staff",
        edited_at=kind.edited == "by its writer",
        content=place("content"),
        get_absolute_url=reverse("comment_detail", args=[NUMBERS["number"]]),
    )
    number = NUMBERS["other_number"]
    answered = SimpleNamespace(
        pk=number, name=place("other_name"), get_absolute_url=reverse("comment_detail", args=[number])
    )
    reply = SimpleNamespace(
        depth=kind.depth, answers=answered if kind.answers else None, answered_is_here=kind.answers == "here"
    )
    context = {
        "reply": reply,
        "comment": comment,
        "written": place("written"),
        "can_reply": kind.can_reply,
        "reply_url": place("reply_url"),
    }
    return Mold(render_to_string(REPLY, context))
