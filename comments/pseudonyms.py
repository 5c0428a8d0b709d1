"""Neutral names for who wants to stay unknown."""

import itertools
import secrets

from django.utils.translation import gettext_lazy as _

from comments.querysets import CommentQuerySet

# Translators: names for somebody who wants to stay unknown, divided by commas; others that sound well may stand in
# their place.
NAMES = _(
    "Quiet Harbor, Morning Light, Silver Birch, Evening Tide, Open Window, Soft Rain, Blue Heron, Paper "
    "Boat, North Star, Green Valley, Slow River, Warm Stone, First Snow, Little Lantern, Wild Thyme, Calm"
    " Water, Distant Hill, White Sail, Autumn Leaf, Garden Gate, Clear Sky, Tall Pine, Gentle Breeze, Red"
    " Robin, Summer Field, Deep Lake, Bright Pebble, Winter Sun, Tall Grass, Sea Glass, Mountain Path, "
    "Early Bird"
)


def draw(others: CommentQuerySet) -> str:
    """A neutral name that none of these `others` bears; with a number where all are taken."""
    names = [name.strip() for name in str(NAMES).split(",") if name.strip()]
    spelled, numbers = names, itertools.count(2)
    while not (free := set(spelled) - others.names_among(spelled)):
        number = next(numbers)
        spelled = [f"{name} {number}" for name in names]
    return secrets.choice(sorted(free))
