"""How well the classifier tells spam from replies: nested cross-validation; thresholds see the training part only."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bench.texts import OWN_WEIGHT, Text, folds
from bench.training import Example, train
from comments.classifier.features import Written, features
from comments.classifier.model import Model

FOLDS, INNER, SEED = 5, 3, 7
HAM_MARKED = 0.0005  # Of the ham of the training part: below the bar of 0.005, as unseen texts do worse.
SPAM_PASSED = 0.045  # Of the spam of the training part: below the bar of 0.05, likewise.


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with its score by a model that never saw it, and the thresholds of that model."""

    text: Text
    score: float
    hold: float
    spam: float

    @property
    def is_held(self) -> bool:
        return self.score >= self.hold

    @property
    def is_marked(self) -> bool:
        return self.score >= self.spam


@dataclass(frozen=True, slots=True)
class Figures:
    ham: int
    spam: int
    ham_marked: float
    ham_held: float
    spam_stopped: float
    spam_marked: float
    auc: float | None


def examples(texts: Sequence[Text]) -> list[Example]:
    """The texts as the training takes them."""
    return [Example(features(Written(text.text)), text.is_spam, OWN_WEIGHT if text.is_own else 1) for text in texts]


def fit(texts: Sequence[Text], known: Sequence[Example]) -> Model:
    """A model of these texts with its thresholds, chosen on scores of texts that each inner model did not see."""
    scores: list[tuple[float, bool]] = []
    for fold in folds(texts, INNER, SEED):
        model = train(_without(known, fold))
        scores += [(_score(model, known[index]), texts[index].is_spam) for index in fold]
    hold, spam = thresholds(scores)
    return replace(train(known), hold=hold, spam=spam)


def thresholds(scores: Iterable[tuple[float, bool]]) -> tuple[float, float]:
    """From which score on to hold, and from which on to mark as spam."""
    ordered = sorted(scores)
    ham = [score for score, is_spam in ordered if not is_spam]
    spam = [score for score, is_spam in ordered if is_spam]
    marked = ham[-1 - int(len(ham) * HAM_MARKED)] + 1e-6
    return min(spam[int(len(spam) * SPAM_PASSED)], marked), marked


def cross_validate(texts: Sequence[Text], *, tell: Callable[[str], object] = lambda _line: None) -> list[Judged]:
    """Each text judged by a model of the other folds."""
    known = examples(texts)
    judged = []
    for number, fold in enumerate(folds(texts, FOLDS, SEED), start=1):
        tell(f"fold {number} of {FOLDS}")
        others = [texts[index] for index in range(len(texts)) if index not in set(fold)]
        model = fit(others, _without(known, fold))
        judged += [Judged(texts[i], _score(model, known[i]), model.hold, model.spam) for i in fold]
    return judged


def figures(judged: Sequence[Judged]) -> Figures:
    ham = [each for each in judged if not each.text.is_spam]
    spam = [each for each in judged if each.text.is_spam]
    return Figures(
        len(ham),
        len(spam),
        _share(each.is_marked for each in ham),
        _share(each.is_held for each in ham),
        _share(each.is_held for each in spam),
        _share(each.is_marked for each in spam),
        auc([each.score for each in spam], [each.score for each in ham]),
    )


def auc(spam: Sequence[float], ham: Sequence[float]) -> float | None:
    """How often spam scores higher than ham, of all pairs; `None` where there is none of one kind."""
    if not spam or not ham:
        return None
    higher = sum((one > other) + (one == other) / 2 for one in spam for other in ham)
    return higher / (len(spam) * len(ham))


def _without(known: Sequence[Example], fold: Sequence[int]) -> list[Example]:
    left_out = set(fold)
    return [example for index, example in enumerate(known) if index not in left_out]


def _score(model: Model, example: Example) -> float:
    return model.score(example.features).value


def _share(flags: Iterable[bool]) -> float:
    known = list(flags)
    return sum(known) / len(known) if known else 0.0
