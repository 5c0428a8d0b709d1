"""Making the model that is shipped: logistic regression over what the features count, the same for the same texts."""

import math
import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from comments.classifier.model import Entry, Model, scale
from comments.classifier.themes import is_medical

ROUNDS = 8
STEP = 0.5
SHRINKING = 5e-3  # Keeps the weights of what few texts have small (L2).
RAREST = 2  # In how many texts a feature is found to be kept.
SEED = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text as `features` gives it. `weight` is how many texts it stands for."""

    features: Mapping[str, bool]
    is_spam: bool
    weight: float = 1.0


def train(examples: Sequence[Example]) -> Model:
    """A model without thresholds. Each step goes as far as a feature's own steps before allow (AdaGrad)."""
    found = Counter(feature for example in examples for feature in example.features)
    # What never stands but where a name may stand is taken for one, and no name is kept.
    words = {feature for example in examples for feature, is_name in example.features.items() if not is_name}
    weights = dict.fromkeys(sorted(feature for feature in words if found[feature] >= RAREST), 0.0)
    kept = [[feature for feature in example.features if feature in weights] for example in examples]
    steps = dict.fromkeys(weights, 1e-3)
    medical = set(filter(is_medical, weights))
    bias = 0.0
    order = list(range(len(examples)))
    dice = random.Random(SEED)  # noqa: S311 (no secret)
    for _round in range(ROUNDS):
        dice.shuffle(order)
        for index in order:
            features = kept[index]
            share = scale(len(features))
            score = bias + share * sum(weights[feature] for feature in features)
            error = (_probability(score) - examples[index].is_spam) * math.sqrt(examples[index].weight)
            bias -= 0.02 * error
            for feature in features:
                slope = error * share + SHRINKING * weights[feature]
                steps[feature] += slope * slope
                weights[feature] -= STEP * slope / math.sqrt(steps[feature])
                if feature in medical:
                    weights[feature] = min(weights[feature], 0.0)
    return Model(_entries(examples, kept, weights), bias, *_totals(examples))


def _entries(
    examples: Sequence[Example], kept: Sequence[Collection[str]], weights: dict[str, float]
) -> dict[str, Entry]:
    spam: Counter[str] = Counter()
    ham: Counter[str] = Counter()
    for example, features in zip(examples, kept, strict=True):
        (spam if example.is_spam else ham).update(features)
    return {feature: Entry(round(weight, 3), spam[feature], ham[feature]) for feature, weight in weights.items()}


def _totals(examples: Sequence[Example]) -> tuple[int, int]:
    spam = sum(example.is_spam for example in examples)
    return spam, len(examples) - spam


def _probability(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
