"""Every way a reply can be refused: how it comes about, and what the reader is told. Without scripts and with them."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from unittest.mock import patch

from django.db import DatabaseError

from comments import guard, intake, proof, refusals
from comments.models import Comment
from comments.rules import Judgment, Reason
from posts.models import Post
from posts.querysets import PostQuerySet
from tests.base import make_comment, make_site

TEXT = "Line one & <two>\nI had the same question."


@dataclass(frozen=True)
class Refusal:
    """`happens` makes it so between the reading of a page and the sending; it lasts as long as its context.

    `gives_back` is what holds the text where no script keeps it. `ends` says whether the same press helps afterwards.
    """

    name: str
    status: int
    sentence: str
    happens: Callable[[Post], AbstractContextManager] = lambda post: nullcontext()
    fields: dict[str, str] = field(default_factory=dict)
    is_answer: bool = False
    gives_back: str = "form"
    ends: bool = True

    def __str__(self) -> str:
        return self.name


def _elsewhere(request):
    raise refusals.from_elsewhere()


def _sent_before(post):
    make_comment(post, TEXT, status="pending")
    return nullcontext()


def _closed(post):
    Post.objects.update(replies_open=False)
    return nullcontext()


def _taken_back(post):
    Post.objects.update(published_at=None)
    return nullcontext()


def _parent_removed(post):
    Comment.objects.update(status="removed")
    return nullcontext()


def _personal(post):
    return patch.object(intake, "judge", return_value=Judgment([Reason("personal_data", points=0, outcome="hold")]))


@contextmanager
def _doubted(post) -> Iterator[None]:
    """A browser that is asked for a calculation, and never finds the end of it."""
    make_site(proof_of_work=True)
    endless = {"nonce": "00", "salt": "00", "cost": 1, "keyLength": 1, "keyPrefix": "none"}
    doubt = Judgment([Reason("links", outcome="hold")])
    with (
        patch.object(intake, "judge", return_value=doubt),
        patch.object(proof, "challenge", return_value=json.dumps({"parameters": endless})),
    ):
        yield


REFUSALS = [
    Refusal("fields", 422, "This does not look like an email address.", fields={"email": "rita at home"}, ends=False),
    Refusal(
        "too old",
        422,
        "This page was open for a long time.",
        lambda post: patch.object(guard, "form_token_is_valid", return_value=False),
    ),
    Refusal("elsewhere", 403, "came from another site", lambda post: patch.object(guard, "check_origin", _elsewhere)),
    Refusal("parent gone", 422, "no longer there", _parent_removed, is_answer=True),
    Refusal("duplicate", 409, "already here", _sent_before, ends=False),
    Refusal("asked first", 422, "Please look at it once more", _personal),
    Refusal("proof first", 422, "asked to do a small calculation first", _doubted),
    Refusal(
        "too fast",
        429,
        "Many replies came from your network",
        lambda post: patch.object(intake, "FLOOD_LIMITS", ((0, timedelta(minutes=1)),)),
    ),
    Refusal("closed", 403, "Replies to this article are closed.", _closed, gives_back="copy", ends=False),
    Refusal("not public", 404, "There is no article at this address", _taken_back, gives_back="copy", ends=False),
    Refusal(
        "deleted meanwhile",
        404,
        "There is no article at this address",
        lambda post: patch.object(PostQuerySet, "lock", return_value=False),
        gives_back="copy",
    ),
    Refusal(
        "not saved",
        503,
        "could not be saved just now",
        lambda post: patch.object(Comment, "save", side_effect=DatabaseError("disk full")),
    ),
    Refusal(
        "too large",
        413,
        "far more than a reply can hold",
        lambda post: patch.object(guard, "LARGEST_BODY", 10),
        gives_back="sentence",
    ),
    Refusal(
        "unreadable",
        400,
        "could not be read",
        lambda post: patch.object(guard, "FORM_TYPES", set()),
        gives_back="sentence",
    ),
]
