"""Medical review: which text was checked, and whether that is still the text."""

import hashlib
import json

from posts.models import Post, Review


def digest(post: Post) -> str:
    """What a review signs: everything medical an article says, and its sources. Uses `post.references`."""
    references = [
        [row.position, row.authors, row.title, row.source, row.year, row.doi, row.pmid, row.url, row.kind]
        for row in post.references.all()
    ]
    signed = [post.title, post.standfirst, post.key_points, post.body, post.action_text, post.cover_id, references]
    return hashlib.sha256(json.dumps(signed, ensure_ascii=False).encode()).hexdigest()


def current_review(post: Post) -> Review | None:
    """The newest review of exactly this text; `None` where the text was changed since. Uses `post.reviews`."""
    present = digest(post)
    return next((review for review in post.reviews.all() if review.digest == present), None)
