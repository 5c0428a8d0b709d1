"""Replies on a page. A template takes a third of a millisecond for one, and a page shows hundreds: those that differ
in nothing but their words are set from a mold of that template.
"""

from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language

from comments.tree import ShownReply, Thread
from ketablog.markup.molds import NUMBERS, Mold, place

register = template.Library()

REPLY = "comments/_reply.html"


class Written(NamedTuple):
    """A moment as a page gives it: for machines, and for people."""

    exactly: str
    shown: str


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
def replies_of(context: Context, thread: Thread, *, can_reply: object) -> SafeString:
    """The replies of a thread, each by `comments/_reply.html`. Uses `post` and `own`."""
    post, own = context["post"], context.get("own")
    reply_url = reverse("comment_create", args=[post.slug]) if can_reply else ""
    shown = []
    for reply in thread.replies:
        is_top = reply.comment.pk == thread.top.pk
        if _is_plain(reply, own) and not (is_top and thread.answer):
            shown.append(_mold(_kind(reply, bool(can_reply))).fill(_words(reply, reply_url)))
        else:
            here = {"thread": thread, "is_top": is_top, "can_reply": can_reply, "reply_url": reply_url}
            shown.append(_by_itself(context, reply, here))
    return format_html_join("", "{}", ((html,) for html in shown))


def _by_itself(context: Context, reply: ShownReply, here: dict[str, object]) -> SafeString:
    written = _written(reply.comment.created_at)
    with context.push(reply=reply, comment=reply.comment, written=written, **here):
        return get_template(REPLY).template.render(context)


def _is_plain(reply: ShownReply, own: int | None) -> bool:
    """Whether there is nothing about it that most replies do not have."""
    comment = reply.comment
    return not (reply.is_mine or reply.is_placeholder or comment.pk == own or comment.is_the_answer)


def _kind(reply: ShownReply, can_reply: bool) -> Kind:
    comment = reply.comment
    return Kind(
        language=get_language(),
        depth=reply.depth,
        has_website=bool(comment.website),
        is_by_staff=comment.is_by_staff,
        has_credentials=bool(_credentials(reply)),
        edited="by staff" if comment.staff_edited_at else "by its writer" if comment.edited_at else "",
        answers="" if reply.answers is None else "here" if reply.answered_is_here else "elsewhere",
        can_reply=can_reply,
    )


def _words(reply: ShownReply, reply_url: str) -> dict[str, object]:
    comment, written = reply.comment, _written(reply.comment.created_at)
    return {
        "number": comment.pk,
        "name": comment.name,
        "initials": comment.initials,
        "hue": comment.hue,
        "website": comment.website,
        "credentials": _credentials(reply),
        "exactly": written.exactly,
        "shown": written.shown,
        "other_number": reply.answers.pk if reply.answers else "",
        "other_name": reply.answers.name if reply.answers else "",
        "content": comment.content,
        "reply_url": reply_url,
    }


def _mold(kind: Kind) -> Mold:
    return _make_mold(kind) if settings.DEBUG else _kept_mold(kind)


def _make_mold(kind: Kind) -> Mold:
    """The reply of this kind that has a place wherever others have words."""
    person = SimpleNamespace(credentials=place("credentials") if kind.has_credentials else "")
    comment = SimpleNamespace(
        pk=NUMBERS["number"],
        name=place("name"),
        initials=place("initials"),
        hue=place("hue"),
        website=place("website") if kind.has_website else "",
        user_id=NUMBERS["number"] if kind.is_by_staff else None,
        user=SimpleNamespace(person=person),
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
        "written": Written(place("exactly"), place("shown")),
        "can_reply": kind.can_reply,
        "reply_url": place("reply_url"),
    }
    return Mold(render_to_string(REPLY, context))


_kept_mold = lru_cache(200)(_make_mold)


def _written(moment: datetime) -> Written:
    here = localtime(moment)
    return Written(f"{here:%Y-%m-%dT%H:%M:%S%z}", date_format(here, "DATETIME_FORMAT"))


def _credentials(reply: ShownReply) -> str:
    user = reply.comment.user
    person = getattr(user, "person", None) if user else None
    return person.credentials if person else ""
