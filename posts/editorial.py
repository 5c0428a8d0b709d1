"""Medical review: which text was checked, and whether that is still the text."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils import timezone

from posts.models import Post, Review

DUE_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands: `review` is one of exactly its text, and `None` where it is `changed` or `none`."""

    state: Literal["reviewed", "due", "overdue", "changed", "none"]
    review: Review | None = None


def digest(post: Post) -> str:
    """What a review signs: all that an article says, and its sources.

    Uses `post.cover`, `post.references`, `post.attachments` and `post.corrections`.
    """
    references = [
        [row.position, row.authors, row.title, row.source, row.year, row.doi, row.pmid, row.url, row.kind]
        for row in post.references.all()
    ]
    cover = [post.cover.pk, post.cover.alt, post.cover.caption, post.cover.credit] if post.cover else None
    action = [post.action_text, post.action_label, post.action_url]
    leaflets = sorted([leaflet.pk, leaflet.title] for leaflet in post.attachments.all())
    corrections = [[row.corrected_on.isoformat(), row.text] for row in post.corrections.all()]
    signed: list[object] = [
        post.title,
        post.standfirst,
        post.key_points,
        post.body,
        action,
        cover,
        references,
        leaflets,
    ]
    if corrections:  # Texts that were signed before there could be any keep their reviews.
        signed.append(corrections)
    return hashlib.sha256(json.dumps(signed, ensure_ascii=False).encode()).hexdigest()


def current_review(post: Post) -> Review | None:
    """The newest review of exactly this text; `None` where the text was changed since. Uses `post.reviews`."""
    present = digest(post)
    return next((review for review in post.reviews.all() if review.digest == present), None)


def review_standing(post: Post) -> Standing:
    """Whether this text is reviewed, and for how long. Without a query where `digest` and `post.reviews` need none."""
    review = current_review(post)
    if review is None:
        return Standing("changed" if post.reviews.all() else "none")
    if review.is_overdue:
        return Standing("overdue", review)
    return Standing("due" if review.due_on - timezone.localdate() <= DUE_SOON else "reviewed", review)
