"""The optional proof of work: before a reply that rules take for spam is taken, the browser calculates for a moment.

It never lets anything through and never refuses: it is a price for who sends thousands, and one more thing for
moderators to weigh. Nothing is stored of a challenge until a solution of it is used up.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import altcha
from django.utils import timezone

from comments import refusals
from comments.models import Comment
from comments.refusals import Refused
from comments.rules import Judgment, Reason
from comments.second_look import Answer
from ketablog.counters import use_once
from ketablog.secrets import keyed_hash, sign_text, text_is_signed
from ketablog.site import SiteSettings

ALGORITHM = "PBKDF2/SHA-256"  # What every browser can do by itself.
# One guess takes a slow phone some milliseconds, and the right one is among these: about a second, and never minutes.
COST = 2000
FEWEST, MOST = 150, 450
LASTS = timedelta(minutes=10)
LONGEST_SOLUTION = 2000
# These are about what a reader says of somebody, or about a fault of ours; a calculation says nothing about that.
NOT_ABOUT_SPAM = frozenset({"personal_data", "advice", "rule_failed"})


@dataclass(frozen=True, slots=True)
class ProofQuestion:
    """The challenge, for a script to solve; and the token of a “send it without”, for whom none runs.

    With `is_again` a solution came that does not hold: the next one is not sent without a press.
    """

    challenge: str
    token: str
    is_again: bool
    template: str = "comments/_proof.html"


def ask(comment: Comment, judgment: Judgment, answer: Answer, site_settings: SiteSettings) -> Refused | None:
    """What the browser is asked before a judged reply is taken, as its refusal. Where it was answered, a reason
    without consequences says how.

    To be called in the transaction that saves the reply, so that a solution is used up together with it.
    """
    if not site_settings.proof_of_work or comment.user is not None or comment.help_rank or not is_doubted(judgment):
        return None
    text = f"{comment.post_id}\0{comment.name}\0{comment.source}"
    if is_solved(answer.proof, text):
        reason = Reason("proof", points=0, outcome="note")
    elif text_is_signed("unproved", text, answer.unproved):
        reason = Reason("no_proof", outcome="note")
    else:
        return refusals.proof_first(ProofQuestion(challenge(text), sign_text("unproved", text), bool(answer.proof)))
    comment.reasons = [*comment.reasons, asdict(reason)]
    return None


def is_doubted(judgment: Judgment) -> bool:
    """Whether a rule about spam does more than note something."""
    return any(reason.outcome != "note" and reason.rule not in NOT_ABOUT_SPAM for reason in judgment.reasons)


def challenge(text: str) -> str:
    """A challenge for this text alone, as JSON."""
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST),
        expires_at=timezone.now() + LASTS,
        data={"text": sign_text("proof", text)},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("solution"),
    )
    return json.dumps(made.to_dict())


def is_solved(solution: str, text: str) -> bool:
    """Whether this solves a challenge of ours for the text, in time and for the first time. Uses it up."""
    if not solution or len(solution) > LONGEST_SOLUTION:
        return False
    try:
        payload = altcha.Payload.from_base64(solution)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    result = altcha.verify_solution(payload, _secret("challenge"), hmac_key_secret=_secret("solution"))
    # The result itself is always true.
    if not result.verified:
        return False
    # From here on the parameters are our own.
    parameters = payload.challenge.parameters
    if parameters.data is None or parameters.expires_at is None:
        return False
    until = datetime.fromtimestamp(parameters.expires_at, tz=UTC) + LASTS
    return text_is_signed("proof", text, parameters.data["text"]) and use_once(f"proof:{parameters.nonce}", until)


def _secret(of: str) -> str:
    # Of the present key alone: who solves while the keys change is asked once more.
    return keyed_hash("proof secret", of)
